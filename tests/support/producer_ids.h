// Producer ids, which a broker takes from the controller by blocks of a thousand.
#pragma once

#include <string>

namespace dashstream::testing {

/// Asks this one node for a producer id, so that it has a block of them and can give out others without the controller.
/// False: it gave none within ten seconds. `host` is a numeric address.
[[nodiscard]] bool takeProducerId(const std::string& host, int port);

} // namespace dashstream::testing
