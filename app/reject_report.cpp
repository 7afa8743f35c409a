#include "app/reject_report.h"

#include <utility>

namespace dashstream::app {

RejectReport::RejectReport(std::string sourceSpec, std::unique_ptr<RejectsFile> file)
    : m_spec(sourceSpec == "-" ? "stdin" : std::move(sourceSpec)),
      m_unit(m_spec.starts_with("frames:") ? "frame" : (m_spec.starts_with("generate:") ? "message" : "line")),
      m_file(std::move(file)) {}

void RejectReport::take(const source::SourceReject& reject) {
    if (m_file != nullptr) {
        m_file->write(reject);
    }
    const std::lock_guard lock(m_mutex);
    if (m_count++ < kSaid) {
        m_lines.push_back(m_spec + ", " + m_unit + " " + std::to_string(reject.position) + ": " + reject.reason);
    }
}

void RejectReport::say(Output& out) {
    std::vector<std::string> lines;
    {
        const std::lock_guard lock(m_mutex);
        lines = std::exchange(m_lines, {});
    }
    for (const std::string& line : lines) {
        out.complain(line);
    }
}

void RejectReport::finish(Output& out) {
    say(out);
    if (m_count > kSaid) {
        out.complain(std::to_string(m_count - kSaid) + " more were rejected" +
                     (m_file != nullptr ? "; all are in the rejects file" : "; --rejects FILE keeps them all"));
    }
    if (m_file != nullptr) {
        if (auto closed = m_file->close(); !closed) {
            out.error(closed.error());
        }
    }
}

} // namespace dashstream::app
