// A folder of its own for one test, removed with everything in it by the destructor. One thread.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace dashstream::testing {

class TempDir {
public:
    /// Under the system's folder for temporary files. Aborts where none can be made: no test could go on.
    TempDir();
    ~TempDir();
    TempDir(const TempDir&) = delete;
    TempDir& operator=(const TempDir&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const { return m_path; }
    [[nodiscard]] std::filesystem::path operator/(std::string_view name) const { return m_path / name; }

private:
    std::filesystem::path m_path;
};

/// The whole file; empty where it cannot be read.
[[nodiscard]] std::string readFile(const std::filesystem::path& file);
/// Writes the whole file. Aborts on failure.
void writeFile(const std::filesystem::path& file, std::string_view content);

} // namespace dashstream::testing
