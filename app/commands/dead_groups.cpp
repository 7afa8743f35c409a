// dead groups, dead fields.
#include "app/accounting_text.h"
#include "app/commands/commands.h"
#include "app/commands/selection.h"
#include "app/text_table.h"
#include "core/filter/values.h"
#include "core/wire/message_access.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace dashstream::app {

namespace {

using nlohmann::json;

/// In the order of store::DeadGroupBy.
constexpr std::array<std::string_view, 6> kKinds{"cause", "topic", "tenant", "thread", "type", "day"};

store::DeadGroupBy kindOf(std::string_view text) {
    return static_cast<store::DeadGroupBy>(std::ranges::find(kKinds, text) - kKinds.begin());
}

/// Deaths over time as a line of blocks, a quarter as many as the store counts.
std::string plotText(const std::vector<std::uint32_t>& plot) {
    constexpr std::size_t kPer = 4;
    constexpr std::array<std::string_view, 8> kBlocks{"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    std::vector<std::uint64_t> parts((plot.size() + kPer - 1) / kPer);
    for (std::size_t i = 0; i < plot.size(); ++i) {
        parts[i / kPer] += plot[i];
    }
    const std::uint64_t most = parts.empty() ? 0 : *std::ranges::max_element(parts);
    std::string text;
    for (const std::uint64_t part : parts) {
        text += part == 0 ? "·" : kBlocks[(part * kBlocks.size() - 1) / most];
    }
    return text;
}

std::string nameOf(const store::DeadGroup& group, store::DeadGroupBy by) {
    return by == store::DeadGroupBy::Type
               ? std::string(wire::typeName(static_cast<wire::v1::MessageType>(std::atoi(group.key.c_str()))))
               : group.key;
}

void say(const store::DeadGroups& found, const DeadOptions& options, CommandContext& context) {
    const store::DeadGroupBy by = kindOf(options.groupBy);
    const std::size_t limit = options.limit == 0 ? found.groups.size() : std::min(options.limit, found.groups.size());
    using Align = TextTable::Align;
    TextTable table({{"LETTERS", Align::Right},
                     {"OVER TIME"},
                     {"FIRST (UTC)"},
                     {"LAST (UTC)"},
                     {options.groupBy == "cause" ? "CAUSE" : "GROUP", Align::Left, 100}});
    json groups = json::array();
    for (std::size_t i = 0; i < limit; ++i) {
        const store::DeadGroup& group = found.groups[i];
        table.add({grouped(static_cast<std::uint64_t>(group.count)), plotText(group.plot), toRfc3339(group.first),
                   toRfc3339(group.last), nameOf(group, by)});
        groups.push_back({{"group", nameOf(group, by)},
                          {"filter", group.filter},
                          {"count", group.count},
                          {"first", toRfc3339(group.first)},
                          {"last", toRfc3339(group.last)},
                          {"plot", group.plot}});
    }
    const std::size_t left = found.groups.size() - limit + found.more;
    context.out.value({{"by", options.groupBy}, {"letters", found.letters}, {"groups", groups}, {"more_groups", left}});
    std::string text = found.groups.empty() ? "No dead letters\n" : table.takePage();
    text += left == 0 ? "" : "and " + grouped(left) + " groups more\n";
    context.out.text(text);
}

std::string signsOf(const filter::FieldInfo& field) {
    switch (field.kind) {
    case filter::FieldKind::Text:
        return field.field == filter::Field::Message ? "~ !~" : "= != ~ !~ in";
    case filter::FieldKind::Choice:
        return "= != in";
    case filter::FieldKind::Number:
    case filter::FieldKind::Size:
        return "= != < <= > >= in";
    case filter::FieldKind::Time:
        break;
    }
    return "= != < <= > >=";
}

} // namespace

ExitCode countDead(const DeadOptions& options, CommandContext& context) {
    auto reader = openReader(context);
    if (!reader) {
        return refuse(context, reader.error());
    }
    auto where = readFilter(options.selection.where);
    if (!where) {
        return refuse(context, where.error());
    }
    const SystemClock clock;
    const filter::TimeContext time = filter::systemTime(clock);
    store::DeadGroupQuery query{kindOf(options.groupBy), std::move(*where), !options.everyState};
    query.zoneSeconds = time.offsetAt ? time.offsetAt(time.now) : 0;
    const auto found = (*reader)->deadGroups(query);
    if (!found) {
        return refuse(context, found.error());
    }
    say(*found, options, context);
    return ExitCode::Done;
}

ExitCode sayFields(CommandContext& context) {
    TextTable table(
        {{"FIELD"}, {"SIGNS"}, {"MEANS", TextTable::Align::Left, 60}, {"VALUES", TextTable::Align::Left, 110}});
    json fields = json::array();
    for (const filter::FieldInfo& field : filter::fields()) {
        std::string values;
        for (const std::string_view choice : field.choices) {
            values += (values.empty() ? "" : " ") + std::string(choice);
        }
        if (field.kind == filter::FieldKind::Time) {
            values = "-2h, today, 2026-11-30, 2026-11-30T14:05";
        } else if (field.kind == filter::FieldKind::Size) {
            values = "500, 10KiB";
        }
        fields.push_back({{"field", field.name},
                          {"alias", field.alias},
                          {"signs", signsOf(field)},
                          {"means", field.help},
                          {"choices", field.choices}});
        table.add({std::string(field.name), signsOf(field), std::string(field.help), values});
    }
    context.out.value(fields);
    context.out.text(
        table.takePage() +
        "\nJoin conditions with and, or, not and parentheses. A word or a \"phrase\" alone is searched for in "
        "content, error, names and trace ids; its last word may be a beginning.\n");
    return ExitCode::Done;
}

} // namespace dashstream::app
