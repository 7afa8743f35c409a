// A new file for its owner only, or stdout, into which a command saves something. Its file is closed by the destructor;
// finish() says whether all of it is on the disk. One thread.
#pragma once

#include "app/output.h"
#include "core/base/result.h"
#include "core/store/file_handle.h"

#include <string>
#include <string_view>

namespace dashstream::app {

class NewFile {
public:
    /// `codes`: what its errors begin with; `remedy`: what to do when writing fails.
    NewFile(Output& out, std::string codes, std::string remedy)
        : m_out(out), m_codes(std::move(codes)), m_remedy(std::move(remedy)) {}

    /// "-": stdout. Error "CODES.cannot_open" (Usage): it is there already, or cannot be made.
    [[nodiscard]] Result<void> open(const std::string& path);
    /// Error "CODES.write" (Local).
    [[nodiscard]] Result<void> write(std::string_view bytes);
    [[nodiscard]] Result<void> finish();

private:
    [[nodiscard]] Failure failed() const;

    Output& m_out;
    std::string m_codes;
    std::string m_remedy;
    std::string m_path;
    store::FileHandle m_file; ///< not valid: stdout
};

} // namespace dashstream::app
