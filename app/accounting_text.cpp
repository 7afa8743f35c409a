#include "app/accounting_text.h"

#include <cmath>

namespace dashstream::app {

namespace {

void addCount(std::string& text, std::uint64_t count, const char* what) {
    if (count > 0) {
        text += (text.empty() ? "" : ", ") + grouped(count) + " " + what;
    }
}

std::string rejectsText(const engine::RejectCounts& rejected) {
    std::string reasons;
    addCount(reasons, rejected.invalid, "invalid");
    addCount(reasons, rejected.tooLarge, "too large");
    addCount(reasons, rejected.rateLimited, "over the rate limit");
    addCount(reasons, rejected.limiterError, "because the rate limiter could not decide");
    addCount(reasons, rejected.stopped, "read while stopping");
    return rejected.total() == 0 ? "" : "rejected " + grouped(rejected.total()) + ": " + reasons + "\n";
}

} // namespace

std::string grouped(std::uint64_t number) {
    std::string digits = std::to_string(number);
    for (std::size_t at = digits.size(); at > 3; at -= 3) {
        digits.insert(at - 3, " ");
    }
    return digits;
}

std::string accountingText(const engine::Accounting& accounting) {
    std::string text = "accepted " + grouped(accounting.accepted) + " + carried in " + grouped(accounting.carriedIn) +
                       " = delivered " + grouped(accounting.delivered) + " + in flight " +
                       grouped(accounting.inFlight) + " + retry " + grouped(accounting.retrying) + " + dead " +
                       grouped(accounting.dead) + " + discarded " + grouped(accounting.discarded) + "\n";
    text += rejectsText(accounting.rejected);
    std::string more;
    addCount(more, accounting.sendRetries, "sent again after a failure");
    addCount(more, accounting.duplicatesAvoided, "duplicates avoided");
    addCount(more, accounting.duplicatesPossible, "duplicates possible");
    addCount(more, accounting.reordersPossible, "reorders possible");
    text += more.empty() ? "" : more + "\n";
    if (!accounting.balanced()) {
        text += "THE ACCOUNTING DOES NOT ADD UP: " + grouped(accounting.entered()) + " entered, " +
                grouped(accounting.accountedFor()) + " are accounted for. Keep the data folder and the log.\n";
    }
    return text;
}

std::string progressText(const engine::Snapshot& snapshot) {
    const engine::Accounting& accounting = snapshot.accounting;
    return grouped(static_cast<std::uint64_t>(std::llround(snapshot.rates.delivered))) + "/s, delivered " +
           grouped(accounting.delivered) + ", in flight " + grouped(accounting.inFlight) + ", retry " +
           grouped(accounting.retrying) + ", dead " + grouped(accounting.dead) +
           (snapshot.connection == engine::ConnectionState::Connected ? "" : ", " + snapshot.connectionText);
}

} // namespace dashstream::app
