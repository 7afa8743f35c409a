// sequences list: every thread and its numbers, page by page.
#include "app/commands/commands.h"
#include "app/pages.h"
#include "app/text_table.h"

#include <nlohmann/json.hpp>

namespace dashstream::app {

namespace {

nlohmann::json toJson(const store::ThreadRecord& thread) {
    return {
        {"thread", thread.thread},       {"next", thread.next.value}, {"last_delivered", thread.lastDelivered.value},
        {"delivered", thread.delivered}, {"dead", thread.dead},       {"updated_at", toRfc3339(thread.updatedAt)}};
}

} // namespace

ExitCode run(const SequencesOptions& options, CommandContext& context) {
    if (options.verb == SequencesOptions::Verb::Forget) {
        return forgetSequences(options, context);
    }
    if (options.verb == SequencesOptions::Verb::Seed) {
        return seedSequences(options, context);
    }
    auto reader = openReader(context);
    if (!reader) {
        return refuse(context, reader.error());
    }
    store::ThreadQuery query;
    query.prefix = options.prefix;
    auto ids = (*reader)->threadIds(query);
    if (!ids) {
        return refuse(context, ids.error());
    }
    using Align = TextTable::Align;
    TextTable table({{"THREAD"},
                     {"NEXT", Align::Right},
                     {"LAST DELIVERED", Align::Right},
                     {"DELIVERED", Align::Right},
                     {"DEAD", Align::Right},
                     {"UPDATED (UTC)"}});
    const auto listed = listPages(
        context.out, *ids, options.limit, table, [&](auto page) { return (*reader)->threadRows(page); },
        [&table](const store::ThreadRecord& thread) {
            table.add({thread.thread, std::to_string(thread.next.value), std::to_string(thread.lastDelivered.value),
                       std::to_string(thread.delivered), std::to_string(thread.dead), toRfc3339(thread.updatedAt)});
        },
        [](const store::ThreadRecord& thread) { return toJson(thread); });
    return listed ? ExitCode::Done : refuse(context, listed.error());
}

} // namespace dashstream::app
