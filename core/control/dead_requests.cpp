#include "core/control/dead_requests.h"

#include "core/control/protocol.h"

#include <algorithm>

namespace dashstream::control {

using nlohmann::json;

namespace {
std::uint64_t countIn(const json& object, const char* name) {
    return static_cast<std::uint64_t>(std::max<std::int64_t>(integerField(object, name).value_or(0), 0));
}
} // namespace

json toRequest(const store::DeadChange& change) {
    json ids = json::array();
    for (const DeadLetterId letter : change.letters) {
        ids.push_back(letter.value);
    }
    return {{"request", change.action == store::DeadAction::Discard ? "dead_discard" : "dead_restore"},
            {"ids", std::move(ids)},
            {"reason", change.reason},
            {"filter", change.filter},
            {"before", change.before},
            {"total", change.total}};
}

std::optional<store::DeadChange> changeOf(const json& request, store::DeadAction action) {
    const auto ids = request.find("ids");
    if (ids == request.end() || !ids->is_array() || ids->empty()) {
        return std::nullopt;
    }
    store::DeadChange change;
    change.action = action;
    for (const json& id : *ids) {
        if (!id.is_number_integer() || id.get<std::int64_t>() < 1) {
            return std::nullopt;
        }
        change.letters.emplace_back(id.get<std::int64_t>());
    }
    change.reason = action == store::DeadAction::Discard ? textField(request, "reason").value_or("") : "";
    change.filter = textField(request, "filter").value_or("");
    change.before = countIn(request, "before");
    change.total = countIn(request, "total");
    return change;
}

json toJson(const store::DeadChanged& changed) {
    return {
        {"changed", changed.changed}, {"at_hand", changed.atHand}, {"other", changed.other}, {"gone", changed.gone}};
}

store::DeadChanged changedOf(const json& answer) {
    return {countIn(answer, "changed"), countIn(answer, "at_hand"), countIn(answer, "other"), countIn(answer, "gone")};
}

} // namespace dashstream::control
