#include "core/config/secret_value.h"

#include "core/config/small_file.h"

#include <string_view>

namespace dashstream::config {

namespace {

constexpr std::string_view kEnvironment = "env:";
constexpr std::string_view kFile = "file:";
constexpr std::string_view kKeyring = "keyring:";
constexpr std::size_t kLargestSecret = 64U * 1024U;

using Resolved = tl::expected<std::string, SecretProblem>;

Resolved problem(std::string rule, std::string remedy) {
    return tl::make_unexpected(SecretProblem{std::move(rule), std::move(remedy)});
}

Resolved fromEnvironment(const std::string& name, const LoadRequest& request) {
    const auto value = request.environment ? request.environment(name) : std::nullopt;
    if (!value || value->empty()) {
        return problem("refers to the environment variable " + name + ", which is not set",
                       "Set " + name + ", or give another reference");
    }
    return *value;
}

Resolved fromFile(std::filesystem::path path, const LoadRequest& request) {
    if (path.is_relative() && request.file) {
        path = request.file->parent_path() / path;
    }
    auto content = readSmallFile(path, kLargestSecret);
    if (!content) {
        return problem("refers to the file " + path.string() + ", which cannot be read (" + content.error() + ")",
                       "Make that file readable for this user only, or give another reference");
    }
    while (!content->empty() && (content->back() == '\n' || content->back() == '\r')) {
        content->pop_back();
    }
    if (content->empty()) {
        return problem("refers to the file " + path.string() + ", which is empty", "Write the secret into that file");
    }
    return std::move(*content);
}

} // namespace

Resolved resolveSecret(const std::string& text, const LoadRequest& request) {
    Resolved secret = text;
    if (text.starts_with(kKeyring)) {
        return problem("refers to the keyring, which this build does not support", "Use env:NAME or file:PATH instead");
    }
    if (text.starts_with(kEnvironment)) {
        secret = fromEnvironment(text.substr(kEnvironment.size()), request);
    } else if (text.starts_with(kFile)) {
        secret = fromFile(text.substr(kFile.size()), request);
    }
    if (secret && secret->find('\0') != std::string::npos) {
        return problem("must not hold a zero byte", "Correct the secret");
    }
    return secret;
}

} // namespace dashstream::config
