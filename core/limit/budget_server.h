// What the shared limiter asks of whoever holds the budget, and what comes back. Plain values; they cross threads.
#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/flow/rate_limiter.h"

#include <cstdint>
#include <string>
#include <vector>

namespace dashstream::limit {

struct BudgetRequest {
    enum class Kind : std::uint8_t { Take, GiveBack, Check };

    std::uint64_t id = 0; ///< rises with each request
    Kind kind = Kind::Check;
    std::string tenant; ///< not of Check
    flow::RateLimit limit;
    std::uint64_t want = 0; ///< Take: at most so many are granted
    std::uint64_t back = 0; ///< taken earlier and not used; never given to a bucket that is gone
};

struct BudgetGrant {
    std::uint64_t granted = 0;
    double left = 0; ///< tokens in the bucket afterwards
};

struct BudgetAnswer {
    std::uint64_t id = 0;
    Result<BudgetGrant> grant; ///< error "limiter.bucket": this tenant's bucket alone cannot be used
};

/// One exchange with the server, for the counters.
struct BudgetExchange {
    const char* operation = ""; ///< "connect", "take", "give_back", "check"
    microseconds took{0};
    bool failed = false;
};

struct BudgetReport {
    std::vector<BudgetAnswer> answers;
    std::vector<BudgetExchange> exchanges;
};

class BudgetServer {
public:
    virtual ~BudgetServer() = default;
    /// Returns at once; each request is answered in a later report, in order.
    virtual void ask(BudgetRequest request) = 0;
};

} // namespace dashstream::limit
