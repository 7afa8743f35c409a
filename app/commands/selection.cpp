#include "app/commands/selection.h"

#include "app/cli_values.h"

namespace dashstream::app {

namespace {

template <typename Id>
void keepSelected(std::vector<Id>& ids, const Selection& selection) {
    if (!selection.ids.empty()) {
        std::erase_if(ids, [&selection](Id id) { return !contains(selection.ids, id.value); });
    }
}

} // namespace

Result<std::vector<DeadLetterId>> selectDead(store::StoreReader& reader, const Selection& selection, bool openOnly) {
    store::DeadQuery query;
    query.text = selection.where;
    query.openOnly = openOnly;
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
    query.sortBy = store::RetryQuery::Column::Id;
    auto ids = reader.retryIds(query);
    if (ids) {
        keepSelected(*ids, selection);
    }
    return ids;
}

} // namespace dashstream::app
