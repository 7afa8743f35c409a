#include "tests/bench/bench_letters.h"

#include "core/base/byte_arena.h"
#include "core/wire/message_access.h"

#include <array>
#include <cstdio>
#include <cstdlib>

namespace dashstream::bench {

namespace {
constexpr std::size_t kWords = 20'000;
constexpr int kWordsInALetter = 100;
constexpr std::uint64_t kThreads = 50'000;

struct Kind {
    const char* code;
    const char* text; ///< a number follows
    std::uint64_t numbers;
    ErrorClass errorClass;
};
constexpr std::array<Kind, 8> kKinds{
    {{"MSG_TIMED_OUT", "Local: message timed out at broker ", 40, ErrorClass::OutcomeUnknown},
     {"MSG_TIMED_OUT", "Local: request timed out after ms ", 400, ErrorClass::OutcomeUnknown},
     {"NOT_ENOUGH_REPLICAS", "Broker: not enough in-sync replicas, partition ", 96, ErrorClass::Retriable},
     {"TRANSPORT", "Local: broker transport failure, 10.0.0.7:", 60'000, ErrorClass::Retriable},
     {"MSG_SIZE_TOO_LARGE", "Broker: message of bytes too large: ", 5'000'000, ErrorClass::PermanentMessage},
     {"INVALID_RECORD", "Broker: failed to validate record at offset ", 10'000'000, ErrorClass::PermanentMessage},
     {"CORRUPT_MESSAGE", "Broker: message failed its checksum on node ", 12, ErrorClass::Retriable},
     {"TOPIC_AUTHORIZATION_FAILED", "Broker: topic authorization failed for ", 8, ErrorClass::PermanentTopic}}};

/// Of a hundred letters: how many have died of each kind of error.
const Kind& kindOf(std::uint64_t hundredth) {
    constexpr std::array<std::uint64_t, 8> kUpTo{35, 50, 70, 85, 90, 95, 99, 100};
    std::size_t at = 0;
    while (hundredth >= kUpTo[at]) {
        ++at;
    }
    return kKinds[at];
}

std::string hex(std::uint64_t number) {
    std::array<char, 20> text{};
    std::snprintf(text.data(), text.size(), "%016llx", static_cast<unsigned long long>(number));
    return text.data();
}

wire::v1::DashStreamMessage messageOf(int type, const std::string& words) {
    wire::v1::DashStreamMessage message;
    switch (type) {
    case wire::v1::MESSAGE_TYPE_TOKEN_CHUNK:
        message.mutable_token_chunk()->set_text(words);
        break;
    case wire::v1::MESSAGE_TYPE_TOOL_EXECUTION:
        message.mutable_tool_execution()->set_tool_name("search");
        message.mutable_tool_execution()->set_error(words);
        break;
    case wire::v1::MESSAGE_TYPE_ERROR:
        message.mutable_error()->set_error_code("E_LIMIT");
        message.mutable_error()->set_message(words);
        break;
    default: {
        wire::v1::Event& event = *message.mutable_event();
        event.set_event_type(wire::v1::EVENT_TYPE_NODE_END);
        event.set_node_id("planner");
        (*event.mutable_attributes())["answer"].set_string_value(words);
        (*event.mutable_attributes())["tokens"].set_int_value(static_cast<std::int64_t>(words.size()));
    }
    }
    return message;
}
} // namespace

Letters::Letters() : m_encoder({}) {
    m_state = 42;
    for (std::size_t i = 0; i < kWords; ++i) {
        std::string word;
        for (std::uint64_t letters = 3 + random() % 7; letters > 0; --letters) {
            word += static_cast<char>('a' + random() % 26);
        }
        m_vocabulary.push_back(std::move(word));
    }
}

/// splitmix64: the same numbers with every library.
std::uint64_t Letters::random() {
    std::uint64_t z = (m_state += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31U);
}

/// Begins with the time, as a UUIDv7 does.
MessageId Letters::idAt(UtcTime time) {
    MessageId id;
    auto millis = static_cast<std::uint64_t>(toMicros(time) / 1000);
    for (std::size_t i = 6; i > 0; --i, millis >>= 8U) {
        id.bytes[i - 1] = static_cast<std::uint8_t>(millis);
    }
    for (std::size_t i = 6; i < id.bytes.size(); ++i) {
        id.bytes[i] = static_cast<std::uint8_t>(random());
    }
    return id;
}

/// Common words often: the place in the vocabulary is the product of three random fractions.
std::string Letters::words(std::int64_t number) {
    std::string text = kCommonWord;
    text += number % 10 == 3 ? std::string(" ") + kTenthWord : "";
    text += number % 20'000 == 7 ? std::string(" ") + kRareWord : "";
    text += number % 100 == 11 ? " Alpha, bravo: charlie" : number % 100 == 12 ? " charlie bravo alpha" : "";
    for (int i = 0; i < kWordsInALetter; ++i) {
        std::uint64_t at = kWords;
        for (int power = 0; power < 3; ++power) {
            at = at * (random() % 1024) / 1024;
        }
        text += ' ' + m_vocabulary[at];
    }
    for (int i = 0; i < 16; ++i) {
        text += (i % 2 == 0 ? " " : "") + hex(random());
    }
    return text;
}

std::string Letters::framed(std::int64_t number, store::DeadLetter& letter) {
    constexpr std::array kTypes{wire::v1::MESSAGE_TYPE_EVENT, wire::v1::MESSAGE_TYPE_TOKEN_CHUNK,
                                wire::v1::MESSAGE_TYPE_TOOL_EXECUTION, wire::v1::MESSAGE_TYPE_ERROR};
    letter.message.type = kTypes[random() % kTypes.size()];
    wire::v1::DashStreamMessage message = messageOf(letter.message.type, words(number));
    wire::v1::Header& header = *wire::mutableHeaderOf(message);
    header.set_message_id(std::string(letter.message.id.bytes.begin(), letter.message.id.bytes.end()));
    header.set_tenant_id(letter.message.tenant);
    header.set_thread_id(letter.message.thread);
    header.set_sequence(letter.message.sequence.value);
    header.set_timestamp_us(toMicros(letter.diedAt));
    header.set_type(static_cast<wire::v1::MessageType>(letter.message.type));
    header.set_schema_version(1);
    ByteArena arena;
    const auto encoded = m_encoder.encode(message, arena);
    if (!encoded) {
        std::fprintf(stderr, "%s\n", encoded.error().text().c_str());
        std::exit(1);
    }
    return std::string(asText(*encoded));
}

store::DeadLetter Letters::make(std::int64_t number) {
    m_state = static_cast<std::uint64_t>(number) * 1'000'003;
    store::DeadLetter letter;
    letter.id = DeadLetterId(number);
    // Some hundred at once, then nothing for a while; within it not quite in the order of their ids.
    letter.diedAt = utcFromMicros(kFirstDeath + number / 500 * 500 * kBetweenDeaths +
                                  static_cast<std::int64_t>(random() % 30'000'000));
    letter.message.id = idAt(letter.diedAt);
    letter.traceId = idAt(letter.diedAt).text();
    letter.message.thread = "thread-" + std::to_string(random() % kThreads);
    letter.message.tenant = number % 10'000 == 5 ? kRareTenant
                            : number % 4 == 0    ? kFrequentTenant
                                                 : "tenant-" + std::to_string(random() % 200);
    letter.message.topic = "dashstream-events-" + std::to_string(random() % 8);
    letter.message.sequence = SequenceNo(static_cast<std::uint64_t>(number));
    letter.message.traceparent = "00-" + hex(random()) + hex(random()) + "-" + hex(random()) + "-01";
    letter.message.source = "jsonl:/data/telemetry.jsonl";
    letter.message.entry = static_cast<std::uint64_t>(number);
    letter.message.acceptedAt = utcFromMicros(toMicros(letter.diedAt) - 60'000'000);
    letter.message.timestampMs = toMicros(letter.diedAt) / 1000;
    letter.rounds = number % 1000 == 0 ? 1 : 0;
    letter.copyState = store::CopyState::Copied;
    const Kind& kind = kindOf(random() % 100);
    letter.errorCode = kind.code;
    letter.errorText = kind.text + std::to_string(random() % kind.numbers);
    letter.errorClass = kind.errorClass;
    letter.attempts = {{1, letter.diedAt, kind.code, letter.errorText, false, PartitionId(3)}};
    letter.message.value = framed(number, letter);
    return letter;
}

} // namespace dashstream::bench
