// One GET over a socket of its own, as a scraper or a probe sends it. One thread.
#pragma once

#include <chrono>
#include <string>

namespace dashstream::testing {

struct HttpAnswer {
    int status = 0; ///< 0: no answer within the patience, or nobody listens
    std::string head;
    std::string body;
    std::chrono::milliseconds took{0};
};

/// `host` is a numeric address without brackets. `headers`: lines with their CR LF.
[[nodiscard]] HttpAnswer httpGet(const std::string& host, int port, const std::string& path,
                                 const std::string& headers = {}, const std::string& method = "GET");

} // namespace dashstream::testing
