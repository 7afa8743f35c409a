#include "core/source/generator_settings.h"

#include "core/wire/message_access.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <string>

namespace dashstream::source {

namespace {

Failure badParameter(std::string message, std::string remedy) {
    return fail(ErrorClass::Usage, "source.generator", std::move(message), std::move(remedy));
}

template <typename Number>
std::optional<Number> numberOf(std::string_view text) {
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc() && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

Result<std::uint64_t> integer(std::string_view name, std::string_view text, std::uint64_t low, std::uint64_t high) {
    const std::optional<std::uint64_t> number = numberOf<std::uint64_t>(text);
    if (!number || *number < low || *number > high) {
        const bool open = high == std::numeric_limits<std::uint64_t>::max();
        return badParameter("The generator's " + std::string(name) + " cannot be \"" + std::string(text) + "\"",
                            "Give a whole number " +
                                (open ? "from " + std::to_string(low) + " up"
                                      : "between " + std::to_string(low) + " and " + std::to_string(high)));
    }
    return *number;
}

Result<double> rateOf(std::string_view text) {
    const std::optional<double> rate = numberOf<double>(text);
    if (!rate || !std::isfinite(*rate) || *rate < 0 || *rate > 1e9) {
        return badParameter("The generator's rate cannot be \"" + std::string(text) + "\"",
                            "Give messages per second, or 0 for as fast as it goes");
    }
    return *rate;
}

std::string knownTypes() {
    std::string names;
    for (int number = v1::MESSAGE_TYPE_EVENT; number <= v1::MESSAGE_TYPE_EXECUTION_TRACE; ++number) {
        names += (names.empty() ? "" : ", ") + std::string(wire::typeName(static_cast<v1::MessageType>(number)));
    }
    return names;
}

Result<std::vector<v1::MessageType>> typesOf(std::string_view text) {
    std::vector<v1::MessageType> types;
    for (std::size_t at = 0; at <= text.size();) {
        const std::size_t end = std::min(text.find('+', at), text.size());
        const std::string_view name = text.substr(at, end - at);
        at = end + 1;
        int number = v1::MESSAGE_TYPE_EXECUTION_TRACE;
        while (number > 0 && wire::typeName(static_cast<v1::MessageType>(number)) != name) {
            --number;
        }
        if (number == 0) {
            return badParameter("The generator knows no message type \"" + std::string(name) + "\"",
                                "The types are " + knownTypes() + "; join several with +");
        }
        types.push_back(static_cast<v1::MessageType>(number));
    }
    std::sort(types.begin(), types.end());
    types.erase(std::unique(types.begin(), types.end()), types.end());
    return types;
}

template <typename Value, typename Target>
Result<void> assign(Result<Value> value, Target& target) {
    if (!value) {
        return fail(std::move(value.error()));
    }
    target = static_cast<Target>(std::move(*value));
    return {};
}

Result<void> apply(std::string_view name, std::string_view value, GeneratorSettings& settings) {
    constexpr std::uint64_t any = std::numeric_limits<std::uint64_t>::max();
    if (name == "count") {
        return assign(integer(name, value, 0, any), settings.count);
    }
    if (name == "rate") {
        return assign(rateOf(value), settings.rate);
    }
    if (name == "threads") {
        return assign(integer(name, value, 1, kMaxGeneratorThreads), settings.threads);
    }
    if (name == "bytes") {
        return assign(integer(name, value, 0, kMaxGeneratorBytes), settings.bytes);
    }
    if (name == "types") {
        return assign(typesOf(value), settings.types);
    }
    if (name == "seed") {
        return assign(integer(name, value, 0, any), settings.seed);
    }
    return badParameter("The generator has no parameter \"" + std::string(name) + "\"",
                        "The parameters are count, rate, threads, bytes, types and seed, e.g. "
                        "generate:count=1000,rate=50,threads=10");
}

} // namespace

Result<GeneratorSettings> parseGeneratorSettings(std::string_view parameters) {
    GeneratorSettings settings;
    for (std::size_t at = 0; at < parameters.size();) {
        const std::size_t end = std::min(parameters.find(',', at), parameters.size());
        const std::string_view parameter = parameters.substr(at, end - at);
        at = end + 1;
        const std::size_t sign = parameter.find('=');
        if (sign == std::string_view::npos) {
            return badParameter("The generator's parameter \"" + std::string(parameter) + "\" has no value",
                                "Write name=value; the parameters are count, rate, threads, bytes, types and seed");
        }
        if (Result<void> applied = apply(parameter.substr(0, sign), parameter.substr(sign + 1), settings); !applied) {
            return fail(std::move(applied.error()));
        }
    }
    return settings;
}

} // namespace dashstream::source
