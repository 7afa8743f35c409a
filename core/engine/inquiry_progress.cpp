#include "core/engine/inquiry_progress.h"

#include <algorithm>

namespace dashstream::engine {
namespace {

std::string counted(std::size_t count, const std::string& what) {
    return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

std::string records(const InquiryProgress& progress) {
    const std::int64_t done = progress.readTo.value - progress.from.value;
    if (progress.end.value < 0) {
        return "read " + counted(static_cast<std::size_t>(done), "record");
    }
    const std::int64_t all = std::max(progress.end.value - progress.from.value, done);
    return "read " + std::to_string(done) + " of " + counted(static_cast<std::size_t>(all), "record");
}

std::string step(const InquiryProgress& progress) {
    switch (progress.phase) {
    case InquiryPhase::Settling:
        return records(progress) + ", " + std::to_string(progress.undecided) +
               " not found yet: waiting for records that are not visible so far";
    case InquiryPhase::Barrier:
        return counted(progress.undecided, "message") + " not found: sending the first of them alone";
    case InquiryPhase::Done:
        return "done";
    case InquiryPhase::Searching:
    case InquiryPhase::Rechecking:
    case InquiryPhase::Confirming:
        break;
    }
    return records(progress);
}

} // namespace

std::string InquiryProgress::text() const {
    std::string result = "checking " + counted(messages, "message") + " against the topic: partition " +
                         std::to_string(partition.value) + ", " + step(*this);
    if (!lastFailure.empty() && phase != InquiryPhase::Done) {
        result += " (trying again after: " + lastFailure + ")";
    }
    return result;
}

} // namespace dashstream::engine
