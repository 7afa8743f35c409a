#include "core/filter/fields.h"

#include "core/config/text_tools.h"

#include <algorithm>
#include <array>

namespace dashstream::filter {

namespace {
using namespace std::string_view_literals;

constexpr std::array kClasses{"retriable"sv,       "outcome-unknown"sv, "permanent-message"sv,
                              "permanent-topic"sv, "fatal"sv,           "local"sv};
constexpr std::array kTypes{"event"sv,   "state_diff"sv, "token_chunk"sv, "tool_execution"sv, "checkpoint"sv,
                            "metrics"sv, "error"sv,      "event_batch"sv, "execution_trace"sv};
constexpr std::array kStates{"open"sv, "resending"sv, "resent"sv, "discarded"sv};
constexpr std::array kCopies{"none"sv, "pending"sv, "copied"sv, "refused"sv};

constexpr std::span<const std::string_view> kAny{};

constexpr std::array kFields{
    FieldInfo{Field::Error, "error", "", FieldKind::Text, "code (=) or text (~) of the last error", kAny},
    FieldInfo{Field::Cause, "cause", "", FieldKind::Text, "the error with numbers, ids and addresses taken out", kAny},
    FieldInfo{Field::Message, "message", "content", FieldKind::Text, "the decoded content", kAny},
    FieldInfo{Field::Class, "class", "", FieldKind::Choice, "how errors like the last one are treated", kClasses},
    FieldInfo{Field::Topic, "topic", "", FieldKind::Text, "where it was to go", kAny},
    FieldInfo{Field::Tenant, "tenant", "", FieldKind::Text, "whose it is", kAny},
    FieldInfo{Field::Thread, "thread", "thread_id", FieldKind::Text, "its thread", kAny},
    FieldInfo{Field::Type, "type", "", FieldKind::Choice, "what kind of message", kTypes},
    FieldInfo{Field::State, "state", "", FieldKind::Choice, "what became of the dead letter", kStates},
    FieldInfo{Field::Copy, "copy", "", FieldKind::Choice, "its copy in the topic for dead letters", kCopies},
    FieldInfo{Field::Time, "time", "died", FieldKind::Time, "when it died", kAny},
    FieldInfo{Field::Accepted, "accepted", "", FieldKind::Time, "when it was accepted", kAny},
    FieldInfo{Field::Attempts, "attempts", "tries", FieldKind::Number, "how often it was tried", kAny},
    FieldInfo{Field::Rounds, "rounds", "", FieldKind::Number, "how often it was sent again by hand", kAny},
    FieldInfo{Field::Size, "size", "bytes", FieldKind::Size, "of its framed value", kAny},
    FieldInfo{Field::Sequence, "sequence", "seq", FieldKind::Number, "its number in its thread", kAny},
    FieldInfo{Field::Partition, "partition", "", FieldKind::Number, "of the original, or of the last try", kAny},
    FieldInfo{Field::Offset, "offset", "", FieldKind::Number, "of the original in its topic", kAny},
    FieldInfo{Field::Key, "key", "", FieldKind::Text, "the record's key", kAny},
    FieldInfo{Field::MessageId, "message_id", "", FieldKind::Text, "32 hexadecimal digits, with or without -", kAny},
    FieldInfo{Field::Trace, "trace", "trace_id", FieldKind::Text, "W3C trace id, or the dead letter's own", kAny},
    FieldInfo{Field::Source, "source", "", FieldKind::Text, "where it came from", kAny},
    FieldInfo{Field::Id, "id", "", FieldKind::Number, "the dead letter's number in the store", kAny},
};

/// Furthest that a slip of the keyboard goes in a name of this length.
std::size_t patience(std::string_view name) {
    return name.size() <= 3 ? 1 : name.size() <= 6 ? 2 : 3;
}

/// Keeps the nearer of what it has and what it is shown.
class Nearest {
public:
    explicit Nearest(std::string_view wanted)
        : m_wanted(config::toLower(wanted.substr(0, 40))), m_best(patience(m_wanted) + 1) {}

    void offer(std::string_view name, std::string_view result) {
        const std::size_t distance = name.empty() ? m_best : config::editDistance(m_wanted, name);
        if (distance < m_best) {
            m_best = distance;
            m_result = result;
        }
    }
    [[nodiscard]] std::string_view result() const { return m_result; }

private:
    std::string m_wanted;
    std::size_t m_best;
    std::string_view m_result;
};
} // namespace

std::span<const FieldInfo> fields() {
    return kFields;
}

const FieldInfo* findField(std::string_view name) {
    const std::string lower = config::toLower(name);
    const auto* found = std::ranges::find_if(kFields, [&lower](const FieldInfo& field) {
        return field.name == lower || (!field.alias.empty() && field.alias == lower);
    });
    return found == kFields.end() ? nullptr : &*found;
}

const FieldInfo& infoOf(Field field) {
    return *std::ranges::find(kFields, field, &FieldInfo::field); // the test says that each has its row
}

std::string_view nearestField(std::string_view name) {
    Nearest nearest(name);
    for (const FieldInfo& field : kFields) {
        nearest.offer(field.name, field.name);
        nearest.offer(field.alias, field.name);
    }
    return nearest.result();
}

std::string_view nearestChoice(const FieldInfo& field, std::string_view word) {
    Nearest nearest(word);
    for (const std::string_view choice : field.choices) {
        nearest.offer(choice, choice);
    }
    return nearest.result();
}

} // namespace dashstream::filter
