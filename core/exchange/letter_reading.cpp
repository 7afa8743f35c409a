// readLine(): the JSON first, bounded in depth and count, then its fields.
#include "core/exchange/letter_fields.h"
#include "core/exchange/letter_line.h"
#include "core/exchange/letter_names.h"
#include "core/wire/message_access.h"
#include "core/wire/trace_context.h"
#include "core/wire/utf8.h"

#include <limits>
#include <vector>

namespace dashstream::exchange {

namespace {

using nlohmann::json;

constexpr int kMaxDepth = 3;                        ///< the line, its attempts, one of them
constexpr std::size_t kMaxParts = kMaxAttempts * 8; ///< values and names
constexpr std::size_t kShown = 64;
constexpr std::int64_t kEndOfTimeMs = 253'402'300'799'999;

Failure bad(const char* code, std::string text, std::string remedy = {}) {
    return fail(ErrorClass::PermanentMessage, code, std::move(text), std::move(remedy));
}

/// Sees every part of the line while it is parsed; once it has seen something wrong, nothing more is kept.
class Guard {
public:
    bool operator()(int depth, json::parse_event_t event, const json& value) {
        using Event = json::parse_event_t;
        const bool opens = event == Event::object_start || event == Event::array_start;
        if (opens && depth >= kMaxDepth) {
            m_problem.note("exchange.json", "it is nested more deeply than a dead letter is");
        }
        if ((opens || event == Event::key || event == Event::value) && ++m_parts > kMaxParts) {
            m_problem.note("exchange.json", "it has more than " + std::to_string(kMaxParts) + " values and names");
        }
        if (m_problem.error) {
            return false;
        }
        const auto level = static_cast<std::size_t>(depth);
        if (event == Event::object_start) {
            m_names.resize(level);
            m_names.emplace_back();
        } else if (event == Event::key && !m_names.at(level - 1).insert(value.get<std::string>()).second) {
            m_problem.note("exchange.field",
                           "\"" + wire::showable(value.get_ref<const std::string&>(), kShown) + "\" is there twice");
        }
        return !m_problem.error;
    }
    [[nodiscard]] const std::optional<Error>& problem() const { return m_problem.error; }

private:
    FirstProblem m_problem;
    std::size_t m_parts = 0;
    std::vector<std::set<std::string, std::less<>>> m_names; ///< by depth, of the objects that are open
};

Result<json> parse(std::string_view line) {
    Guard guard;
    try {
        json object = json::parse(line, [&guard](int depth, json::parse_event_t event, const json& value) {
            return guard(depth, event, value);
        });
        if (guard.problem()) {
            return fail(*guard.problem());
        }
        if (object.is_object()) {
            return object;
        }
        return bad("exchange.json", "it is JSON, but no object");
    } catch (const json::parse_error& error) {
        return bad("exchange.json", "it is no JSON from byte " + std::to_string(error.byte) + " on");
    } catch (const json::exception& error) { // a number that no double holds
        return bad("exchange.json", "a number in it is too large to be read");
    }
}

Result<void> checkFormat(const json& object) {
    const auto format = object.find("format");
    const auto version = object.find("version");
    if (format == object.end() || !format->is_string() || format->get_ref<const std::string&>() != kFormat) {
        return bad("exchange.version", "it is no dead letter: \"format\" must be \"" + std::string(kFormat) + "\"",
                   "Give a file that 'dead export' made.");
    }
    if (version == object.end() || !version->is_number_unsigned() || version->get<std::uint64_t>() != kVersion) {
        const std::string found = version == object.end() ? "none" : wire::showable(version->dump(), kShown);
        return bad("exchange.version",
                   "its \"version\" is " + found + ", and this program reads version " + std::to_string(kVersion),
                   "Import it with a program of the version that exported it, or a newer one.");
    }
    return {};
}

MessageId readId(LetterFields& fields) {
    constexpr const char* kWanted = "a UUID of 32 hexadecimal digits in lower case, as 8-4-4-4-12, and not all zeros";
    const std::string text = fields.word("message_id");
    MessageId id;
    std::size_t digits = 0;
    for (const char c : text) {
        const auto value = std::string_view("0123456789abcdef").find(c);
        if (value != std::string_view::npos && digits < 32) {
            id.bytes.at(digits / 2) |= static_cast<std::uint8_t>(value << (digits % 2 == 0 ? 4U : 0U));
            ++digits;
        }
    }
    if (id.text() != text || id.isNil()) {
        fields.wrong("message_id", kWanted);
    }
    return id;
}

int readType(LetterFields& fields) {
    const json* value = fields.find("type");
    if (value != nullptr && value->is_number()) {
        return static_cast<int>(fields.integer("type", kNamedTypes, std::numeric_limits<int>::max()));
    }
    std::array<std::string_view, kNamedTypes> names;
    for (int type = 0; type < kNamedTypes; ++type) {
        names.at(static_cast<std::size_t>(type)) = wire::typeName(static_cast<wire::v1::MessageType>(type));
    }
    return static_cast<int>(fields.choice("type", names));
}

/// They go into the headers of the record when the letter is sent again.
void readTrace(LetterFields& fields, store::StoredMessage& message) {
    message.traceparent = fields.text("traceparent");
    message.tracestate = fields.text("tracestate");
    if (!message.traceparent.empty()) {
        if (const auto problem = wire::traceparentProblem(message.traceparent); !problem.empty()) {
            fields.wrong("traceparent", "empty or one of W3C Trace Context: " + std::string(problem));
        }
    }
    if (const auto problem = wire::tracestateProblem(message.tracestate); !problem.empty()) {
        fields.wrong("tracestate", "empty or one of W3C Trace Context: " + std::string(problem));
    }
}

store::StoredMessage readMessage(LetterFields& fields) {
    store::StoredMessage message;
    message.id = readId(fields);
    message.tenant = fields.text("tenant");
    message.thread = fields.text("thread");
    if (message.thread.empty()) {
        fields.wrong("thread", "a text that is not empty");
    }
    message.sequence = SequenceNo(fields.unsignedInteger("sequence"));
    message.type = readType(fields);
    message.topic = fields.text("topic");
    message.source = fields.text("source");
    readTrace(fields, message);
    message.timestampMs = fields.integer("timestamp_ms", 0, kEndOfTimeMs);
    message.acceptedAt = fields.time("accepted_at_us");
    message.value = fields.base64("value");
    return message;
}

store::Attempt readAttempt(const json& object, const std::string& place, FirstProblem& problem) {
    LetterFields fields(object, place, problem);
    store::Attempt attempt;
    attempt.number = static_cast<int>(fields.integer("number", 0, std::numeric_limits<int>::max()));
    attempt.at = fields.time("at_us");
    attempt.code = fields.text("code");
    attempt.text = fields.text("text");
    attempt.possiblyPersisted = fields.flag("possibly_persisted");
    attempt.partition = PartitionId(
        static_cast<std::int32_t>(fields.integer("partition", -1, std::numeric_limits<std::int32_t>::max())));
    fields.finish();
    return attempt;
}

std::vector<store::Attempt> readAttempts(LetterFields& fields, FirstProblem& problem) {
    std::vector<store::Attempt> attempts;
    const json* list = fields.array("attempts");
    if (list != nullptr && list->size() > kMaxAttempts) {
        fields.wrong("attempts", "a list of at most " + std::to_string(kMaxAttempts));
        return attempts;
    }
    for (std::size_t i = 0; list != nullptr && i < list->size() && !problem.error; ++i) {
        const std::string place = "attempts[" + std::to_string(i) + "]";
        if (!(*list)[i].is_object()) {
            fields.wrong(place.c_str(), "an object");
            break;
        }
        attempts.push_back(readAttempt((*list)[i], place + ".", problem));
    }
    return attempts;
}

std::optional<ErrorClass> readClass(LetterFields& fields) {
    const json* value = fields.find("error_class");
    if (value != nullptr && value->is_null()) {
        return std::nullopt;
    }
    return static_cast<ErrorClass>(fields.choice("error_class", kClasses));
}

void readCopy(LetterFields& letterFields, FirstProblem& problem, store::DeadLetter& letter) {
    if (const json* copy = letterFields.object("copy")) {
        LetterFields fields(*copy, "copy.", problem);
        letter.copyState = static_cast<store::CopyState>(fields.choice("state", kCopies));
        letter.copyCode = fields.text("code");
        letter.copyError = fields.text("error");
        letter.copyAt = fields.time("at_us");
        fields.finish();
    }
}

void readDiscard(LetterFields& letterFields, FirstProblem& problem, store::DeadLetter& letter) {
    if (const json* discard = letterFields.objectOrNull("discard")) {
        LetterFields fields(*discard, "discard.", problem);
        letter.settledAt = fields.time("at_us");
        letter.settledBy = fields.text("by");
        letter.settleReason = fields.text("reason");
        fields.finish();
    }
}

} // namespace

Error tooLongError(std::uint64_t bytes) {
    return {ErrorClass::PermanentMessage,
            "exchange.too_long",
            "it has " + std::to_string(bytes) + " bytes, and the limit is " + std::to_string(kMaxLineBytes),
            {}};
}

Result<store::DeadLetter> readLine(std::string_view line) {
    if (line.size() > kMaxLineBytes) {
        return fail(tooLongError(line.size()));
    }
    const auto object = parse(line);
    if (!object) {
        return fail(object.error());
    }
    if (auto known = checkFormat(*object); !known) {
        return fail(known.error());
    }
    FirstProblem problem;
    LetterFields fields(*object, "", problem);
    store::DeadLetter letter;
    letter.message = readMessage(fields);
    letter.diedAt = fields.time("died_at_us");
    letter.state = static_cast<store::DeadState>(fields.choice("state", kStates));
    letter.errorClass = readClass(fields);
    letter.errorCode = fields.text("error_code");
    letter.errorText = fields.text("error_text");
    letter.rounds = static_cast<int>(fields.integer("rounds", 0, std::numeric_limits<int>::max()));
    letter.attempts = readAttempts(fields, problem);
    letter.traceId = fields.text("trace_id");
    readCopy(fields, problem, letter);
    readDiscard(fields, problem, letter);
    static_cast<void>(fields.find("format"));
    static_cast<void>(fields.find("version"));
    fields.finish();
    if (problem.error) {
        return fail(std::move(*problem.error));
    }
    return letter;
}

} // namespace dashstream::exchange
