// Reads the fields of one JSON object one after the other and remembers the first thing that is wrong, with its place.
// One thread.
#pragma once

#include "core/base/clock.h"
#include "core/base/error.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>

namespace dashstream::exchange {

/// Of all objects of a line: the first one counts.
struct FirstProblem {
    std::optional<Error> error;

    void note(const char* code, std::string text);
};

class LetterFields {
public:
    /// `place`: what stands before the names of fields in an error, "attempts[2]."; empty: the line itself.
    LetterFields(const nlohmann::json& object, std::string place, FirstProblem& problem);

    /// There and not null; null: it is wrong, which is noted.
    [[nodiscard]] const nlohmann::json* object(const char* name);
    [[nodiscard]] const nlohmann::json* array(const char* name);
    /// The same, where null is right too.
    [[nodiscard]] const nlohmann::json* objectOrNull(const char* name);
    /// UTF-8 under its name, or any bytes as base64 under the name with "_base64" behind it; never both.
    [[nodiscard]] std::string text(const char* name);
    [[nodiscard]] std::string base64(const char* name);
    [[nodiscard]] std::string word(const char* name);
    [[nodiscard]] bool flag(const char* name);
    [[nodiscard]] std::int64_t integer(const char* name, std::int64_t least, std::int64_t most);
    [[nodiscard]] std::uint64_t unsignedInteger(const char* name);
    /// Microseconds since 1970, up to the year 9999.
    [[nodiscard]] UtcTime time(const char* name);
    /// Place among `words`.
    [[nodiscard]] std::size_t choice(const char* name, std::span<const std::string_view> words);
    [[nodiscard]] const nlohmann::json* find(const char* name);
    void wrong(const char* name, const std::string& wanted, const char* code = "exchange.field");
    /// After the last field: whatever else the object has is unknown.
    void finish();

private:
    [[nodiscard]] const nlohmann::json* there(const char* name, const std::string& wanted);

    const nlohmann::json& m_object;
    std::string m_place;
    FirstProblem& m_problem;
    std::set<std::string, std::less<>> m_asked;
};

} // namespace dashstream::exchange
