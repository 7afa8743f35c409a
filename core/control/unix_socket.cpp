#include "core/control/unix_socket.h"

#include <fcntl.h>
#include <pwd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace dashstream::control {

namespace {

std::string reasonOf(int number) {
    return std::generic_category().message(number);
}

/// The path is short enough: socketPath() saw to it.
sockaddr_un addressOf(const std::filesystem::path& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string& text = path.native();
    std::memcpy(address.sun_path, text.data(), std::min(text.size(), sizeof(address.sun_path) - 1));
    return address;
}

Failure cannotListen(const std::filesystem::path& path, int number) {
    return fail(ErrorClass::Local, "control.listen",
                "The control socket " + path.string() + " cannot be opened: " + reasonOf(number),
                "Check that the folder may be written to and lies on a local file system.");
}

std::string nameOf(unsigned uid) {
    std::array<char, 4096> buffer{};
    passwd entry{};
    passwd* found = nullptr;
    if (::getpwuid_r(uid, &entry, buffer.data(), buffer.size(), &found) == 0 && found != nullptr) {
        return found->pw_name;
    }
    return "uid " + std::to_string(uid);
}

} // namespace

Result<FileHandle> listenAt(const std::filesystem::path& path) {
    FileHandle socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!socket.valid()) {
        return cannotListen(path, errno);
    }
    if (::unlink(path.c_str()) != 0 && errno != ENOENT) {
        return cannotListen(path, errno);
    }
    const sockaddr_un address = addressOf(path);
    // Nobody can connect before listen(), so the rights are in force from the first moment on.
    if (::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0 ||
        ::chmod(path.c_str(), S_IRUSR | S_IWUSR) != 0 || ::listen(socket.get(), 16) != 0) {
        return cannotListen(path, errno);
    }
    return socket;
}

Result<FileHandle> connectTo(const std::filesystem::path& path) {
    FileHandle socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const sockaddr_un address = addressOf(path);
    if (!socket.valid() || ::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
        return fail(ErrorClass::Local, "control.no_answer",
                    "Nobody answers on the control socket " + path.string() + ": " + reasonOf(errno),
                    "Start a program on this profile, or wait until it has started.");
    }
    return socket;
}

Result<Peer> peerOf(int socket) {
    ucred credentials{};
    socklen_t length = sizeof(credentials);
    if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &length) != 0) {
        return fail(ErrorClass::Local, "control.peer", "It cannot be told who connected: " + reasonOf(errno));
    }
    return Peer{credentials.pid, credentials.uid, nameOf(credentials.uid)};
}

bool mayControl(const Peer& peer) {
    return peer.uid == ::geteuid() || peer.uid == 0;
}

std::string currentUser() {
    return nameOf(::geteuid());
}

} // namespace dashstream::control
