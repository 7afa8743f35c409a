#include "core/config/server_address.h"

#include "core/config/text_tools.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace dashstream::config {

namespace {

using Address = tl::expected<ServerAddress, AddressProblem>;

AddressProblem makeProblem(Rule rule, std::string subject) {
    const std::vector<std::string> fill{subject};
    return {rule, std::move(subject), fillIn(specOf(rule).text, fill), fillIn(specOf(rule).remedy, fill)};
}

Address problem(Rule rule, std::string_view text) {
    return tl::make_unexpected(makeProblem(rule, std::string(text.substr(0, 300))));
}

bool isIpv6(std::string_view text) {
    std::array<unsigned char, 16> bytes{};
    const std::string plain(text.substr(0, text.find('%'))); // without the zone
    return inet_pton(AF_INET6, plain.c_str(), bytes.data()) == 1;
}

bool isHostName(std::string_view host) {
    constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_";
    return !host.empty() && host.size() <= 253 && host.find_first_not_of(kAllowed) == std::string_view::npos &&
           host.front() != '.' && host.front() != '-' && host.find("..") == std::string_view::npos;
}

/// 0: not a port.
std::uint16_t parsePort(std::string_view text) {
    unsigned value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool whole = error == std::errc() && end == text.data() + text.size();
    return whole && value <= 65535 ? static_cast<std::uint16_t>(value) : 0;
}

/// `text` is the whole entry; `port` what follows the host's colon.
Address withPort(std::string_view text, std::string_view host, std::string_view port) {
    const std::uint16_t number = parsePort(port);
    if (number == 0) {
        return problem(Rule::ServerPort, text);
    }
    return ServerAddress{std::string(host), number};
}

Address parseBracketed(std::string_view text) {
    const std::size_t close = text.find(']');
    if (close == std::string_view::npos || !isIpv6(text.substr(1, close - 1))) {
        return problem(Rule::ServerBrackets, text);
    }
    const std::string_view host = text.substr(1, close - 1);
    const std::string_view rest = text.substr(close + 1);
    if (rest.empty()) {
        return ServerAddress{std::string(host), 0};
    }
    return withPort(text, host, rest.front() == ':' ? rest.substr(1) : std::string_view());
}

} // namespace

std::string ServerAddress::text() const {
    const std::string shown = host.find(':') != std::string::npos ? "[" + host + "]" : host;
    return port == 0 ? shown : shown + ":" + std::to_string(port);
}

Address parseServerAddress(std::string_view text) {
    text = trim(text);
    if (text.find("://") != std::string_view::npos) {
        return problem(Rule::ServerProtocol, text);
    }
    if (text.starts_with('[')) {
        return parseBracketed(text);
    }
    if (isIpv6(text)) {
        return problem(Rule::ServerNoBrackets, text);
    }
    const std::size_t colon = text.find(':');
    const std::string_view host = text.substr(0, colon);
    if (!isHostName(host)) {
        return problem(Rule::ServerHost, text);
    }
    if (colon == std::string_view::npos) {
        return ServerAddress{std::string(host), 0};
    }
    return withPort(text, host, text.substr(colon + 1));
}

Address parseListenAddress(std::string_view text) {
    text = trim(text);
    const std::string_view port = text.starts_with(':') ? text.substr(1) : text;
    const bool portAlone = !port.empty() && port.find_first_not_of("0123456789") == std::string_view::npos;
    Address address = portAlone ? withPort(text, "127.0.0.1", port) : parseServerAddress(text);
    if (address && address->port == 0) {
        address = problem(Rule::ServerPort, text);
    }
    if (!address) {
        address.error().remedy = specOf(Rule::ListenAddress).remedy;
    }
    return address;
}

std::string ServerList::text() const {
    std::string out;
    for (const ServerAddress& server : servers) {
        out += (out.empty() ? "" : ",") + server.text();
    }
    return out;
}

ServerList parseServerList(std::string_view text, std::uint16_t defaultPort) {
    ServerList list;
    for (const std::string_view entry : split(text, ',')) {
        if (trim(entry).empty()) {
            list.problems.push_back(makeProblem(Rule::ServerBlank, {}));
            continue;
        }
        Address address = parseServerAddress(entry);
        if (!address) {
            list.problems.push_back(address.error());
            continue;
        }
        const bool hadPort = address->port != 0;
        address->port = hadPort ? address->port : defaultPort;
        const auto same = [&](const ServerAddress& other) { return toLower(other.text()) == toLower(address->text()); };
        if (std::any_of(list.servers.begin(), list.servers.end(), same)) {
            list.duplicates.push_back(address->text());
            continue;
        }
        if (!hadPort) {
            list.withoutPort.push_back(address->text());
        }
        list.servers.push_back(std::move(*address));
    }
    return list;
}

std::optional<Rule> brokenTopicRule(std::string_view name) {
    constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    constexpr std::size_t kLongest = 249;
    if (name.empty()) {
        return Rule::TopicEmpty;
    }
    if (name.size() > kLongest) {
        return Rule::TopicLong;
    }
    if (name == "." || name == "..") {
        return Rule::TopicDots;
    }
    if (name.find_first_not_of(kAllowed) != std::string_view::npos) {
        return Rule::TopicCharacters;
    }
    return std::nullopt;
}

std::string topicNameProblem(std::string_view name) {
    const auto broken = brokenTopicRule(name);
    return broken ? std::string(specOf(*broken).text) : std::string();
}

} // namespace dashstream::config
