// What the GUI asks of another's dead letter topic, and what comes back while it is read. Values; cross threads.
#pragma once

#include "core/resend/remote_letter.h"
#include "core/resend/resend_view.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace dashstream::ui {

struct RemoteQuestion {
    std::string topic;
    std::string filter; ///< an expression; empty: everything
    int number = 0;     ///< stands in every answer, so that late ones are told from those to the newest question
};

/// How far the reading is, with the rows since the last one.
struct RemoteProgress {
    int number = 0;
    std::vector<resend::RemoteRow> rows;
    std::uint64_t read = 0;
    std::uint64_t total = 0; ///< records that there are to read
    std::uint64_t passed = 0;
    std::string trouble; ///< of the moment; it goes on
};

/// What passed, as a resend would take it: those that hold their whole message.
struct RemoteEnd {
    int number = 0;
    bool complete = false; ///< false: stopped, or `error`
    std::optional<Error> error;
    std::uint64_t whole = 0;
    std::uint64_t notWhole = 0;
    std::uint64_t bytes = 0;
    std::map<std::string, std::uint64_t> failedIn; ///< by topic; empty: they do not tell
    std::vector<std::pair<PartitionId, Offset>> ends;
    UtcTime countedAt{};
};

} // namespace dashstream::ui
