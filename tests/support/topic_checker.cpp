#include "tests/support/topic_checker.h"

#include "core/base/message_id.h"
#include "core/wire/message_access.h"

namespace dashstream::testing {

namespace {

constexpr std::size_t kShownOffenders = 10;

std::string identity(const std::string& id, const std::string& thread) {
    return id + thread; // the id is 16 bytes, so that no two run into each other
}

} // namespace

bool TopicVerdict::exactlyOnceInOrder() const {
    return records == expected && missing + duplicates + reordered + gaps + misnumbered + strangers == 0;
}

std::string TopicVerdict::describe() const {
    std::string text = std::to_string(records) + " records for " + std::to_string(expected) +
                       " messages: " + std::to_string(missing) + " missing, " + std::to_string(duplicates) +
                       " duplicates, " + std::to_string(reordered) + " reordered, " + std::to_string(gaps) + " gaps, " +
                       std::to_string(misnumbered) + " misnumbered, " + std::to_string(strangers) + " strangers";
    for (const std::string& each : offenders) {
        text += "\n  " + each;
    }
    return text;
}

TopicChecker::TopicChecker(const std::vector<InputMessage>& input) {
    std::unordered_map<std::string, std::uint64_t> places;
    for (const InputMessage& message : input) {
        m_expected[identity(message.id, message.thread)] = {++places[message.thread], message.bodyHash, false};
    }
    m_verdict.expected = input.size();
}

void TopicChecker::add(const TopicRecord& record) {
    ++m_verdict.records;
    wire::v1::DashStreamMessage message;
    if (auto decoded = m_decoder.decode(asBytes(record.value), message); !decoded) {
        offend(record, m_verdict.strangers, decoded.error().text());
        return;
    }
    const wire::v1::Header* header = wire::headerOf(message);
    if (header == nullptr || header->thread_id() != record.key) {
        offend(record, m_verdict.strangers, "the key \"" + record.key + "\" is not the thread");
        return;
    }
    const auto expected = m_expected.find(identity(header->message_id(), header->thread_id()));
    if (expected == m_expected.end()) {
        offend(record, m_verdict.strangers,
               record.key + ": " + MessageId::fromRaw(header->message_id()).text() + " is not in the input");
    } else if (expected->second.bodyHash != bodyHash(message)) {
        offend(record, m_verdict.strangers,
               record.key + ": " + MessageId::fromRaw(header->message_id()).text() + " is not as the input has it");
    } else {
        addMessage(record, *header, expected->second);
    }
}

void TopicChecker::addMessage(const TopicRecord& record, const wire::v1::Header& header, Expected& expected) {
    const std::string name = record.key + ": message " + std::to_string(expected.place) + " of the thread";
    if (header.sequence() != expected.place) {
        offend(record, m_verdict.misnumbered, name + " has number " + std::to_string(header.sequence()));
    }
    if (expected.seen) {
        offend(record, m_verdict.duplicates, name + " stood here before");
        return;
    }
    expected.seen = true;
    Thread& thread = m_threads[record.key];
    if (thread.partition >= 0 && thread.partition != record.partition) {
        offend(record, m_verdict.reordered,
               name + " is in another partition than the last, " + std::to_string(thread.partition));
    }
    thread.partition = record.partition;
    if (header.sequence() <= thread.lastSequence) {
        offend(record, m_verdict.reordered,
               name + ", number " + std::to_string(header.sequence()) + ", comes after number " +
                   std::to_string(thread.lastSequence));
        return;
    }
    if (header.sequence() > thread.lastSequence + 1) {
        offend(record, m_verdict.gaps,
               record.key + ": number " + std::to_string(header.sequence()) + " follows number " +
                   std::to_string(thread.lastSequence));
    }
    thread.lastSequence = header.sequence();
}

TopicVerdict TopicChecker::finish() {
    for (const auto& [key, expected] : m_expected) {
        if (expected.seen) {
            continue;
        }
        ++m_verdict.missing;
        if (m_verdict.offenders.size() < kShownOffenders) {
            m_verdict.offenders.push_back("missing: message " + std::to_string(expected.place) + " of " +
                                          key.substr(16));
        }
    }
    return m_verdict;
}

void TopicChecker::offend(const TopicRecord& record, std::size_t& count, const std::string& what) {
    ++count;
    if (m_verdict.offenders.size() < kShownOffenders) {
        m_verdict.offenders.push_back(std::to_string(record.partition) + "@" + std::to_string(record.offset) + ": " +
                                      what);
    }
}

Result<TopicVerdict> checkTopicAgainst(const std::filesystem::path& input, const std::string& bootstrapServers,
                                       const std::string& topic) {
    TopicChecker checker(readInput(input));
    auto read = forEachRecord(bootstrapServers, topic, [&checker](const TopicRecord& record) { checker.add(record); });
    if (!read) {
        return fail(read.error());
    }
    return checker.finish();
}

} // namespace dashstream::testing
