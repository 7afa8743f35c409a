#include "app/commands/selection.h"

#include "app/cli_values.h"
#include "core/filter/parse.h"

#include <algorithm>
#include <array>

namespace dashstream::app {

namespace {

/// In the order of store::CopyState.
constexpr std::array<std::string_view, 4> kCopyStates{"none", "pending", "copied", "refused"};

template <typename Id>
void keepSelected(std::vector<Id>& ids, const Selection& selection) {
    if (!selection.ids.empty()) {
        std::erase_if(ids, [&selection](Id id) { return !contains(selection.ids, id.value); });
    }
}

} // namespace

std::string_view copyStateText(store::CopyState state) {
    return kCopyStates.at(static_cast<std::size_t>(state));
}

std::optional<store::CopyState> copyStateOf(std::string_view text) {
    const auto* const found = std::ranges::find(kCopyStates, text);
    return found == kCopyStates.end()
               ? std::nullopt
               : std::optional(static_cast<store::CopyState>(std::distance(kCopyStates.begin(), found)));
}

Result<filter::Expression> readFilter(const std::string& where) {
    const SystemClock clock;
    auto read = filter::parse(where, filter::systemTime(clock));
    if (!read) {
        return fail(ErrorClass::Usage, "usage.where", "--where " + read.error().text(),
                    "'dashstreamctl dead fields' lists what can be asked.");
    }
    return std::move(*read);
}

Result<std::vector<DeadLetterId>> selectDead(store::StoreReader& reader, const Selection& selection, bool openOnly,
                                             std::optional<store::CopyState> copy,
                                             std::optional<store::DeadState> state) {
    store::DeadQuery query;
    auto where = readFilter(selection.where);
    if (!where) {
        return fail(where.error());
    }
    query.where = std::move(*where);
    query.openOnly = openOnly;
    query.trace = selection.trace;
    query.copy = copy;
    query.state = state;
    query.sortBy = store::DeadQuery::Column::Id;
    query.order = store::SortOrder::Ascending;
    auto ids = reader.deadIds(query);
    if (ids) {
        keepSelected(*ids, selection);
    }
    return ids;
}

Result<std::vector<RetryId>> selectRetries(store::StoreReader& reader, const Selection& selection) {
    store::RetryQuery query;
    query.text = selection.where;
    query.thread = selection.thread;
    query.trace = selection.trace;
    query.sortBy = store::RetryQuery::Column::Id;
    auto ids = reader.retryIds(query);
    if (ids) {
        keepSelected(*ids, selection);
    }
    return ids;
}

} // namespace dashstream::app
