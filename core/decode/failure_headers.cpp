#include "core/decode/failure_headers.h"

#include "core/base/utf8.h"
#include "core/decode/failure_table.h"
#include "core/decode/texts.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace dashstream::decode {

namespace {

// Names and classes are short; a message or a trace that is longer tells no more to a person.
constexpr std::size_t kShortText = 512;
constexpr std::size_t kMessageText = 16U * 1024;
constexpr std::size_t kStacktraceText = 256U * 1024;
constexpr std::size_t kMaxTopic = 249;
constexpr std::size_t kMaxFaults = 20; // of a record with thousands of broken headers
constexpr std::int64_t kYear10000Ms = 253'402'300'800'000;

struct Entry {
    FailureOrigin origin;
    FailurePart part;
    std::string text;                   ///< of parts that are texts
    std::optional<std::int64_t> number; ///< of the others
};

bool isNumber(FailurePart part) {
    return part == FailurePart::Partition || part == FailurePart::Offset || part == FailurePart::Timestamp ||
           part == FailurePart::Attempts;
}

std::optional<std::int64_t> fromText(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool whole = problem == std::errc{} && end == text.data() + text.size();
    return whole ? std::optional(number) : std::nullopt;
}

std::int64_t fromBigEndian(std::string_view bytes) {
    std::uint64_t number = !bytes.empty() && (static_cast<std::uint8_t>(bytes[0]) & 0x80U) != 0 ? ~std::uint64_t{0} : 0;
    for (const char byte : bytes) {
        number = number << 8U | static_cast<std::uint8_t>(byte);
    }
    return static_cast<std::int64_t>(number);
}

// Spring writes numbers in binary, the others as text; people who imitate them do either. No confusion is possible:
// four or eight digits, read as binary, would be partitions and offsets far beyond any that exists. A count in one byte
// is Spring's.
std::optional<std::int64_t> numberOf(std::string_view value, FailureOrigin origin) {
    const bool oneByte = value.size() == 1 && origin == FailureOrigin::SpringKafka;
    if (const auto number = oneByte ? std::nullopt : fromText(value)) {
        return number;
    }
    const bool binary = oneByte || value.size() == sizeof(std::int32_t) || value.size() == sizeof(std::int64_t);
    return binary ? std::optional(fromBigEndian(value)) : std::nullopt;
}

std::int64_t largestOf(FailurePart part) {
    return part == FailurePart::Partition || part == FailurePart::Attempts ? INT32_MAX
           : part == FailurePart::Timestamp                                ? kYear10000Ms
                                                                           : INT64_MAX;
}

std::size_t roomOf(FailurePart part) {
    switch (part) {
    case FailurePart::Stacktrace:
    case FailurePart::KeyStacktrace:
        return kStacktraceText;
    case FailurePart::Message:
    case FailurePart::KeyMessage:
    case FailurePart::CauseMessage:
        return kMessageText;
    default:
        return kShortText;
    }
}

class Reader {
public:
    void take(const RecordHeader& header, const FailureHeader& known) {
        if (std::find(m_info.headerNames.begin(), m_info.headerNames.end(), known.name) == m_info.headerNames.end()) {
            m_info.headerNames.emplace_back(known.name);
        }
        if (known.part == FailurePart::Other) {
            return;
        }
        // What is not there (an exception without a message is written as null) or not readable keeps its place, or
        // parts of another failure would be taken for it.
        Entry& entry = m_entries.emplace_back(Entry{known.origin, known.part, {}, {}});
        if (header.value && isNumber(known.part)) {
            entry.number = number(known, *header.value);
        } else if (header.value) {
            entry.text = text(known, *header.value);
        }
    }

    FailureInfo finish() {
        if (m_entries.empty()) {
            return nothingRead();
        }
        m_info.origin = m_entries.back().origin;
        const auto first = std::find_if(m_entries.begin(), m_entries.end(),
                                        [](const Entry& entry) { return entry.part == FailurePart::Topic; });
        m_info.original = place(m_entries.begin(), m_entries.end(),
                                first == m_entries.end() ? m_entries.front().origin : first->origin);
        m_info.latest = place(m_entries.rbegin(), m_entries.rend(), m_info.origin);
        words();
        if (m_moreFaults > 0) {
            m_info.faults.push_back("and " + countText(m_moreFaults, "more header", "more headers") +
                                    " that cannot be read");
        }
        return std::move(m_info);
    }

private:
    FailureInfo nothingRead() {
        if (!m_info.headerNames.empty()) {
            m_info.origin = findFailureHeader(m_info.headerNames.back())->origin;
        }
        return std::move(m_info);
    }

    void fault(std::string_view name, const std::string& what) {
        if (m_info.faults.size() < kMaxFaults) {
            m_info.faults.push_back(std::string(name).append(" ").append(what));
        } else {
            ++m_moreFaults;
        }
    }

