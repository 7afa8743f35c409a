// retries list / retry / give-up.
#include "app/commands/commands.h"
#include "app/commands/selection.h"
#include "app/pages.h"
#include "app/text_table.h"
#include "core/control/control_client.h"
#include "core/wire/message_access.h"

namespace dashstream::app {

namespace {

using nlohmann::json;

std::string_view toText(store::RetryState state) {
    switch (state) {
    case store::RetryState::Waiting:
        return "waiting";
    case store::RetryState::Sending:
        return "sending";
    case store::RetryState::Stalled:
        return "stalled";
    }
    return "?";
}

json toJson(const store::RetryRow& row) {
    return {{"id", row.id.value},
            {"thread", row.thread},
            {"tenant", row.tenant},
            {"sequence", row.sequence.value},
            {"type", wire::typeName(static_cast<wire::v1::MessageType>(row.type))},
            {"state", toText(row.state)},
            {"cause", row.cause},
            {"partition", row.partition.value},
            {"waiting_since", toRfc3339(row.waitingSince)},
            {"next_try", row.nextTry ? json(toRfc3339(*row.nextTry)) : json(nullptr)},
            {"attempts", row.attempts},
            {"bytes", row.bytes},
            {"outcome_unknown", row.outcomeUnknown},
            {"trace", row.trace}};
}

ExitCode list(const RetriesOptions& options, CommandContext& context) {
    auto reader = openReader(context);
    if (!reader) {
        return refuse(context, reader.error());
    }
    store::RetryQuery query;
    query.text = options.selection.where;
    query.thread = options.selection.thread;
    query.trace = options.selection.trace;
    auto ids = (*reader)->retryIds(query);
    if (!ids) {
        return refuse(context, ids.error());
    }
    using Align = TextTable::Align;
    TextTable table({{"ID", Align::Right},
                     {"THREAD", Align::Left, 32},
                     {"SEQUENCE", Align::Right},
                     {"STATE"},
                     {"CAUSE"},
                     {"PARTITION", Align::Right},
                     {"ATTEMPTS", Align::Right},
                     {"WAITING SINCE (UTC)"},
                     {"NEXT TRY (UTC)"},
                     {"TRACE", Align::Left, 32}});
    const auto listed = listPages(
        context.out, *ids, options.limit, table, [&](auto page) { return (*reader)->retryRows(page); },
        [&table](const store::RetryRow& row) {
            table.add({std::to_string(row.id.value), row.thread, std::to_string(row.sequence.value),
                       std::string(toText(row.state)), row.cause, std::to_string(row.partition.value),
                       std::to_string(row.attempts), toRfc3339(row.waitingSince),
                       row.nextTry ? toRfc3339(*row.nextTry) : "-", row.trace});
        },
        [](const store::RetryRow& row) { return toJson(row); });
    return listed ? ExitCode::Done : refuse(context, listed.error());
}

/// Empty: all.
Result<json> requestOf(const RetriesOptions& options, CommandContext& context) {
    json request{{"request", options.verb == RetriesOptions::Verb::Retry ? "retry" : "give_up"}};
    if (options.selection.all) {
        request["all"] = true;
        return request;
    }
    auto reader = openReader(context);
    if (!reader) {
        return fail(reader.error());
    }
    auto ids = selectRetries(**reader, options.selection);
    if (!ids) {
        return fail(ids.error());
    }
    if (ids->empty()) {
        return fail(ErrorClass::Usage, "retries.none", "Nothing in the retry queue is selected",
                    "'dashstreamctl retries list' shows what waits.");
    }
    json numbers = json::array();
    for (const RetryId id : *ids) {
        numbers.push_back(id.value);
    }
    request["ids"] = std::move(numbers);
    return request;
}

ExitCode act(const RetriesOptions& options, CommandContext& context) {
    auto settings = settingsOf(context);
    if (!settings) {
        return refuse(context, settings.error());
    }
    if (!store::isHeld(settings->paths.dataFolder)) {
        return refuse(context, Error{ErrorClass::Local, "control.no_answer",
                                     "No process works on profile " + settings->paths.profile,
                                     "Start dashstream-console or 'dashstreamctl produce': it sends what waits."});
    }
    auto request = requestOf(options, context);
    if (!request) {
        return refuse(context, request.error());
    }
    const std::string what =
        options.selection.all ? "everything that waits" : std::to_string((*request)["ids"].size()) + " messages";
    if (options.verb == RetriesOptions::Verb::GiveUp && !options.yes) {
        const auto confirmed = context.out.confirm("Make dead letters of " + what + "?");
        if (!confirmed) {
            return refuse(context, Error{ErrorClass::Usage, "usage.yes",
                                         "Without a terminal to ask on, nothing is done", "Give --yes."});
        }
        if (!*confirmed) {
            context.out.note("Nothing was done");
            return ExitCode::Done;
        }
    }
    auto client = control::ControlClient::connect(settings->paths.dataFolder);
    auto answer = client ? (*client)->request(std::move(*request)) : Result<json>(fail(client.error()));
    if (!answer) {
        return refuse(context, answer.error());
    }
    context.out.value({{"asked", options.selection.all ? json("all") : answer->value("asked", json(0))}});
    context.out.text(std::string(options.verb == RetriesOptions::Verb::Retry ? "Asked to send " : "Asked to give up ") +
                     what + "\n");
    return ExitCode::Done;
}

} // namespace

ExitCode run(const RetriesOptions& options, CommandContext& context) {
    return options.verb == RetriesOptions::Verb::List ? list(options, context) : act(options, context);
}

} // namespace dashstream::app
