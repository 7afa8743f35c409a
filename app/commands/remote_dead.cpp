// dead list, show and groups with --topic: another's dead letter topic, read without a trace.
#include "app/accounting_text.h"
#include "app/commands/commands.h"
#include "app/commands/remote_scanning.h"
#include "app/terminal_text.h"
#include "app/text_table.h"
#include "core/resend/remote_record.h"
#include "core/wire/base64.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <ctime>
#include <map>
#include <span>

namespace dashstream::app {

namespace {

using nlohmann::json;
using resend::RemoteLetter;
using resend::RemoteRow;

constexpr std::size_t kPage = 200;
constexpr std::size_t kGroupsAtMost = 100'000;

std::string timeText(std::int64_t milliseconds) {
    return milliseconds < 0 ? std::string() : toRfc3339(UtcTime(std::chrono::milliseconds(milliseconds)));
}

json textOrNull(const std::string& text) {
    return text.empty() ? json(nullptr) : json(text);
}

json toJson(const RemoteRow& row) {
    return {{"id", placeText(row.partition, row.offset)},
            {"partition", row.partition.value},
            {"offset", row.offset.value},
            {"time", textOrNull(timeText(row.timestampMs))},
            {"topic", textOrNull(row.topic)},
            {"origin", row.origin},
            {"key", row.key},
            {"tenant", textOrNull(row.tenant)},
            {"thread", textOrNull(row.thread)},
            {"type", textOrNull(row.type)},
            {"bytes", row.bytes},
            {"error", row.error},
            {"cause", row.cause},
            {"whole", row.whole},
            {"notice", textOrNull(row.notice)}};
}

/// What all of these commands need; then `visit` for what passes.
Result<bool> go(const DeadOptions& options, CommandContext& context,
                const std::function<bool(const kafka::ConsumedRecord&, const RemoteLetter&)>& visit) {
    auto signals = SignalWatcher::start();
    if (!signals) {
        return fail(signals.error());
    }
    auto access = accessCluster(context);
    if (!access) {
        return fail(access.error());
    }
    auto selection = remoteSelection(options, SystemClock().utcNow());
    if (!selection) {
        return fail(selection.error());
    }
    auto scan = resend::RemoteScan::open(access->query, std::move(*selection), options.connectTimeout);
    if (!scan) {
        return fail(scan.error());
    }
    auto done = scanTopic(**scan, context, **signals, visit);
    if (done && !*done && (*signals)->stop().cancelled()) {
        return fail(ErrorClass::Cancelled, "cancelled", "Interrupted", "");
    }
    return done;
}

ExitCode codeOf(CommandContext& context, const Error& error) {
    return error.errorClass == ErrorClass::Cancelled ? ExitCode::Interrupted : refuse(context, error);
}

std::string headersText(const kafka::ConsumedRecord& record) {
    std::string text;
    for (const kafka::Header& header : record.headers) {
        text += "  " + escapeForTerminal(header.name) + ": " +
                (header.value ? escapeForTerminal(*header.value) : std::string("(null)")) + "\n";
    }
    return text.empty() ? text : "headers:\n" + text;
}

void addTree(std::string& text, const decode::TreeNode& node, std::size_t depth) {
    text += std::string(2 * depth, ' ') + escapeForTerminal(node.name) + (node.name.empty() ? "" : ": ") +
            escapeForTerminal(node.value) + (node.type.empty() ? "" : "  (" + escapeForTerminal(node.type) + ")") +
            "\n";
    for (const decode::TreeNode& child : node.children) {
        addTree(text, child, depth + 1);
    }
}

std::string contentText(const char* name, const decode::Decoded& decoded) {
    std::string text = std::string(name) + " (" + std::string(decode::nameOf(decoded.kind)) + "):\n";
    for (const std::string& remark : decoded.remarks) {
        text += "  " + escapeForTerminal(remark) + "\n";
    }
    addTree(text, decoded.tree, 1);
    return text;
}

std::string failureText(const decode::FailureInfo& failure) {
    std::string text;
    const auto line = [&text](const char* name, const std::optional<std::string>& value) {
        if (value) {
            text += std::string(name) + ": " + escapeForTerminal(*value) + "\n";
        }
    };
    line("consumer group", failure.consumerGroup);
    line("connector", failure.connector);
    line("stage", failure.stage);
    line("exception", failure.exceptionClass);
    line("caused by", failure.causeClass);
    line("message", failure.message);
    line("stack trace", failure.stacktrace);
    for (const std::string& fault : failure.faults) {
        text += "not readable: " + escapeForTerminal(fault) + "\n";
    }
    return text;
}

std::string originalText(const decode::OriginalMessage& original, const decode::RecordPlace& place) {
    std::string text = "failed in topic " + (original.topic ? escapeForTerminal(*original.topic) : "(not told)");
    text += original.partition ? ", partition " + std::to_string(*original.partition) : "";
    text += place.offset ? ", offset " + std::to_string(*place.offset) : "";
    text += original.whole ? "\n" : "\nTHE WHOLE MESSAGE IS NOT HERE\n";
    return text + (original.notice.empty() ? "" : escapeForTerminal(original.notice) + "\n");
}

void sayRecord(const DeadOptions& options, const kafka::ConsumedRecord& record, const RemoteLetter& letter,
               CommandContext& context) {
    const decode::DecodedRecord decoded = decode::decodeRecord(resend::foreignRecord(options.topic, record));
    const RemoteRow row = letter.row();
    json object = toJson(row);
    object["headers"] = json::array();
    for (const kafka::Header& header : record.headers) {
        object["headers"].push_back(
            {{"name", header.name}, {"value_base64", header.value ? json(wire::toBase64(*header.value)) : json()}});
    }
    object["key_base64"] = record.nullKey ? json() : json(wire::toBase64(record.key));
    object["value_base64"] = record.nullValue ? json() : json(wire::toBase64(record.value));
    object["content"] = decode::nameOf(decoded.value.kind);
    object["summary"] = decoded.value.summary;
    context.out.value(object);
    context.out.text("record " + placeText(row.partition, row.offset) + " of topic " +
                     escapeForTerminal(options.topic) + ", " + timeText(row.timestampMs) + ", " +
                     escapeForTerminal(row.origin) + "\n" + originalText(decoded.original, decoded.failure.original) +
                     failureText(decoded.failure) + headersText(record) + contentText("key", decoded.key) +
                     contentText("content", decoded.value));
}

struct Group {
    std::uint64_t count = 0;
    std::int64_t first = -1;
    std::int64_t last = -1;
    std::uint64_t bytes = 0;
};

std::string dayOf(std::int64_t milliseconds) {
    if (milliseconds < 0) {
        return {};
    }
    const std::time_t seconds = milliseconds / 1'000;
    std::tm local{};
    localtime_r(&seconds, &local);
    char text[16];
    std::strftime(text, sizeof text, "%Y-%m-%d", &local);
    return text;
}

std::string groupOf(const RemoteRow& row, const std::string& by) {
    return by == "topic"    ? row.topic
           : by == "tenant" ? row.tenant
           : by == "thread" ? (row.thread.empty() ? row.key : row.thread)
           : by == "type"   ? row.type
           : by == "day"    ? dayOf(row.timestampMs)
                            : row.cause;
}

void sayGroups(const DeadOptions& options, const std::map<std::string, Group>& found, std::uint64_t more,
               CommandContext& context) {
    std::vector<std::pair<std::string, Group>> sorted(found.begin(), found.end());
    std::ranges::stable_sort(sorted, std::greater<>{}, [](const auto& each) { return each.second.count; });
    const std::size_t limit = options.limit == 0 ? sorted.size() : std::min(options.limit, sorted.size());
    using Align = TextTable::Align;
    TextTable table({{"RECORDS", Align::Right},
                     {"BYTES", Align::Right},
                     {"FIRST (UTC)"},
                     {"LAST (UTC)"},
                     {options.groupBy == "cause" ? "CAUSE" : "GROUP", Align::Left, 100}});
    json groups = json::array();
    std::uint64_t records = more;
    for (const auto& [name, group] : sorted) {
        records += group.count;
    }
    for (const auto& [name, group] : std::span(sorted).first(limit)) {
        table.add({grouped(group.count), grouped(group.bytes), timeText(group.first), timeText(group.last),
                   name.empty() ? "(none)" : name});
        groups.push_back({{"group", name},
                          {"count", group.count},
                          {"bytes", group.bytes},
                          {"first", textOrNull(timeText(group.first))},
                          {"last", textOrNull(timeText(group.last))}});
    }
    context.out.value(
        {{"by", options.groupBy}, {"records", records}, {"groups", groups}, {"more_groups", sorted.size() - limit}});
    context.out.text(sorted.empty() ? "No records\n" : table.takePage());
    if (more > 0) {
        context.out.note(grouped(more) + " records are of further groups, which are not counted one by one");
    }
}

} // namespace

ExitCode listRemote(const DeadOptions& options, CommandContext& context) {
    using Align = TextTable::Align;
    TextTable table({{"ID"},
                     {"TIME (UTC)"},
                     {"FAILED IN", Align::Left, 32},
                     {"KEY", Align::Left, 32},
                     {"BYTES", Align::Right},
                     {"WHOSE"},
                     {"ERROR", Align::Left, 100}});
    std::size_t count = 0;
    context.out.openArray();
    const auto done = go(options, context, [&](const auto&, const RemoteLetter& letter) {
        const RemoteRow row = letter.row();
        if (context.out.json()) {
            context.out.item(toJson(row));
        } else {
            table.add({placeText(row.partition, row.offset), timeText(row.timestampMs), row.topic, row.key,
                       std::to_string(row.bytes), row.origin, row.whole ? row.error : "(not whole) " + row.error});
        }
        if (++count % kPage == 0) {
            context.out.text(table.takePage());
            static_cast<void>(context.out.flush());
        }
        return options.limit == 0 || count < options.limit;
    });
    context.out.closeArray();
    if (!done) {
        return codeOf(context, done.error());
    }
    context.out.text(count == 0 ? "No records\n" : table.takePage());
    return ExitCode::Done;
}

ExitCode showRemote(const DeadOptions& options, CommandContext& context) {
    bool found = false;
    const auto done = go(options, context, [&](const kafka::ConsumedRecord& record, const RemoteLetter& letter) {
        sayRecord(options, record, letter, context);
        found = true;
        return false;
    });
    if (!done) {
        return codeOf(context, done.error());
    }
    if (!found) {
        return refuse(context, Error{ErrorClass::Usage, "dead.none",
                                     "No record stands at " +
                                         placeText(options.places.front().first, options.places.front().second) +
                                         " of topic " + options.topic,
                                     "'dashstreamctl dead list --topic " + options.topic + "' shows them."});
    }
    return ExitCode::Done;
}

ExitCode countRemote(const DeadOptions& options, CommandContext& context) {
    std::map<std::string, Group> groups;
    std::uint64_t more = 0;
    const auto done = go(options, context, [&](const auto&, const RemoteLetter& letter) {
        const RemoteRow row = letter.row();
        const std::string name = groupOf(row, options.groupBy);
        if (groups.size() >= kGroupsAtMost && !groups.contains(name)) {
            ++more;
            return true;
        }
        Group& group = groups[name];
        ++group.count;
        group.bytes += static_cast<std::uint64_t>(row.bytes);
        group.first = group.first < 0 ? row.timestampMs : std::min(group.first, row.timestampMs);
        group.last = std::max(group.last, row.timestampMs);
        return true;
    });
    if (!done) {
        return codeOf(context, done.error());
    }
    sayGroups(options, groups, more, context);
    return ExitCode::Done;
}

} // namespace dashstream::app
