// dead list, dead show.
#include "app/accounting_text.h"
#include "app/commands/commands.h"
#include "app/commands/selection.h"
#include "app/discard_text.h"
#include "app/pages.h"
#include "app/terminal_text.h"
#include "app/text_table.h"
#include "core/engine/dead_reason.h"
#include "core/wire/base64.h"
#include "core/wire/codec.h"
#include "core/wire/json_lines.h"

#include <algorithm>

namespace dashstream::app {

namespace {

using nlohmann::json;

std::string_view toText(store::DeadState state) {
    switch (state) {
    case store::DeadState::Open:
        return "open";
    case store::DeadState::Resending:
        return "resending";
    case store::DeadState::Resent:
        return "resent";
    case store::DeadState::Discarded:
        return "discarded";
    }
    return "?";
}

std::string_view typeName(int type) {
    return wire::typeName(static_cast<wire::v1::MessageType>(type));
}

json toJson(const store::DeadRow& row) {
    return {{"id", row.id.value},
            {"thread", row.thread},
            {"tenant", row.tenant},
            {"topic", row.topic},
            {"sequence", row.sequence.value},
            {"type", typeName(row.type)},
            {"state", toText(row.state)},
            {"error_code", row.errorCode},
            {"error", row.errorText},
            {"died_at", toRfc3339(row.diedAt)},
            {"attempts", row.attempts},
            {"rounds", row.rounds},
            {"bytes", row.bytes},
            {"copy", copyStateText(row.copyState)},
            {"copy_error", row.copyError},
            {"trace", row.trace},
            {"trace_id", row.traceId},
            {"discarded", toJson(DiscardNote{row.settledAt, row.settledBy, row.settleReason})}};
}

std::optional<store::DeadState> stateOf(std::string_view text) {
    for (const auto state : {store::DeadState::Open, store::DeadState::Resent, store::DeadState::Discarded}) {
        if (toText(state) == text) {
            return state;
        }
    }
    return std::nullopt;
}

ExitCode listDiscarded(const DeadOptions& options, const std::vector<DeadLetterId>& ids, store::StoreReader& reader,
                       CommandContext& context) {
    using Align = TextTable::Align;
    TextTable table({{"ID", Align::Right},
                     {"DISCARDED (UTC)"},
                     {"RESTORABLE UNTIL (UTC)"},
                     {"BY", Align::Left, 32},
                     {"REASON", Align::Left, 80},
                     {"THREAD", Align::Left, 32},
                     {"SEQUENCE", Align::Right},
                     {"BYTES", Align::Right},
                     {"ERROR CODE"}});
    const auto listed = listPages(
        context.out, ids, options.limit, table, [&](auto page) { return reader.deadRows(page); },
        [&table](const store::DeadRow& row) {
            table.add({std::to_string(row.id.value), toRfc3339(row.settledAt),
                       toRfc3339(restorableUntil(row.settledAt)), row.settledBy, row.settleReason, row.thread,
                       std::to_string(row.sequence.value), std::to_string(row.bytes), row.errorCode});
        },
        [](const store::DeadRow& row) { return toJson(row); });
    return listed ? ExitCode::Done : refuse(context, listed.error());
}

ExitCode list(const DeadOptions& options, CommandContext& context) {
    auto reader = openReader(context);
    if (!reader) {
        return refuse(context, reader.error());
    }
    const auto state = stateOf(options.state);
    auto ids = selectDead(**reader, options.selection, !options.everyState, copyStateOf(options.copyState), state);
    if (!ids) {
        return refuse(context, ids.error());
    }
    std::ranges::reverse(*ids); // newest first
    if (state == store::DeadState::Discarded) {
        return listDiscarded(options, *ids, **reader, context);
    }
    using Align = TextTable::Align;
    TextTable table({{"ID", Align::Right},
                     {"DIED (UTC)"},
                     {"THREAD", Align::Left, 32},
                     {"SEQUENCE", Align::Right},
                     {"TYPE"},
                     {"STATE"},
                     {"ATTEMPTS", Align::Right},
                     {"BYTES", Align::Right},
                     {"COPY"},
                     {"TRACE", Align::Left, 32},
                     {"ERROR CODE"},
                     {"ERROR", Align::Left, 80}});
    const auto listed = listPages(
        context.out, *ids, options.limit, table, [&](auto page) { return (*reader)->deadRows(page); },
        [&table](const store::DeadRow& row) {
            table.add({std::to_string(row.id.value), toRfc3339(row.diedAt), row.thread,
                       std::to_string(row.sequence.value), std::string(typeName(row.type)),
                       std::string(toText(row.state)), std::to_string(row.attempts), std::to_string(row.bytes),
                       std::string(copyStateText(row.copyState)), row.trace, row.errorCode, row.errorText});
        },
        [](const store::DeadRow& row) { return toJson(row); });
    return listed ? ExitCode::Done : refuse(context, listed.error());
}

json attemptsOf(const store::DeadLetter& letter) {
    json attempts = json::array();
    for (const store::Attempt& attempt : letter.attempts) {
        attempts.push_back({{"number", attempt.number},
                            {"at", toRfc3339(attempt.at)},
                            {"code", attempt.code},
                            {"text", attempt.text},
                            {"possibly_persisted", attempt.possiblyPersisted},
                            {"partition", attempt.partition.value}});
    }
    return attempts;
}

json toJson(const store::DeadLetter& letter) {
    const store::StoredMessage& message = letter.message;
    const auto reason = engine::deadReasonOf(letter);
    json object{{"id", letter.id.value},
                {"thread", message.thread},
                {"tenant", message.tenant},
                {"topic", message.topic},
                {"sequence", message.sequence.value},
                {"type", typeName(message.type)},
                {"state", toText(letter.state)},
                {"error_code", letter.errorCode},
                {"error", letter.errorText},
                {"error_class", reason ? json(toText(reason->reason.errorClass)) : json(nullptr)},
                {"error_class_reason", reason ? json(reason->reason.why) : json(nullptr)},
                {"died_at", toRfc3339(letter.diedAt)},
                {"rounds", letter.rounds},
                {"discarded", toJson(DiscardNote{letter.settledAt, letter.settledBy, letter.settleReason})},
                {"bytes", message.value.size()},
                {"trace_id", letter.traceId},
                {"copy",
                 {{"state", copyStateText(letter.copyState)},
                  {"code", letter.copyCode},
                  {"error", letter.copyError},
                  {"at", letter.copyAt == UtcTime{} ? json(nullptr) : json(toRfc3339(letter.copyAt))}}},
                {"message_id", message.id.text()},
                {"source", message.source},
                {"accepted_at", toRfc3339(message.acceptedAt)},
                {"traceparent", message.traceparent},
                {"tracestate", message.tracestate},
                {"attempts", attemptsOf(letter)},
                {"value_base64", wire::toBase64(message.value)}};
    wire::Decoder decoder;
    wire::v1::DashStreamMessage decoded;
    if (decoder.decode(asBytes(message.value), decoded)) {
        if (auto line = wire::toJsonLine(decoded)) {
            object["message"] = json::parse(*line, nullptr, false);
        }
    }
    return object;
}

std::string contentText(const store::DeadLetter& letter) {
    wire::Decoder decoder;
    wire::v1::DashStreamMessage decoded;
    auto info = decoder.decode(asBytes(letter.message.value), decoded);
    if (!info) {
        return "content: cannot be decoded: " + escapeForTerminal(info.error().text()) + "\n";
    }
    auto text = wire::toIndentedJson(decoded, {letter.message.traceparent, letter.message.tracestate});
    return text ? "content:\n" + escapeInJson(*text) + "\n" : escapeForTerminal(text.error().text()) + "\n";
}

std::string copyText(const store::DeadLetter& letter) {
    std::string text = "copy in the dead letter topic: " + std::string(copyStateText(letter.copyState));
    if (letter.copyAt != UtcTime{}) {
        text += " since " + toRfc3339(letter.copyAt);
    }
    if (letter.copyState == store::CopyState::Refused) {
        text += ": " + escapeForTerminal(letter.copyError);
    }
    text += ", trace id " + escapeForTerminal(letter.traceId) + "\n";
    if (!letter.message.traceparent.empty()) {
        text += "traceparent " + escapeForTerminal(letter.message.traceparent) + "\n";
    }
    if (!letter.message.tracestate.empty()) {
        text += "tracestate " + escapeForTerminal(letter.message.tracestate) + "\n";
    }
    return text;
}

std::string letterText(const store::DeadLetter& letter) {
    const store::StoredMessage& message = letter.message;
    const std::string reason = engine::deadReasonText(letter);
    std::string text = "dead letter " + std::to_string(letter.id.value) + " (" + std::string(toText(letter.state)) +
                       "), " + std::string(typeName(message.type)) + " of thread " + escapeForTerminal(message.thread) +
                       ", sequence " + std::to_string(message.sequence.value) + ", tenant " +
                       escapeForTerminal(message.tenant) + "\ntopic " + escapeForTerminal(message.topic) + ", " +
                       grouped(message.value.size()) + " bytes framed, from " + escapeForTerminal(message.source) +
                       ", died " + toRfc3339(letter.diedAt) + ", sent again " + std::to_string(letter.rounds) +
                       " times\n" + escapeForTerminal(letter.errorCode) + ": " + escapeForTerminal(letter.errorText) +
                       "\n" + (reason.empty() ? "" : reason + "\n") +
                       toText(DiscardNote{letter.settledAt, letter.settledBy, letter.settleReason}) + copyText(letter);
    TextTable table({{"ATTEMPT", TextTable::Align::Right},
                     {"AT (UTC)"},
                     {"PARTITION", TextTable::Align::Right},
                     {"CODE"},
                     {"TEXT", TextTable::Align::Left, 120}});
    for (const store::Attempt& attempt : letter.attempts) {
        table.add({std::to_string(attempt.number), toRfc3339(attempt.at), std::to_string(attempt.partition.value),
                   attempt.code, attempt.text});
    }
    return text + table.takePage() + contentText(letter);
}

ExitCode show(const DeadOptions& options, CommandContext& context) {
    auto reader = openReader(context);
    if (!reader) {
        return refuse(context, reader.error());
    }
    auto letter = (*reader)->deadLetter(DeadLetterId(options.selection.ids.front().first));
    if (!letter) {
        return refuse(context, letter.error());
    }
    context.out.value(toJson(*letter));
    context.out.text(letterText(*letter));
    return ExitCode::Done;
}

} // namespace

ExitCode run(const DeadOptions& options, CommandContext& context) {
    const bool remote = !options.topic.empty();
    switch (options.verb) {
    case DeadOptions::Verb::List:
        return remote ? listRemote(options, context) : list(options, context);
    case DeadOptions::Verb::Show:
        return remote ? showRemote(options, context) : show(options, context);
    case DeadOptions::Verb::Groups:
        return remote ? countRemote(options, context) : countDead(options, context);
    case DeadOptions::Verb::Fields:
        return sayFields(context);
    case DeadOptions::Verb::Copy:
        return copyDead(options, context);
    case DeadOptions::Verb::Export:
        return exportDead(options, context);
    case DeadOptions::Verb::Import:
        return importDead(options, context);
    case DeadOptions::Verb::Discard:
        return discardDead(options, context);
    case DeadOptions::Verb::Restore:
        return restoreDead(options, context);
    case DeadOptions::Verb::Edit:
    case DeadOptions::Verb::Resend:
        break;
    }
    return resendDead(options, context);
}

} // namespace dashstream::app
