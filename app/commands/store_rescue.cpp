// store rescue: every message that can still be read, as frames; reads the profile's files, whoever holds them.
#include "app/accounting_text.h"
#include "app/commands/store_care.h"
#include "app/new_file.h"
#include "core/care/rescue.h"
#include "core/wire/frames.h"

#include <nlohmann/json.hpp>

namespace dashstream::app {

namespace {

std::string sayWhat(const care::RescueReport& report) {
    std::string text = grouped(report.messages) + " messages saved (" + grouped(report.fromJournal) +
                       " from the journal, " + grouped(report.fromStore) + " from the store), " +
                       grouped(report.unreadable) +
                       " could not be read; 'dashstreamctl produce frames:FILE' sends them";
    for (const Error& trouble : report.troubles) {
        text += "\n  " + trouble.text();
    }
    return text + damageLines(report.damage);
}

nlohmann::json toJson(const care::RescueReport& report, const std::string& file) {
    nlohmann::json troubles = nlohmann::json::array();
    for (const Error& trouble : report.troubles) {
        troubles.push_back(trouble.text());
    }
    return {{"messages", report.messages},
            {"from_journal", report.fromJournal},
            {"from_store", report.fromStore},
            {"unreadable", report.unreadable},
            {"rows_without_message", report.rowsWithoutMessage},
            {"problems", std::move(troubles)},
            {"damage", damageJson(report.damage)},
            {"file", file}};
}

} // namespace

ExitCode rescueProfile(const StoreCareOptions& options, CommandContext& context, const std::filesystem::path& folder,
                       const care::CareOptions& how) {
    if (options.file == "-" && context.out.json()) {
        return refuse(context, {ErrorClass::Usage, "usage.stdout", "Frames and JSON cannot both go to stdout",
                                "Name a file, or leave out --json."});
    }
    NewFile file(context.out, "rescue",
                 "What was saved so far is in it. Choose a disk with room and rescue again; the profile is unchanged.");
    if (auto opened = file.open(options.file); !opened) {
        return refuse(context, opened.error());
    }
    std::uint64_t saved = 0;
    std::string frame;
    const auto save = [&](ByteView value) {
        ++saved;
        frame.clear();
        wire::appendFrame(value, frame);
        return file.write(frame);
    };
    const auto what = options.withDead ? care::RescueWhat::UnsettledAndDead : care::RescueWhat::Unsettled;
    const auto files = journal::realFiles();
    const auto report = care::rescueMessages(*files, folder, what, save, how);
    const auto finished = file.finish();
    if (!report || !finished) {
        context.out.note(grouped(saved) + " messages were saved before");
        return refuse(context, report ? finished.error() : report.error());
    }
    context.out.value(toJson(*report, options.file));
    if (options.file == "-") {
        context.out.note(sayWhat(*report));
    } else {
        context.out.text(sayWhat(*report) + "\n");
    }
    return report->isWhole() ? ExitCode::Done : ExitCode::Found;
}

} // namespace dashstream::app
