#include "core/exchange/letter_fields.h"

#include "core/wire/base64.h"
#include "core/wire/utf8.h"

namespace dashstream::exchange {

namespace {
using nlohmann::json;

constexpr std::int64_t kEndOfTimeUs = 253'402'300'799'999'999; ///< 9999-12-31T23:59:59.999999Z
constexpr std::size_t kNameShown = 64;
} // namespace

void FirstProblem::note(const char* code, std::string text) {
    if (!error) {
        error = Error{ErrorClass::PermanentMessage, code, std::move(text), {}};
    }
}

LetterFields::LetterFields(const json& object, std::string place, FirstProblem& problem)
    : m_object(object), m_place(std::move(place)), m_problem(problem) {}

const json* LetterFields::find(const char* name) {
    m_asked.insert(name);
    const auto found = m_object.find(name);
    return found == m_object.end() ? nullptr : &*found;
}

void LetterFields::wrong(const char* name, const std::string& wanted, const char* code) {
    m_problem.note(code, "\"" + m_place + name + "\" must be " + wanted);
}

const json* LetterFields::there(const char* name, const std::string& wanted) {
    const json* value = find(name);
    if (value == nullptr) {
        m_problem.note("exchange.field", "\"" + m_place + name + "\" is missing: it must be " + wanted);
    }
    return value;
}

const json* LetterFields::object(const char* name) {
    const json* value = there(name, "an object");
    if (value != nullptr && !value->is_object()) {
        wrong(name, "an object");
        return nullptr;
    }
    return value;
}

const json* LetterFields::objectOrNull(const char* name) {
    const json* value = there(name, "an object or null");
    if (value != nullptr && !value->is_object()) {
        if (!value->is_null()) {
            wrong(name, "an object or null");
        }
        return nullptr;
    }
    return value;
}

const json* LetterFields::array(const char* name) {
    const json* value = there(name, "a list");
    if (value != nullptr && !value->is_array()) {
        wrong(name, "a list");
        return nullptr;
    }
    return value;
}

std::string LetterFields::text(const char* name) {
    const std::string encoded = std::string(name) + "_base64";
    const json* bytes = find(encoded.c_str());
    if (bytes == nullptr) {
        return word(name);
    }
    if (find(name) != nullptr) {
        wrong(name, "left out where \"" + encoded + "\" is given");
    }
    return base64(encoded.c_str());
}

std::string LetterFields::base64(const char* name) {
    const std::string text = word(name);
    auto bytes = wire::fromBase64(text);
    if (!bytes) {
        wrong(name, "base64 with padding and without line breaks", "exchange.base64");
    }
    return bytes ? std::move(*bytes) : std::string();
}

std::string LetterFields::word(const char* name) {
    const json* value = there(name, "a text");
    if (value != nullptr && !value->is_string()) {
        wrong(name, "a text");
        return {};
    }
    return value == nullptr ? std::string() : value->get<std::string>();
}

bool LetterFields::flag(const char* name) {
    const json* value = there(name, "true or false");
    if (value != nullptr && !value->is_boolean()) {
        wrong(name, "true or false");
    }
    return value != nullptr && value->is_boolean() && value->get<bool>();
}

std::int64_t LetterFields::integer(const char* name, std::int64_t least, std::int64_t most) {
    const std::string wanted = "a whole number from " + std::to_string(least) + " to " + std::to_string(most);
    const json* value = there(name, wanted);
    if (value == nullptr) {
        return 0;
    }
    const bool inRange =
        value->is_number_unsigned()
            ? std::cmp_less_equal(value->get<std::uint64_t>(), most) &&
                  std::cmp_greater_equal(value->get<std::uint64_t>(), least)
            : value->is_number_integer() && value->get<std::int64_t>() >= least && value->get<std::int64_t>() <= most;
    if (!inRange) {
        wrong(name, wanted);
        return 0;
    }
    return value->get<std::int64_t>();
}

std::uint64_t LetterFields::unsignedInteger(const char* name) {
    const json* value = there(name, "a whole number from 0");
    if (value != nullptr && !value->is_number_unsigned()) {
        wrong(name, "a whole number from 0");
        return 0;
    }
    return value == nullptr ? 0 : value->get<std::uint64_t>();
}

UtcTime LetterFields::time(const char* name) {
    return utcFromMicros(integer(name, 0, kEndOfTimeUs));
}

std::size_t LetterFields::choice(const char* name, std::span<const std::string_view> words) {
    std::string wanted;
    for (const std::string_view word : words) {
        wanted += (wanted.empty() ? "one of " : ", ") + std::string(word);
    }
    const json* value = there(name, wanted);
    for (std::size_t i = 0; value != nullptr && value->is_string() && i < words.size(); ++i) {
        if (value->get_ref<const std::string&>() == words[i]) {
            return i;
        }
    }
    wrong(name, wanted);
    return 0;
}

void LetterFields::finish() {
    for (const auto& item : m_object.items()) {
        if (m_asked.count(item.key()) == 0) {
            m_problem.note("exchange.field", "\"" + m_place + wire::showable(item.key(), kNameShown) +
                                                 "\" is no field of version 1 of the format");
        }
    }
}

} // namespace dashstream::exchange
