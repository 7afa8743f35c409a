// A TCP connection as a plain socket, for tests that speak a protocol by hand.
#pragma once

#include <chrono>
#include <string>

namespace dashstream::testing {

/// A blocking socket that gives up a receive after `patience`; the caller closes it. -1: nobody listens. `host` is a
/// numeric address without brackets.
[[nodiscard]] int tcpConnect(const std::string& host, int port, std::chrono::seconds patience);

} // namespace dashstream::testing
