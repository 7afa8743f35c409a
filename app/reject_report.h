// What was not accepted, on its way from the engine thread to stderr and to the file of --rejects. Shared by both.
#pragma once

#include "app/output.h"
#include "app/rejects_file.h"
#include "core/source/source.h"

#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace dashstream::app {

class RejectReport {
public:
    /// So many are said one by one; of more only how many.
    static constexpr std::size_t kSaid = 20;

    /// `sourceSpec` as in `produce SOURCE`; `file` may be null.
    RejectReport(std::string sourceSpec, std::unique_ptr<RejectsFile> file);

    /// Engine thread.
    void take(const source::SourceReject& reject);
    /// Says what is new. The command's thread.
    void say(Output& out);
    /// After the engine: says the rest, and closes the file.
    void finish(Output& out);

private:
    const std::string m_spec;
    const std::string m_unit; ///< "line" or "frame"
    const std::unique_ptr<RejectsFile> m_file;
    std::mutex m_mutex;
    std::vector<std::string> m_lines;
    std::size_t m_count = 0;
};

} // namespace dashstream::app
