#include "core/exchange/letter_file.h"

#include "core/exchange/letter_line.h"
#include "core/source/input_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>

namespace dashstream::exchange {

namespace {

constexpr std::size_t kPiece = 256U * 1024;
constexpr milliseconds kLookEvery{200};

std::string lastError() {
    return std::generic_category().message(errno);
}

Failure noRoom() {
    return fail(ErrorClass::Local, "exchange.spool",
                "What comes in cannot be kept while it is checked, in " +
                    std::filesystem::temp_directory_path().string() + ": " + lastError(),
                "Choose a temporary folder with room (TMPDIR), or save it to a file and import that.");
}

/// Has no name, so that nothing is left of it, whatever ends this program.
Result<store::FileHandle> makeSpool() {
    std::error_code ignored;
    std::string name = (std::filesystem::temp_directory_path(ignored) / "dashstream-import-XXXXXX").string();
    store::FileHandle file(::mkostemp(name.data(), O_CLOEXEC)); // 0600
    if (!file.valid() || ::unlink(name.c_str()) != 0) {
        return noRoom();
    }
    return file;
}

Result<void> writeAll(int file, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t done = ::write(file, bytes.data(), bytes.size());
        if (done < 0 && errno != EINTR) {
            return noRoom();
        }
        bytes.remove_prefix(done > 0 ? static_cast<std::size_t>(done) : 0);
    }
    return {};
}

Result<store::FileHandle> spool(source::InputFile input, const CancelToken& cancel) {
    auto file = makeSpool();
    std::vector<char> piece(kPiece);
    while (file) {
        if (cancel.cancelled()) {
            return fail(ErrorClass::Cancelled, "exchange.cancelled", "Reading " + input.name() + " was cancelled");
        }
        const auto read = input.read(piece, kLookEvery, cancel);
        if (!read) {
            return fail(read.error());
        }
        if (auto written = writeAll(file->get(), {piece.data(), read->bytes}); !written) {
            return fail(written.error());
        }
        if (read->ended) {
            break;
        }
    }
    return file;
}

bool isBlank(std::string_view text) {
    return text.find_first_not_of(" \t\r") == std::string_view::npos;
}

} // namespace

LetterFile::LetterFile(store::FileHandle file, std::string name)
    : m_file(std::move(file)), m_name(std::move(name)), m_piece(kPiece), m_lines(kMaxLineBytes, 0) {
    struct stat found {};
    if (::fstat(m_file.get(), &found) == 0) {
        m_bytes = static_cast<std::uint64_t>(found.st_size);
        m_changedNs = found.st_mtim.tv_sec * 1'000'000'000 + found.st_mtim.tv_nsec;
    }
}

Result<LetterFile> LetterFile::open(const std::string& path, const CancelToken& cancel) {
    auto input =
        path == "-" ? Result<source::InputFile>(source::InputFile::standardInput()) : source::InputFile::open(path);
    if (!input) {
        return fail(input.error());
    }
    const std::string name = input->name();
    if (path != "-" && input->regular()) {
        store::FileHandle file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
        if (!file.valid()) {
            return fail(ErrorClass::Local, "exchange.cannot_read", path + " cannot be read: " + lastError(),
                        "Name a file that you may read.");
        }
        return LetterFile(std::move(file), name);
    }
    auto copy = spool(std::move(*input), cancel);
    if (!copy) {
        return fail(copy.error());
    }
    return LetterFile(std::move(*copy), name);
}

void LetterFile::rewind() {
    m_lines = source::LineSplitter(kMaxLineBytes, 0);
    m_read = 0;
    m_fed = false;
}

Result<void> LetterFile::checkUnchanged() const {
    struct stat found {};
    if (::fstat(m_file.get(), &found) == 0 && static_cast<std::uint64_t>(found.st_size) == m_bytes &&
        found.st_mtim.tv_sec * 1'000'000'000 + found.st_mtim.tv_nsec == m_changedNs) {
        return {};
    }
    return fail(ErrorClass::Local, "exchange.changed", m_name + " was written to while it was read",
                "Import it again once nobody writes to it; what is imported already stays out then.");
}

Result<void> LetterFile::feed() {
    const std::size_t wanted = static_cast<std::size_t>(std::min<std::uint64_t>(m_piece.size(), m_bytes - m_read));
    const ssize_t got = wanted == 0 ? 0 : ::pread(m_file.get(), m_piece.data(), wanted, static_cast<off_t>(m_read));
    if (got < 0 && errno != EINTR) {
        return fail(ErrorClass::Local, "exchange.cannot_read", m_name + " cannot be read on: " + lastError(),
                    "Check the disk that it is on.");
    }
    if (got > 0) {
        m_read += static_cast<std::uint64_t>(got);
        m_lines.feed({m_piece.data(), static_cast<std::size_t>(got)});
    } else if (got == 0) {
        m_lines.finish();
        m_fed = true;
    }
    return {};
}

Result<std::optional<LetterFile::Line>> LetterFile::next() {
    for (;;) {
        if (const auto line = m_lines.next()) {
            if (line->tooLongBytes == 0 && isBlank(line->text)) {
                continue;
            }
            return std::optional(Line{line->number, line->text, line->tooLongBytes});
        }
        if (m_fed) {
            if (auto unchanged = checkUnchanged(); !unchanged) {
                return fail(unchanged.error());
            }
            return std::optional<Line>();
        }
        if (auto fed = feed(); !fed) {
            return fail(fed.error());
        }
    }
}

} // namespace dashstream::exchange
