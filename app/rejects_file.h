// The file of --rejects: one JSON object a line for each message that was not accepted. Made and closed by `produce`;
// write() is called on the engine thread, close() after the engine.
#pragma once

#include "core/base/result.h"
#include "core/source/source.h"

#include <atomic>
#include <cstdio>
#include <memory>
#include <string>

namespace dashstream::app {

class RejectsFile {
public:
    /// Makes the file (0600) or empties it. Error "rejects.cannot_open" (Usage).
    [[nodiscard]] static Result<std::unique_ptr<RejectsFile>> open(const std::string& path);

    /// {"position":…,"reason":…,"line":…}; a line that is no UTF-8 stands as "line_base64". Buffered: it does not wait
    /// for the disk.
    void write(const source::SourceReject& reject);
    /// Error "rejects.write" (Local): not every reject is in the file.
    [[nodiscard]] Result<void> close();

private:
    struct Closer {
        void operator()(std::FILE* file) const { static_cast<void>(std::fclose(file)); }
    };
    RejectsFile(std::string path, std::FILE* file) : m_path(std::move(path)), m_file(file) {}

    std::string m_path;
    std::unique_ptr<std::FILE, Closer> m_file;
    std::atomic<bool> m_failed{false};
};

} // namespace dashstream::app
