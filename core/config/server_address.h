// host:port as people write it, alone and as a list. Pure; any thread.
#pragma once

#include "core/config/rule_table.h"

#include <tl/expected.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dashstream::config {

struct ServerAddress {
    std::string host;       ///< without brackets, as written
    std::uint16_t port = 0; ///< 0: none given

    /// "host:port", an IPv6 address in brackets.
    [[nodiscard]] std::string text() const;
    bool operator==(const ServerAddress&) const = default;
};

struct AddressProblem {
    Rule id = Rule::ServerHost;
    std::string subject; ///< the entry, shortened; what the rule's text is about
    std::string rule;
    std::string remedy;
};

/// A name (RFC 1123, underscores tolerated), an IPv4 address or an IPv6 address in brackets, and a port 1 … 65535. A
/// missing port is no problem here.
[[nodiscard]] tl::expected<ServerAddress, AddressProblem> parseServerAddress(std::string_view text);

/// Where to listen: "host:port", "[::1]:9464", or a port alone (also ":9464"), which means 127.0.0.1. A port is needed.
[[nodiscard]] tl::expected<ServerAddress, AddressProblem> parseListenAddress(std::string_view text);

struct ServerList {
    std::vector<ServerAddress> servers;   ///< each once, in their order
    std::vector<std::string> duplicates;  ///< left out of `servers`
    std::vector<std::string> withoutPort; ///< of `servers`; got the default port
    std::vector<AddressProblem> problems; ///< of the entries that are no addresses

    /// "a:9092,b:9092"
    [[nodiscard]] std::string text() const;
};

/// Separated by commas; blanks around an entry do not count.
[[nodiscard]] ServerList parseServerList(std::string_view text, std::uint16_t defaultPort);

/// What Kafka asks of a topic's name (org.apache.kafka.common.internals.Topic); none: nothing is wrong.
[[nodiscard]] std::optional<Rule> brokenTopicRule(std::string_view name);
/// The same in words; empty: nothing is wrong.
[[nodiscard]] std::string topicNameProblem(std::string_view name);

} // namespace dashstream::config
