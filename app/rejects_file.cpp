#include "app/rejects_file.h"

#include "core/base/utf8.h"
#include "core/wire/base64.h"

#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace dashstream::app {

Result<std::unique_ptr<RejectsFile>> RejectsFile::open(const std::string& path) {
    const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    std::FILE* file = descriptor < 0 ? nullptr : ::fdopen(descriptor, "w");
    if (file == nullptr) {
        const std::string reason = std::generic_category().message(errno);
        if (descriptor >= 0) {
            ::close(descriptor);
        }
        return fail(ErrorClass::Usage, "rejects.cannot_open",
                    "The rejects file " + path + " cannot be opened: " + reason,
                    "Choose a file in a folder that you may write to.");
    }
    return std::unique_ptr<RejectsFile>(new RejectsFile(path, file));
}

void RejectsFile::write(const source::SourceReject& reject) {
    nlohmann::json line{{"position", reject.position}, {"reason", reject.reason}};
    if (findInvalidUtf8(reject.raw) == std::string_view::npos) {
        line["line"] = reject.raw;
    } else {
        line["line_base64"] = wire::toBase64(reject.raw);
    }
    const std::string text = line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
    if (std::fwrite(text.data(), 1, text.size(), m_file.get()) != text.size()) {
        m_failed = true;
    }
}

Result<void> RejectsFile::close() {
    std::FILE* file = m_file.release();
    if (file != nullptr && (std::fclose(file) != 0 || m_failed)) {
        return fail(ErrorClass::Local, "rejects.write", "Not every reject is in " + m_path,
                    "Check the disk; the counts are right.");
    }
    return {};
}

} // namespace dashstream::app
