// A new file for its owner only (0600) that is there whole or not at all: written beside its place under another name,
// synced, then put there. Without commit() nothing is left of it. One thread.
#pragma once

#include "core/base/result.h"
#include "core/store/file_handle.h"

#include <filesystem>
#include <string>
#include <string_view>

namespace dashstream::exchange {

class AtomicFile {
public:
    /// `replace`: a regular file that is there is replaced in the end. Errors: "exchange.exists" (Usage): something is
    /// there already; "exchange.cannot_open" (Usage).
    [[nodiscard]] static Result<AtomicFile> open(const std::filesystem::path& path, bool replace);
    ~AtomicFile();
    AtomicFile(AtomicFile&& other) noexcept;
    AtomicFile& operator=(AtomicFile&&) = delete;

    /// Error "exchange.write" (Local).
    [[nodiscard]] Result<void> write(std::string_view bytes);
    /// Puts it in its place; nothing is written after it. Errors: "exchange.write" (Local); "exchange.exists" (Usage):
    /// somebody was quicker.
    [[nodiscard]] Result<void> commit();

private:
    AtomicFile(std::filesystem::path path, std::filesystem::path temporary, store::FileHandle file, bool replace);
    [[nodiscard]] Failure failed(const char* what) const;

    std::filesystem::path m_path;
    std::filesystem::path m_temporary; ///< empty: there is none any more
    store::FileHandle m_file;
    bool m_replace;
};

} // namespace dashstream::exchange
