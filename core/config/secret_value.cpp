#include "core/config/secret_value.h"

#include "core/config/small_file.h"

#include <charconv>
#include <string_view>
#include <utility>

namespace dashstream::config {

namespace {

constexpr std::string_view kEnvironment = "env:";
constexpr std::string_view kFile = "file:";
constexpr std::string_view kKeyring = "keyring:";
constexpr std::size_t kLargestSecret = 64U * 1024U;

using Resolved = tl::expected<std::string, SecretProblem>;

Resolved problem(Rule rule, std::vector<std::string> fill = {}) {
    return tl::make_unexpected(SecretProblem{rule, std::move(fill)});
}

Resolved fromEnvironment(const std::string& name, const LoadRequest& request) {
    const auto value = request.environment ? request.environment(name) : std::nullopt;
    if (!value || value->empty()) {
        return problem(Rule::SecretVariable, {name});
    }
    return *value;
}

Resolved fromFile(std::filesystem::path path, const LoadRequest& request) {
    if (path.is_relative() && request.file) {
        path = request.file->parent_path() / path;
    }
    auto content = readSmallFile(path, kLargestSecret);
    if (!content) {
        return problem(Rule::SecretFile, {path.string(), content.error()});
    }
    while (!content->empty() && (content->back() == '\n' || content->back() == '\r')) {
        content->pop_back();
    }
    if (content->empty()) {
        return problem(Rule::SecretFileEmpty, {path.string()});
    }
    return std::move(*content);
}

std::string percentDecoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        unsigned value = 0;
        const bool coded = text[i] == '%' && i + 2 < text.size() &&
                           std::from_chars(&text[i + 1], &text[i + 1] + 2, value, 16).ptr == &text[i + 1] + 2;
        out += coded ? static_cast<char>(value) : text[i];
        i += coded ? 2 : 0;
    }
    return out;
}

} // namespace

Resolved resolveSecret(const std::string& text, const LoadRequest& request) {
    Resolved secret = text;
    if (text.starts_with(kKeyring)) {
        return problem(Rule::SecretKeyring);
    }
    if (text.starts_with(kEnvironment)) {
        secret = fromEnvironment(text.substr(kEnvironment.size()), request);
    } else if (text.starts_with(kFile)) {
        secret = fromFile(text.substr(kFile.size()), request);
    }
    if (secret && secret->find('\0') != std::string::npos) {
        return problem(Rule::SecretZeroByte);
    }
    return secret;
}

void collectSecret(const std::string& secret, std::vector<std::string>& secrets) {
    if (secret.empty()) {
        return;
    }
    secrets.push_back(secret);
    // scheme://[user]:password@host
    const std::size_t scheme = secret.find("://");
    const std::size_t at = secret.rfind('@');
    const std::size_t colon = scheme == std::string::npos ? std::string::npos : secret.find(':', scheme + 3);
    if (at == std::string::npos || colon == std::string::npos || colon + 1 >= at) {
        return;
    }
    const std::string password = secret.substr(colon + 1, at - colon - 1);
    secrets.push_back(password);
    if (std::string decoded = percentDecoded(password); decoded != password) {
        secrets.push_back(std::move(decoded));
    }
}

} // namespace dashstream::config
