// status: from the process that holds the profile through its control socket, or else counted from its files.
#include "app/accounting_text.h"
#include "app/commands/commands.h"
#include "app/terminal_text.h"
#include "app/text_table.h"
#include "core/care/recount.h"
#include "core/control/control_client.h"
#include "core/control/protocol.h"
#include "core/control/snapshot_json.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <vector>

namespace dashstream::app {

namespace {

using nlohmann::json;

std::string numberText(const json& object, const char* name) {
    const auto number = control::integerField(object, name);
    return number && *number >= 0 ? grouped(static_cast<std::uint64_t>(*number)) : "?";
}

std::string text(const json& object, const char* name) {
    return escapeForTerminal(control::textField(object, name).value_or(""));
}

std::string accountingLines(const json& accounting) {
    std::string lines = "accepted " + numberText(accounting, "accepted") + " + carried in " +
                        numberText(accounting, "carried_in") + " = delivered " + numberText(accounting, "delivered") +
                        " + in flight " + numberText(accounting, "in_flight") + " + retry " +
                        numberText(accounting, "retrying") + " + dead " + numberText(accounting, "dead") +
                        " + discarded " + numberText(accounting, "discarded") + "\nrejected " +
                        numberText(accounting, "rejected") + "\n";
    if (!control::flagField(accounting, "balanced")) {
        lines += "THE ACCOUNTING DOES NOT ADD UP. Keep the data folder and the log.\n";
    }
    return lines;
}

std::string partitionTable(const json& partitions) {
    using Align = TextTable::Align;
    TextTable table({{"PARTITION", Align::Right},
                     {"LEADER", Align::Right},
                     {"WAITING", Align::Right},
                     {"INSIDE", Align::Right},
                     {"STALLED", Align::Right},
                     {"OLDEST", Align::Right},
                     {"DELIVERED", Align::Right},
                     {"LAST ERROR"}});
    for (const json& partition : partitions) {
        table.add({numberText(partition, "partition"),
                   std::to_string(control::integerField(partition, "leader").value_or(-1)),
                   numberText(partition, "waiting"), numberText(partition, "inside"), numberText(partition, "stalled"),
                   numberText(partition, "oldest_age_ms") + " ms", numberText(partition, "delivered"),
                   control::textField(partition, "last_error").value_or("")});
    }
    return table.empty() ? "" : table.takePage();
}

const json& arrayOf(const json& object, const char* name) {
    static const json kNone = json::array();
    const auto found = object.find(name);
    return found != object.end() && found->is_array() ? *found : kNone;
}

/// One tenant a line, the busiest first; a screenful.
std::string tenantTable(std::vector<json> tenants) {
    constexpr std::size_t kShown = 20;
    const auto decided = [](const json& tenant) {
        return control::integerField(tenant, "allowed").value_or(0) +
               control::integerField(tenant, "exceeded").value_or(0);
    };
    std::stable_sort(tenants.begin(), tenants.end(),
                     [&](const json& left, const json& right) { return decided(left) > decided(right); });
    using Align = TextTable::Align;
    TextTable table({{"TENANT"}, {"ALLOWED", Align::Right}, {"OVER THE LIMIT", Align::Right}});
    for (std::size_t i = 0; i < std::min(kShown, tenants.size()); ++i) {
        table.add({text(tenants[i], "tenant"), numberText(tenants[i], "allowed"), numberText(tenants[i], "exceeded")});
    }
    std::string lines = table.empty() ? "" : table.takePage();
    if (tenants.size() > kShown) {
        lines += "… and " + grouped(tenants.size() - kShown) + " tenants more (--json has them)\n";
    }
    return lines;
}

std::string sourceTable(const json& sources) {
    using Align = TextTable::Align;
    TextTable table({{"SOURCE", Align::Left, 40},
                     {"STATE"},
                     {"READ", Align::Right},
                     {"ACCEPTED", Align::Right},
                     {"REJECTED", Align::Right},
                     {"TRACES IGNORED", Align::Right},
                     {"THE LAST IGNORED"}});
    std::string rejects;
    for (const json& source : sources) {
        const std::string why = control::textField(source, "state_text").value_or("");
        table.add({control::textField(source, "source").value_or(""),
                   control::textField(source, "state").value_or("") + (why.empty() ? "" : ": " + why),
                   numberText(source, "read"), numberText(source, "accepted"), numberText(source, "rejected"),
                   numberText(source, "trace_ignored"), control::textField(source, "trace_ignored_why").value_or("")});
        if (const json& last = arrayOf(source, "last_rejects"); !last.empty()) {
            rejects += "last reject of " + text(source, "source") + ": " + numberText(last.back(), "position") + ": " +
                       text(last.back(), "reason") + "\n";
        }
    }
    return (table.empty() ? "" : table.takePage()) + rejects;
}

std::string limiterText(const json& limiter) {
    const std::string state = text(limiter, "state");
    if (state.empty() || state == "off") {
        return {};
    }
    std::string lines = "rate limit: " + state;
    if (control::flagField(limiter, "shared")) {
        lines += ", Redis " + text(limiter, "server") + ", on error " + text(limiter, "on_error") + ", " +
                 numberText(limiter, "round_trips") + " round trips";
    }
    lines += ", " + numberText(limiter, "allowed") + " messages allowed, " + numberText(limiter, "exceeded") +
             " over the limit\n";
    if (const std::string error = text(limiter, "last_error"); !error.empty()) {
        lines += "rate limit, last error at " + text(limiter, "last_error_at") + ": " + error + ". " +
                 text(limiter, "last_remedy") + "\n";
    }
    const json& tenants = arrayOf(limiter, "tenants");
    return lines + tenantTable({tenants.begin(), tenants.end()});
}

std::string topicLimitText(const json& limit) {
    if (limit.value("max_message_bytes", json()).is_number()) {
        return "topic takes batches of at most " + numberText(limit, "max_message_bytes") + " bytes\n";
    }
    const std::string trouble = text(limit, "trouble");
    return trouble.empty() ? ""
                           : "the topic's limit is not known (" + trouble + "): the broker refuses what is larger\n";
}

std::string copiesText(const json& status) {
    const json copies = status.value("dead_copies", json::object());
    if (!control::flagField(copies, "enabled")) {
        return "copies of dead letters: off\n";
    }
    std::string line = "copies of dead letters to " + text(copies, "topic") + ": " + numberText(copies, "copied") +
                       " made, " + numberText(copies, "pending") + " pending, " + numberText(copies, "refused") +
                       " refused, " + numberText(copies, "failures") + " tries failed";
    const std::string error = text(copies, "last_error");
    return line + (error.empty() ? "" : "; last: " + error) + "\n";
}

std::string journalText(const json& journal) {
    if (!control::flagField(journal, "open")) {
        return {};
    }
    std::string line = "journal: " + numberText(journal, "messages") + " messages without an outcome, " +
                       numberText(journal, "on_disk") + " of them on disk alone, " + numberText(journal, "bytes") +
                       " bytes in use";
    if (control::integerField(journal, "messages_lost").value_or(0) > 0) {
        line += ", " + numberText(journal, "messages_lost") + " lost to damage";
    }
    const std::string trouble = text(journal, "trouble");
    return line + (trouble.empty() ? "" : "; " + trouble) + "\n";
}

std::string inquiryText(const json& inquiries) {
    std::string lines;
    for (const json& inquiry : inquiries) {
        const std::string failure = text(inquiry, "last_failure");
        lines += text(inquiry, "text") + (failure.empty() ? "" : "; tried again: " + failure) + "\n";
    }
    return lines;
}

std::string liveText(const json& status) {
    std::string lines = "Process " + std::to_string(control::integerField(status, "pid").value_or(0)) + ", topic " +
                        text(status, "topic") + ", " + text(status, "connection") + " (" +
                        text(status, "connection_text") + "), durability " + text(status, "durability") + ", " +
                        text(status, "delivery_mode") + ", order " + text(status, "ordering") + "\n";
    lines += accountingLines(status.value("accounting", json::object()));
    lines += "backlog " + numberText(status, "backlog_bytes") + " bytes, oldest " +
             numberText(status, "oldest_age_ms") + " ms\n";
    lines += journalText(status.value("journal", json::object()));
    lines += inquiryText(arrayOf(status, "inquiries"));
    lines += copiesText(status);
    const json trace = status.value("trace", json::object());
    lines += "trace context: " + numberText(trace, "carried") + " messages carried one, " +
             numberText(trace, "traceparents_ignored") + " traceparents and " +
             numberText(trace, "tracestates_ignored") + " tracestates ignored as invalid\n";
    lines += topicLimitText(status.value("topic_limit", json::object()));
    lines += sourceTable(arrayOf(status, "sources"));
    lines += partitionTable(arrayOf(status, "partitions"));
    lines += limiterText(status.value("limiter", json::object()));
    for (const json& condition : arrayOf(status, "conditions")) {
        lines += text(condition, "urgency") + ": " + text(condition, "title") + ". " + text(condition, "advice") + "\n";
    }
    return lines;
}

/// What the process answers, flattened; an error when none answers.
Result<json> askHolder(const Settings& settings) {
    auto client = control::ControlClient::connect(settings.paths.dataFolder);
    if (!client) {
        return fail(client.error());
    }
    auto answer = (*client)->request({{"request", "status"}});
    if (!answer) {
        return fail(answer.error());
    }
    json status = answer->value("snapshot", json::object());
    status.update({{"live", true},
                   {"profile", settings.paths.profile},
                   {"pid", control::integerField(*answer, "pid").value_or(0)}});
    return status;
}

Result<store::CopyCounts> copiesIn(const std::filesystem::path& folder) {
    auto reader = store::StoreReader::open(folder);
    if (!reader) {
        return reader.error().code == "store.missing" ? Result<store::CopyCounts>(store::CopyCounts{})
                                                      : fail(reader.error());
    }
    return (*reader)->copyCounts();
}

/// Counted anew from store and journal.
Result<json> askFiles(const Settings& settings, Output& out) {
    const auto files = journal::realFiles();
    const care::CareOptions how{{}, [&out](const std::string& text) { out.progress(text); }};
    const auto found = care::recount(*files, settings.paths.dataFolder, how);
    if (!found) {
        return fail(found.error());
    }
    const auto copies = copiesIn(settings.paths.dataFolder);
    if (!copies) {
        return fail(copies.error());
    }
    engine::Accounting accounting;
    accounting.inFlight = found->all.inFlight;
    accounting.retrying = found->all.retrying;
    accounting.dead = found->all.dead;
    accounting.carriedIn = accounting.unsettled() + accounting.dead;
    const bool damaged = found->unreadable > 0 || (found->journal && !found->journal->damage.empty());
    json status{{"live", false},
                {"profile", settings.paths.profile},
                {"store", found->store},
                {"topic", settings.loaded.config.kafka.topic},
                {"threads", found->threads},
                {"damaged", damaged},
                {"dead_copies", {{"pending", copies->pending}, {"refused", copies->refused}}},
                {"accounting", control::toJson(accounting)}};
    if (found->journal) {
        status["journal"] = {{"unsettled", found->journal->unsettled}, {"bytes", found->journal->bytes}};
    }
    return status;
}

} // namespace

ExitCode run(const StatusOptions&, CommandContext& context) {
    auto settings = settingsOf(context);
    if (!settings) {
        return refuse(context, settings.error());
    }
    if (store::isHeld(settings->paths.dataFolder)) {
        auto status = askHolder(*settings);
        if (status) {
            context.out.value(*status);
            context.out.text("Profile " + settings->paths.profile + "\n" + liveText(*status));
            return ExitCode::Done;
        }
        context.out.note(status.error().text() + " What follows is read from its files.");
    }
    auto status = askFiles(*settings, context.out);
    if (!status) {
        return refuse(context, status.error());
    }
    context.out.value(*status);
    context.out.text("Profile " + settings->paths.profile + ": nobody works on it" +
                     (control::flagField(*status, "store") ? "" : "; it has no store yet") + "\n" +
                     accountingLines((*status)["accounting"]) +
                     "copies of dead letters: " + numberText((*status)["dead_copies"], "pending") + " pending, " +
                     numberText((*status)["dead_copies"], "refused") + " refused\nthreads " +
                     numberText(*status, "threads") + "\n");
    if (control::flagField(*status, "damaged")) {
        context.out.complain("Store or journal are damaged, and the numbers lack what cannot be read: "
                             "'dashstreamctl store check' says where.");
    }
    return ExitCode::Done;
}

} // namespace dashstream::app
