#include "tests/integration/telemetry.h"

#include "core/wire/codec.h"
#include "core/wire/message_access.h"
#include "tests/support/temp_dir.h"

#include <charconv>
#include <fstream>

namespace dashstream::testing {

namespace {

constexpr std::size_t kShownProblems = 10;

/// The ordinal that telemetryLine() put inside; 0: none.
std::uint64_t ordinalOf(const v1::DashStreamMessage& message) {
    const std::string& text = message.has_event()         ? message.event().node_id()
                              : message.has_token_chunk() ? message.token_chunk().request_id()
                                                          : message.tool_execution().call_id();
    std::uint64_t ordinal = 0;
    const std::size_t dash = text.rfind('-');
    if (dash != std::string::npos) {
        std::from_chars(text.data() + dash + 1, text.data() + text.size(), ordinal);
    }
    return ordinal;
}

class TopicCheck {
public:
    explicit TopicCheck(Content content) : m_content(content) {}

    void add(const TopicRecord& record) {
        ++report.records;
        v1::DashStreamMessage message;
        if (auto decoded = m_decoder.decode(asBytes(record.value), message); !decoded) {
            problem(record, decoded.error().text());
            return;
        }
        const v1::Header* header = wire::headerOf(message);
        if (header == nullptr || header->thread_id() != record.key) {
            problem(record, "the key \"" + record.key + "\" is not the thread");
            return;
        }
        const auto [home, isNew] = m_partitionOf.try_emplace(record.key, record.partition);
        if (home->second != record.partition) {
            problem(record, record.key + " is in two partitions");
        }
        std::uint64_t& last = report.lastSequence[record.key];
        if (header->sequence() != last + 1) {
            problem(record,
                    record.key + ": " + std::to_string(header->sequence()) + " comes after " + std::to_string(last));
        }
        last = header->sequence();
        if (m_content == Content::Ordinals && ordinalOf(message) != header->sequence()) {
            problem(record, record.key + ": sequence " + std::to_string(header->sequence()) + " carries line " +
                                std::to_string(ordinalOf(message)));
        }
    }

    TopicReport report;

private:
    void problem(const TopicRecord& record, const std::string& what) {
        if (report.problems.size() < kShownProblems) {
            report.problems.push_back(std::to_string(record.partition) + "@" + std::to_string(record.offset) + ": " +
                                      what);
        }
    }

    Content m_content;
    wire::Decoder m_decoder;
    std::map<std::string, std::int32_t> m_partitionOf;
};

} // namespace

std::string threadName(std::size_t index) {
    std::string digits = std::to_string(index);
    return "thread-" + std::string(digits.size() < 4 ? 4 - digits.size() : 0, '0') + digits;
}

std::string telemetryLine(std::size_t thread, std::uint64_t ordinal) {
    const std::string header = R"({"header":{"thread_id":")" + threadName(thread) + R"("},)";
    const std::string mark = "step-" + std::to_string(ordinal);
    switch ((thread + ordinal) % 3) {
    case 0:
        return R"({"event":)" + header + R"("event_type":"EVENT_TYPE_NODE_START","node_id":")" + mark + "\"}}\n";
    case 1:
        return R"({"token_chunk":)" + header + R"("request_id":")" + mark + R"(","text":")" +
               std::string(200 + ordinal % 500, 'x') + "\"}}\n";
    default:
        return R"({"tool_execution":)" + header + R"("call_id":")" + mark +
               R"(","tool_name":"search","stage":"EXECUTION_STAGE_COMPLETED","duration_us":"1200"}})" + "\n";
    }
}

void writeTelemetry(const std::filesystem::path& file, std::size_t threads, std::uint64_t perThread,
                    std::uint64_t firstOrdinal) {
    std::string text;
    for (std::uint64_t ordinal = firstOrdinal; ordinal < firstOrdinal + perThread; ++ordinal) {
        for (std::size_t thread = 0; thread < threads; ++thread) {
            text += telemetryLine(thread, ordinal);
        }
    }
    writeFile(file, text);
}

std::string TopicReport::describe() const {
    std::string text = std::to_string(records) + " records of " + std::to_string(lastSequence.size()) + " threads";
    for (const std::string& each : problems) {
        text += "\n  " + each;
    }
    return text;
}

TopicReport checkTopic(const std::vector<TopicRecord>& records, Content content) {
    TopicCheck check(content);
    for (const TopicRecord& record : records) {
        check.add(record);
    }
    return std::move(check.report);
}

} // namespace dashstream::testing