    std::optional<std::int64_t> number(const FailureHeader& known, std::string_view value) {
        const auto number = numberOf(value, known.origin);
        if (!number) {
            fault(known.name, "holds no number, but " + bytesText(value.size()) + ": " + shownLine(value, 40));
        } else if (*number < -1 || *number > largestOf(known.part)) {
            fault(known.name, "holds " + std::to_string(*number) + ", which cannot be");
        } else if (*number >= 0) {
            return number;
        }
        return std::nullopt; // -1: the framework did not know it either
    }

    std::string text(const FailureHeader& known, std::string_view value) {
        if (known.part == FailurePart::Topic && !isTopicName(value)) {
            fault(known.name, "holds no name that a topic can have: " + shownLine(value, 80));
            return {};
        }
        if (findInvalidUtf8(value) != std::string_view::npos) {
            fault(known.name, "is not all UTF-8; what cannot be read is replaced");
        }
        return shownLines(value, roomOf(known.part));
    }

    // The first of its name from `begin` on, readable or not.
    template <typename Iterator>
    static const Entry* find(Iterator begin, Iterator end, FailureOrigin origin, FailurePart part) {
        const auto found =
            std::find_if(begin, end, [&](const Entry& entry) { return entry.origin == origin && entry.part == part; });
        return found == end ? nullptr : &*found;
    }

    static std::optional<std::string> textOf(const Entry* entry) {
        return entry == nullptr || entry->text.empty() ? std::nullopt : std::optional(entry->text);
    }

    template <typename Iterator>
    static RecordPlace place(Iterator begin, Iterator end, FailureOrigin origin) {
        const auto numberIn = [&](FailurePart part) {
            const Entry* entry = find(begin, end, origin, part);
            return entry == nullptr ? std::nullopt : entry->number;
        };
        const auto textIn = [&](FailurePart part) { return textOf(find(begin, end, origin, part)); };
        RecordPlace found;
        found.topic = textIn(FailurePart::Topic);
        if (const auto partition = numberIn(FailurePart::Partition)) {
            found.partition = static_cast<std::int32_t>(*partition);
        }
        found.offset = numberIn(FailurePart::Offset);
        found.timestampMs = numberIn(FailurePart::Timestamp);
        found.timestampType = textIn(FailurePart::TimestampType);
        return found;
    }

    [[nodiscard]] std::optional<std::string> last(FailurePart part) const {
        return textOf(find(m_entries.rbegin(), m_entries.rend(), m_info.origin, part));
    }

    void words() {
        m_info.consumerGroup = last(FailurePart::Group);
        m_info.connector = last(FailurePart::Connector);
        m_info.task = last(FailurePart::Task);
        m_info.stage = last(FailurePart::Stage);
        m_info.executingClass = last(FailurePart::ExecutingClass);
        m_info.exceptionClass = last(FailurePart::ExceptionClass);
        m_info.causeClass = last(FailurePart::CauseClass);
        m_info.message = last(FailurePart::Message);
        m_info.stacktrace = last(FailurePart::Stacktrace);
        if (!m_info.exceptionClass && last(FailurePart::KeyExceptionClass)) {
            m_info.keyFailed = true;
            m_info.exceptionClass = last(FailurePart::KeyExceptionClass);
            m_info.message = last(FailurePart::KeyMessage);
            m_info.stacktrace = last(FailurePart::KeyStacktrace);
        }
        if (const auto cause = last(FailurePart::CauseMessage)) {
            m_info.message = m_info.message ? *m_info.message + "; caused by: " + *cause : *cause;
        }
        if (const Entry* entry = find(m_entries.rbegin(), m_entries.rend(), m_info.origin, FailurePart::Attempts)) {
            m_info.attempts = entry->number;
        }
        splitException();
    }

    // The first release of Kafka Streams that had these headers wrote "class: message" where later ones write the
    // class.
    void splitException() {
        const std::size_t colon = m_info.exceptionClass ? m_info.exceptionClass->find(": ") : std::string::npos;
        if (colon == std::string::npos) {
            return;
        }
        if (!m_info.message) {
            m_info.message = m_info.exceptionClass->substr(colon + 2);
        }
        m_info.exceptionClass->resize(colon);
    }

    FailureInfo m_info;
    std::vector<Entry> m_entries; ///< in the record's order
    std::size_t m_moreFaults = 0;
};

} // namespace

std::string_view nameOf(FailureOrigin origin) {
    constexpr std::array<std::string_view, 8> names = {
        "not known",   "Spring for Apache Kafka",     "Spring Cloud Stream", "Kafka Connect", "Kafka Streams",
        "share group", "SmallRye Reactive Messaging", "DashStream"};
    const auto index = static_cast<std::size_t>(origin);
    return index < names.size() ? names[index] : names[0];
}

bool isTopicName(std::string_view name) {
    return !name.empty() && name.size() <= kMaxTopic && name != "." && name != ".." &&
           std::all_of(name.begin(), name.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
                      c == '_' || c == '-';
           });
}

FailureInfo readFailureHeaders(const std::vector<RecordHeader>& headers) {
    Reader reader;
    for (const RecordHeader& header : headers) {
        if (const FailureHeader* known = findFailureHeader(header.name)) {
            reader.take(header, *known);
        }
    }
    return reader.finish();
}

} // namespace dashstream::decode
