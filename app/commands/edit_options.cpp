#include "app/commands/edit_options.h"

#include "app/accounting_text.h"
#include "app/terminal_text.h"
#include "core/mend/json_reading.h"

#include <fstream>
#include <iostream>
#include <iterator>

namespace dashstream::app {

namespace {

using nlohmann::json;

constexpr std::size_t kShownValue = 200; ///< characters of a value in text

Result<std::string> readAll(const std::string& file) {
    std::ifstream opened;
    if (file != "-") {
        opened.open(file, std::ios::binary);
    }
    std::istream& stream = file == "-" ? std::cin : opened;
    std::string text;
    char buffer[64 * 1024];
    while (stream.read(buffer, sizeof buffer) || stream.gcount() > 0) {
        text.append(buffer, static_cast<std::size_t>(stream.gcount()));
        if (text.size() > mend::Edits::kMostBytes) {
            return fail(ErrorClass::Usage, "edit.file", file + " is too large", "At most 16 MiB are taken");
        }
    }
    if (stream.bad() || !stream.eof()) {
        return fail(ErrorClass::Usage, "edit.file", "The file " + file + " cannot be read",
                    "Check that it is there and may be read");
    }
    return text;
}

bool meansOne(const DeadOptions& options) {
    const std::vector<IdRange>& ids = options.selection.ids;
    return options.places.size() + ids.size() == 1 && (ids.empty() || ids.front().first == ids.front().last) &&
           options.selection.where.empty() && !options.selection.all;
}

Result<void> addContent(const DeadOptions& options, std::vector<mend::Edit>& edits) {
    if (!meansOne(options)) {
        return fail(ErrorClass::Usage, "edit.content",
                    "--content writes a single message anew, it needs --id with one id",
                    "Many are changed with --set, --remove and --replace");
    }
    const auto text = readAll(options.contentFile);
    if (!text) {
        return fail(text.error());
    }
    auto content = mend::readJson(*text);
    if (!content) {
        return fail(ErrorClass::Usage, "edit.content",
                    options.contentFile + " cannot be taken: " + content.error().message,
                    "Write it as 'message' of 'dead show ID --json' is written");
    }
    edits.insert(edits.begin(), {mend::EditKind::Content, {}, std::move(*content), {}, {}});
    return {};
}

std::string shownValue(const std::optional<std::string>& value) {
    return value ? shortened(escapeForTerminal(*value), kShownValue) : "(not there)";
}

json toJson(const resend::EditSample& sample) {
    json differences = json::array();
    for (const mend::Difference& each : sample.differences) {
        differences.push_back({{"field", each.path},
                               {"before", each.before ? json::parse(*each.before, nullptr, false) : json(nullptr)},
                               {"after", each.after ? json::parse(*each.after, nullptr, false) : json(nullptr)}});
    }
    return {{"message", sample.place}, {"differences", std::move(differences)}, {"more", sample.more}};
}

std::string textOf(const resend::EditSample& sample) {
    std::string text = escapeForTerminal(sample.place) + "\n";
    for (const mend::Difference& each : sample.differences) {
        text += "  " + escapeForTerminal(each.path) + "\n    - " + shownValue(each.before) + "\n    + " +
                shownValue(each.after) + "\n";
    }
    return text + (sample.more ? "  … and more\n" : "");
}

} // namespace

Result<mend::Edits> editsOf(const DeadOptions& options, CommandContext& /*context*/) {
    std::vector<mend::Edit> edits = options.edits;
    if (!options.editsFile.empty()) {
        const auto text = readAll(options.editsFile);
        if (!text) {
            return fail(text.error());
        }
        const auto more = mend::Edits::parse(*text);
        if (!more) {
            return fail(more.error());
        }
        edits.insert(edits.end(), more->all().begin(), more->all().end());
    }
    if (!options.contentFile.empty()) {
        if (const auto added = addContent(options, edits); !added) {
            return fail(added.error());
        }
    }
    if (edits.empty() && options.verb == DeadOptions::Verb::Edit) {
        return fail(ErrorClass::Usage, "edit.nothing", "There are no edits in " + options.editsFile,
                    "'dead resend' sends messages as they are");
    }
    return mend::Edits::of(std::move(edits));
}

void sayEdits(const DeadOptions& options, const resend::EditPreview& preview, CommandContext& context) {
    if (options.dryRun) {
        json samples = json::array();
        for (const resend::EditSample& sample : preview.samples()) {
            samples.push_back(toJson(sample));
        }
        json refusals = json::array();
        for (const resend::EditSample& sample : preview.refusals()) {
            refusals.push_back({{"message", sample.place}, {"why", sample.refused}});
        }
        context.out.value({{"dry_run", true},
                           {"total", preview.changed() + preview.unchanged() + preview.refused()},
                           {"changed", preview.changed()},
                           {"unchanged", preview.unchanged()},
                           {"not_fitting", preview.refused()},
                           {"other_thread", preview.otherThread()},
                           {"samples", std::move(samples)},
                           {"refusals", std::move(refusals)}});
    }
    std::string text;
    for (const resend::EditSample& sample : preview.samples()) {
        text += textOf(sample);
    }
    for (const resend::EditSample& sample : preview.refusals()) {
        text += escapeForTerminal(sample.place) + ": not sent: " + escapeForTerminal(sample.refused) + "\n";
    }
    text += "changed: " + grouped(preview.changed()) + ", sent as they are: " + grouped(preview.unchanged()) +
            ", not sent: " + grouped(preview.refused()) + "\n";
    if (preview.otherThread() > 0) {
        text += grouped(preview.otherThread()) +
                " get another thread with the sequence they have: its readers see a gap or a repeat\n";
    }
    context.out.text(text);
}

std::optional<ExitCode> endAfter(const DeadOptions& options, const resend::EditPreview& preview,
                                 CommandContext& context) {
    if (options.dryRun) {
        return preview.refused() == 0 ? ExitCode::Done : ExitCode::Found;
    }
    if (preview.changed() == 0) {
        return refuse(context, Error{ErrorClass::Usage, "edit.nothing", "The edits change none of these messages",
                                     "Look at one with 'dead show ID --json', or send them as they are with 'dead "
                                     "resend'."});
    }
    return std::nullopt;
}

} // namespace dashstream::app
