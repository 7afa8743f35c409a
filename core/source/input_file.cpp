#include "core/source/input_file.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

namespace dashstream::source {

namespace {

constexpr milliseconds kCancelLatency{50};

Failure fileError(int number, const std::string& name, const std::string& doing) {
    switch (number) {
    case ENOENT:
        return fail(ErrorClass::Local, "source.missing", "There is no file " + name, "Check the path");
    case EISDIR:
        return fail(ErrorClass::Local, "source.folder", name + " is a folder, not a file", "Name a file inside it");
    case EACCES:
    case EPERM:
        return fail(ErrorClass::Local, "source.denied", name + " may not be read by this user",
                    "Check the permissions of the file and of the folders above it");
    default:
        return fail(ErrorClass::Local, "source.read",
                    name + " cannot be " + doing + ": " + std::generic_category().message(number),
                    "Check the file and the disk or server that it is on");
    }
}

} // namespace

InputFile::InputFile(int descriptor, std::string name, bool owned)
    : m_descriptor(descriptor), m_name(std::move(name)), m_owned(owned) {
    struct stat facts {};
    if (fstat(descriptor, &facts) == 0 && S_ISREG(facts.st_mode)) {
        m_regular = true;
        m_totalBytes = static_cast<std::uint64_t>(std::max<off_t>(facts.st_size, 0));
    }
}

InputFile::InputFile(InputFile&& other) noexcept
    : m_descriptor(std::exchange(other.m_descriptor, -1)), m_name(std::move(other.m_name)), m_owned(other.m_owned),
      m_regular(other.m_regular), m_readBytes(other.m_readBytes), m_totalBytes(other.m_totalBytes) {}

InputFile& InputFile::operator=(InputFile&& other) noexcept {
    std::swap(m_descriptor, other.m_descriptor);
    std::swap(m_name, other.m_name);
    std::swap(m_owned, other.m_owned);
    std::swap(m_regular, other.m_regular);
    std::swap(m_readBytes, other.m_readBytes);
    std::swap(m_totalBytes, other.m_totalBytes);
    return *this;
}

InputFile::~InputFile() {
    if (m_owned && m_descriptor >= 0) {
        ::close(m_descriptor);
    }
}

Result<InputFile> InputFile::open(const std::string& path) {
    // Without O_NONBLOCK a named pipe that nobody writes to would hold the caller for ever.
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (descriptor < 0) {
        return fileError(errno, path, "opened");
    }
    InputFile file(descriptor, path, true);
    struct stat facts {};
    if (fstat(descriptor, &facts) != 0) {
        return fileError(errno, path, "opened");
    }
    if (S_ISDIR(facts.st_mode)) {
        return fileError(EISDIR, path, "opened");
    }
    return file;
}

InputFile InputFile::standardInput() {
    return {STDIN_FILENO, "standard input", false};
}

Result<bool> InputFile::waitReadable(milliseconds patience, const CancelToken& cancel) const {
    milliseconds left = patience;
    do {
        pollfd waiting{m_descriptor, POLLIN, 0};
        const milliseconds step = std::min(left, kCancelLatency);
        const int ready = ::poll(&waiting, 1, static_cast<int>(step.count()));
        if (ready > 0) {
            return true;
        }
        if (ready < 0 && errno != EINTR) {
            return fileError(errno, m_name, "read");
        }
        left -= step;
    } while (left.count() > 0 && !cancel.cancelled());
    return false;
}

Result<InputFile::Read> InputFile::read(std::span<char> into, milliseconds patience, const CancelToken& cancel) {
    if (!m_regular) {
        const Result<bool> readable = waitReadable(patience, cancel);
        if (!readable) {
            return fail(readable.error());
        }
        if (!*readable) {
            return Read{};
        }
    }
    const ssize_t bytes = ::read(m_descriptor, into.data(), into.size());
    if (bytes < 0) {
        if (errno == EINTR || errno == EAGAIN) {
            return Read{};
        }
        return fileError(errno, m_name, "read");
    }
    m_readBytes += static_cast<std::uint64_t>(bytes);
    return Read{static_cast<std::size_t>(bytes), bytes == 0};
}

Result<void> InputFile::checkWhole() const {
    struct stat facts {};
    if (!m_regular || fstat(m_descriptor, &facts) != 0) {
        return {};
    }
    const std::string upTo = "Everything up to byte " + std::to_string(m_readBytes) + " was read";
    if (m_owned && facts.st_nlink == 0) {
        return fail(ErrorClass::Local, "source.vanished", m_name + " was deleted or replaced while it was read",
                    upTo + "; if there is a new file of that name, read it as a new source");
    }
    if (static_cast<std::uint64_t>(std::max<off_t>(facts.st_size, 0)) < m_totalBytes) {
        return fail(ErrorClass::Local, "source.shrunk",
                    m_name + " became shorter while it was read: from " + std::to_string(m_totalBytes) + " to " +
                        std::to_string(facts.st_size) + " bytes",
                    upTo + "; read it again once nobody changes it");
    }
    return {};
}

} // namespace dashstream::source
