#include "core/control/protocol.h"

#include "core/observe/redaction.h"

#include <sys/un.h>

#include <array>

namespace dashstream::control {

namespace {

using nlohmann::json;

constexpr int kMaxDepth = 16;

constexpr std::array kClasses{
    ErrorClass::Usage,          ErrorClass::Retriable, ErrorClass::OutcomeUnknown, ErrorClass::PermanentMessage,
    ErrorClass::PermanentTopic, ErrorClass::Fatal,     ErrorClass::Local,          ErrorClass::Cancelled};

ErrorClass classFrom(const std::string& text) {
    for (const ErrorClass candidate : kClasses) {
        if (toText(candidate) == text) {
            return candidate;
        }
    }
    return ErrorClass::Local;
}

/// Null where the field is missing.
const json* field(const json& object, const char* name) {
    const auto found = object.is_object() ? object.find(name) : object.end();
    return object.is_object() && found != object.end() ? &*found : nullptr;
}

} // namespace

Result<std::filesystem::path> socketPath(const std::filesystem::path& folder) {
    const std::filesystem::path path = folder / "control.sock";
    constexpr std::size_t kLongest = sizeof(sockaddr_un::sun_path) - 1;
    if (path.native().size() > kLongest) {
        return fail(ErrorClass::Usage, "control.path_too_long",
                    "The control socket " + path.string() + " has " + std::to_string(path.native().size()) +
                        " bytes in its path, and the system takes at most " + std::to_string(kLongest),
                    "Choose a shorter --data-dir.");
    }
    return path;
}

Result<json> parseLine(std::string_view line) {
    bool tooDeep = false;
    const json::parser_callback_t limitDepth = [&tooDeep](int depth, json::parse_event_t, json&) {
        tooDeep = tooDeep || depth > kMaxDepth;
        return !tooDeep;
    };
    json object = json::parse(line, limitDepth, false);
    if (tooDeep || object.is_discarded() || !object.is_object()) {
        return fail(ErrorClass::Usage, "control.bad_line",
                    tooDeep ? "The line is nested too deeply" : "The line is not one JSON object",
                    "Send one JSON object a line; see the control protocol's page.");
    }
    return object;
}

std::string toLine(const json& object) {
    return object.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
}

json answer(json content, bool final) {
    json object = content.is_object() ? std::move(content) : json::object();
    object["v"] = kProtocolVersion;
    object["ok"] = true;
    object["final"] = final;
    return object;
}

json answer(const Error& error) {
    return {{"v", kProtocolVersion},
            {"ok", false},
            {"final", true},
            {"error",
             {{"class", toText(error.errorClass)},
              {"code", error.code},
              {"message", error.message},
              {"remedy", error.remedy}}}};
}

std::optional<Error> errorOf(const json& answer) {
    if (flagField(answer, "ok")) {
        return std::nullopt;
    }
    const json* error = field(answer, "error");
    if (error == nullptr) {
        return Error{ErrorClass::Local, "control.bad_answer", "The process that holds the store answered unclearly",
                     "Use programs of the same version."};
    }
    return Error{classFrom(textField(*error, "class").value_or("")),
                 textField(*error, "code").value_or("control.error"),
                 textField(*error, "message").value_or("The request failed"), textField(*error, "remedy").value_or("")};
}

std::optional<std::string> textField(const json& object, const char* name) {
    const json* value = field(object, name);
    return value != nullptr && value->is_string() ? std::optional(value->get<std::string>()) : std::nullopt;
}

std::optional<std::int64_t> integerField(const json& object, const char* name) {
    const json* value = field(object, name);
    return value != nullptr && value->is_number_integer() ? std::optional(value->get<std::int64_t>()) : std::nullopt;
}

std::optional<double> numberField(const json& object, const char* name) {
    const json* value = field(object, name);
    return value != nullptr && value->is_number() ? std::optional(value->get<double>()) : std::nullopt;
}

bool flagField(const json& object, const char* name) {
    const json* value = field(object, name);
    return value != nullptr && value->is_boolean() && value->get<bool>();
}

void redactStrings(json& value, const observe::Redactor& redactor) {
    if (value.is_string()) {
        auto& text = value.get_ref<std::string&>();
        text = redactor.redact(text);
    } else if (value.is_structured()) {
        for (auto& child : value) {
            redactStrings(child, redactor);
        }
    }
}

} // namespace dashstream::control
