#include "app/discard_text.h"

#include "app/terminal_text.h"
#include "core/store/dead_change.h"

#include <nlohmann/json.hpp>

namespace dashstream::app {

UtcTime restorableUntil(UtcTime discardedAt) {
    return discardedAt + store::kRestorableFor;
}

nlohmann::json toJson(const DiscardNote& note) {
    if (note.at == UtcTime{}) {
        return nullptr;
    }
    return {{"at", toRfc3339(note.at)},
            {"by", note.by},
            {"reason", note.reason},
            {"restorable_until", toRfc3339(restorableUntil(note.at))}};
}

std::string toText(const DiscardNote& note) {
    if (note.at == UtcTime{}) {
        return {};
    }
    return "discarded " + toRfc3339(note.at) + " by " + escapeForTerminal(note.by) + ": " +
           escapeForTerminal(note.reason) + "; can be restored until " + toRfc3339(restorableUntil(note.at)) + "\n";
}

} // namespace dashstream::app
