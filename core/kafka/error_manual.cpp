#include "core/kafka/error_class.h"
#include "core/kafka/error_table.h"

#include <algorithm>
#include <array>
#include <vector>

namespace dashstream::kafka {
namespace {

struct Section {
    ErrorClass errorClass;
    std::string_view title;
    std::string_view whatHappens; ///< what the engine does
};

constexpr std::array kSections{
    Section{ErrorClass::Retriable, "Retriable",
            "librdkafka tries again inside the send timeout; after it the message goes to the retry queue and is sent "
            "again "
            "with backoff."},
    Section{ErrorClass::OutcomeUnknown, "Outcome unknown",
            "The message is sent again and counted as a possible duplicate."},
    Section{ErrorClass::PermanentMessage, "Permanent, of the message",
            "When it failed as one of a batch, that is sent again by halves; refused alone, it becomes a dead letter."},
    Section{
        ErrorClass::PermanentTopic, "Permanent, of the topic",
        "Until-delivered mode: the partition is held and tried again with backoff, a banner says why. Bounded mode: a "
        "dead letter after the attempts."},
    Section{ErrorClass::Fatal, "Fatal",
            "The client is made anew; what was inside counts as unknown and is sent again."},
    Section{ErrorClass::Usage, "Usage", "Nothing is done; the error says what to correct."},
};

/// Entries with the same reason stay together, in the order of the table.
void appendSection(const Section& section, std::string& out) {
    out += (out.empty() ? "### " : "\n### ") + std::string(section.title) + "\n\n" + std::string(section.whatHappens) +
           "\n\n| code | number | meaning | why it is here | what to do |\n|---|---|---|---|---|\n";
    for (const ErrorEntry& entry : errorTable()) {
        if (entry.errorClass == section.errorClass) {
            out += "| `" + codeName(entry.code) + "` | " + std::to_string(entry.code) + " | " +
                   std::string(entry.meaning) + " | " + std::string(entry.why) + " | " + std::string(entry.remedy) +
                   " |\n";
        }
    }
}

} // namespace

std::string errorsAsMarkdown() {
    std::string out;
    for (const Section& section : kSections) {
        appendSection(section, out);
    }
    return out;
}

} // namespace dashstream::kafka
