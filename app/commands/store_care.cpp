// store check / rescue / backup: reads the profile's store and journal, whoever holds them, and changes nothing in
// them.
#include "app/commands/store_care.h"

#include "app/accounting_text.h"
#include "app/signal_watcher.h"
#include "core/care/backup.h"
#include "core/care/check.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace dashstream::app {

namespace {

using nlohmann::json;

constexpr std::size_t kPlacesShown = 100;

std::string grouped(std::int64_t number) {
    return app::grouped(static_cast<std::uint64_t>(std::max<std::int64_t>(number, 0)));
}

json toJson(const journal::InspectionReport& found) {
    return {{"segments", found.files},
            {"groups", found.groups},
            {"messages", found.messages},
            {"settled", found.settled},
            {"unsettled", found.unsettled},
            {"bytes", found.bytes},
            {"torn_tail",
             found.tornTail ? json{{"file", found.tornTail->file}, {"offset", found.tornTail->offset}} : json()},
            {"records_skipped", found.recordsSkipped},
            {"messages_missing", found.messagesMissing},
            {"damage", damageJson(found.damage)}};
}

json toJson(const care::ProfileCheck& check) {
    std::vector<std::string> problems = check.problems;
    if (check.store) {
        problems.insert(problems.end(), check.store->problems.begin(), check.store->problems.end());
    }
    const store::CheckReport none;
    const store::CheckReport& store = check.store ? *check.store : none;
    return {{"whole", check.isWhole()},
            {"problems", std::move(problems)},
            {"unreadable", store.unreadable},
            {"retrying", store.retries},
            {"open_dead", store.openDead},
            {"threads", store.threads},
            {"rows_without_message", check.rowsWithoutMessage},
            {"journal", check.journal ? toJson(*check.journal) : json()}};
}

std::string storeText(const care::ProfileCheck& check) {
    if (!check.store) {
        return "THE STORE CANNOT BE READ\n";
    }
    const store::CheckReport& store = *check.store;
    std::string text = check.storeIsWhole() ? "The store is whole: " : "THE STORE IS DAMAGED: ";
    text += grouped(store.retries) + " waiting messages, " + grouped(store.openDead) + " open dead letters, " +
            grouped(store.threads) + " threads";
    text += check.storeIsWhole() ? ", all readable\n" : "; " + grouped(store.unreadable) + " messages cannot be read\n";
    for (const std::string& problem : store.problems) {
        text += "  " + problem + "\n";
    }
    return text;
}

std::string journalText(const care::ProfileCheck& check) {
    if (!check.journal) {
        return "";
    }
    const journal::InspectionReport& found = *check.journal;
    std::string text = check.journalIsWhole() ? "The journal is whole: " : "THE JOURNAL IS DAMAGED: ";
    text += app::grouped(found.messages) + " messages in " + app::grouped(found.files) + " files, " +
            app::grouped(found.unsettled) + " of them unsettled";
    if (!check.journalIsWhole()) {
        text += "; " + app::grouped(std::max(found.recordsSkipped, found.messagesMissing)) + " are known to be lost" +
                damageLines(found.damage);
    }
    text += "\n";
    if (found.tornTail) {
        text += "  what stands in " + found.tornTail->file + " from " + std::to_string(found.tornTail->offset) +
                " on is being written, or was when the program ended; nobody was told of it\n";
    }
    return text;
}

ExitCode check(CommandContext& context, const std::filesystem::path& folder, const care::CareOptions& how) {
    const auto files = journal::realFiles();
    const auto checked = care::checkProfile(*files, folder, how);
    if (!checked) {
        return refuse(context, checked.error());
    }
    context.out.value(toJson(*checked));
    std::string text = storeText(*checked) + journalText(*checked);
    for (const std::string& problem : checked->problems) {
        text += problem + "\n";
    }
    context.out.text(text);
    if (checked->isWhole()) {
        return ExitCode::Done;
    }
    context.out.complain("Stop what uses this profile, keep a copy of the folder " + folder.string() +
                         ", save what can be read with 'dashstreamctl store rescue --dead FILE', and check the disk.");
    return ExitCode::Found;
}

ExitCode backup(const StoreCareOptions& options, CommandContext& context, const std::filesystem::path& folder,
                const care::CareOptions& how) {
    const auto files = journal::realFiles();
    const auto done = care::backupProfile(*files, folder, options.file, how);
    if (!done) {
        return refuse(context, done.error());
    }
    context.out.value({{"folder", options.file},
                       {"bytes", done->bytes},
                       {"whole", done->isWhole()},
                       {"journal", done->journal ? toJson(*done->journal) : json()}});
    context.out.text("The profile is copied to " + options.file + ", " + app::grouped(done->bytes) + " bytes" +
                     (done->journal ? ", " + app::grouped(done->journal->unsettled) + " unsettled messages" : "") +
                     damageLines(done->damage) + "\n");
    if (!done->isWhole()) {
        context.out.complain("The journal is damaged, and so is its copy: 'dashstreamctl store check' says more.");
    }
    return done->isWhole() ? ExitCode::Done : ExitCode::Found;
}

} // namespace

std::string damageLines(const std::vector<journal::Damage>& damage) {
    std::string text;
    for (std::size_t i = 0; i < std::min(damage.size(), kPlacesShown); ++i) {
        text += "\n  " + damage[i].file + " at " + std::to_string(damage[i].offset) + ": " + damage[i].what;
    }
    if (damage.size() > kPlacesShown) {
        text += "\n  … and " + app::grouped(damage.size() - kPlacesShown) + " places more (--json has them)";
    }
    return text;
}

json damageJson(const std::vector<journal::Damage>& damage) {
    json places = json::array();
    for (const journal::Damage& place : damage) {
        places.push_back({{"file", place.file}, {"offset", place.offset}, {"what", place.what}});
    }
    return places;
}

ExitCode run(const StoreCareOptions& options, CommandContext& context) {
    auto signals = SignalWatcher::start();
    if (!signals) {
        return refuse(context, signals.error());
    }
    const auto settings = settingsOf(context);
    if (!settings) {
        return refuse(context, settings.error());
    }
    const std::filesystem::path& folder = settings->paths.dataFolder;
    const care::CareOptions how{(*signals)->stop(),
                                [&context](const std::string& text) { context.out.progress(text); }};
    switch (options.verb) {
    case StoreCareOptions::Verb::Check:
        return check(context, folder, how);
    case StoreCareOptions::Verb::Rescue:
        return rescueProfile(options, context, folder, how);
    case StoreCareOptions::Verb::Backup:
        return backup(options, context, folder, how);
    }
    return ExitCode::Usage;
}

} // namespace dashstream::app
