#include "core/config/server_address.h"

#include "core/config/text_tools.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace dashstream::config {

namespace {

using Address = tl::expected<ServerAddress, AddressProblem>;

Address problem(std::string_view text, const std::string& what, std::string remedy) {
    return tl::make_unexpected(
        AddressProblem{"\"" + std::string(text.substr(0, 300)) + "\" " + what, std::move(remedy)});
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
        return problem(text, "has no port from 1 to 65535", "Write it as host:port, such as broker-1:9092");
    }
    return ServerAddress{std::string(host), number};
}

Address parseBracketed(std::string_view text) {
    const std::size_t close = text.find(']');
    if (close == std::string_view::npos || !isIpv6(text.substr(1, close - 1))) {
        return problem(text, "has no IPv6 address in its brackets", "Write it as [address]:port, such as [::1]:9092");
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
        return problem(text, "names a protocol", "Write only host:port; the protocol is kafka.security_protocol");
    }
    if (text.starts_with('[')) {
        return parseBracketed(text);
    }
    if (isIpv6(text)) {
        return problem(text, "is an IPv6 address without brackets", "Write it as [address]:port, such as [::1]:9092");
    }
    const std::size_t colon = text.find(':');
    const std::string_view host = text.substr(0, colon);
    if (!isHostName(host)) {
        return problem(text, "has no valid host name", "Write it as host:port, such as broker-1:9092");
    }
    if (colon == std::string_view::npos) {
        return ServerAddress{std::string(host), 0};
    }
    return withPort(text, host, text.substr(colon + 1));
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
            list.problems.push_back({"has an empty entry", "Remove the comma too many"});
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

std::string topicNameProblem(std::string_view name) {
    constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    constexpr std::size_t kLongest = 249;
    if (name.empty()) {
        return "must not be empty";
    }
    if (name.size() > kLongest) {
        return "must not be longer than 249 characters, as Kafka's topic names";
    }
    if (name == "." || name == "..") {
        return "must not be \".\" or \"..\"";
    }
    if (name.find_first_not_of(kAllowed) != std::string_view::npos) {
        return "may hold only letters, digits, '.', '_' and '-', as Kafka's topic names";
    }
    return {};
}

} // namespace dashstream::config
