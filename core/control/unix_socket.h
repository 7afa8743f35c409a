// The system's side of the control socket: listening, connecting, who the peer is. Any thread.
#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/store/file_handle.h"

#include <filesystem>
#include <string>

namespace dashstream::control {

using store::FileHandle;

/// Removes what stands at `path` (only the holder of the store's lock may call this: then nobody serves it) and listens
/// there, with mode 0600. Error "control.listen" (Local).
[[nodiscard]] Result<FileHandle> listenAt(const std::filesystem::path& path);
/// Error "control.no_answer" (Local): nobody listens there.
[[nodiscard]] Result<FileHandle> connectTo(const std::filesystem::path& path);

struct Peer {
    int pid = 0;
    unsigned uid = 0;
    std::string user; ///< its name, or "uid 1000"
};
/// Who connected (SO_PEERCRED). Error "control.peer" (Local).
[[nodiscard]] Result<Peer> peerOf(int socket);
/// The same user as this process, or root.
[[nodiscard]] bool mayControl(const Peer& peer);

/// The name of the user that this process runs as.
[[nodiscard]] std::string currentUser();

} // namespace dashstream::control
