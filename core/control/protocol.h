// The language of the control socket: one JSON object a line, each way (resources/docs/control-protocol.md). Pure; any
// thread.
#pragma once

#include "core/base/result.h"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace dashstream::observe {
class Redactor;
}

namespace dashstream::control {

inline constexpr int kProtocolVersion = 1;
inline constexpr std::size_t kMaxLineBytes = 16U * 1024 * 1024;

/// `folder`/control.sock. Error "control.path_too_long" (Usage): the system takes at most 107 bytes.
[[nodiscard]] Result<std::filesystem::path> socketPath(const std::filesystem::path& folder);

/// A JSON object nested at most 16 deep. Error "control.bad_line" (Usage).
[[nodiscard]] Result<nlohmann::json> parseLine(std::string_view line);
/// One line with its end; broken UTF-8 is replaced.
[[nodiscard]] std::string toLine(const nlohmann::json& object);

/// {"v":1,"ok":true,"final":…} and the fields of `content`.
[[nodiscard]] nlohmann::json answer(nlohmann::json content, bool final = true);
[[nodiscard]] nlohmann::json answer(const Error& error);
/// The Error that an answer carries; nothing: it says ok.
[[nodiscard]] std::optional<Error> errorOf(const nlohmann::json& answer);

// Fields of a foreign object: nothing where the field is missing or of another type.
[[nodiscard]] std::optional<std::string> textField(const nlohmann::json& object, const char* name);
[[nodiscard]] std::optional<std::int64_t> integerField(const nlohmann::json& object, const char* name);
[[nodiscard]] std::optional<double> numberField(const nlohmann::json& object, const char* name);
[[nodiscard]] bool flagField(const nlohmann::json& object, const char* name);

/// Redacts every string value within.
void redactStrings(nlohmann::json& value, const observe::Redactor& redactor);

} // namespace dashstream::control
