// store check / rescue / backup: reads the profile's store, whoever holds it, and changes nothing in it.
#include "app/accounting_text.h"
#include "app/commands/commands.h"
#include "app/signal_watcher.h"
#include "core/store/file_handle.h"
#include "core/store/maintenance.h"
#include "core/wire/frames.h"

#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace dashstream::app {

namespace {

constexpr std::int64_t kSayEvery = 10'000;

std::string grouped(std::int64_t number) {
    return app::grouped(static_cast<std::uint64_t>(std::max<std::int64_t>(number, 0)));
}

/// A new file of frames, or stdout.
class FramesFile {
public:
    explicit FramesFile(Output& out) : m_out(out) {}

    [[nodiscard]] Result<void> open(const std::string& path) {
        m_path = path;
        if (path == "-") {
            return {};
        }
        m_file = store::FileHandle(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
        if (!m_file.valid()) {
            return fail(ErrorClass::Usage, "rescue.cannot_open",
                        "The file " + path + " cannot be made: " + std::generic_category().message(errno),
                        "Name a new file in a folder that you may write to.");
        }
        return {};
    }
    [[nodiscard]] Result<void> add(std::string_view value) {
        m_frame.clear();
        wire::appendFrame(asBytes(value), m_frame);
        if (!m_file.valid()) {
            m_out.data(m_frame);
            return {};
        }
        std::string_view rest = m_frame;
        while (!rest.empty()) {
            const ssize_t done = ::write(m_file.get(), rest.data(), rest.size());
            if (done < 0 && errno != EINTR) {
                return failed();
            }
            rest.remove_prefix(done > 0 ? static_cast<std::size_t>(done) : 0);
        }
        return {};
    }
    [[nodiscard]] Result<void> finish() {
        if (m_file.valid() && ::fsync(m_file.get()) != 0) {
            return failed();
        }
        return {};
    }

private:
    [[nodiscard]] Failure failed() const {
        return fail(
            ErrorClass::Local, "rescue.write",
            "Writing " + m_path + " failed: " + std::generic_category().message(errno),
            "What was saved so far is in it. Choose a disk with room and rescue again; the store is unchanged.");
    }

    Output& m_out;
    std::string m_path;
    store::FileHandle m_file;
    std::string m_frame;
};

ExitCode check(CommandContext& context, const std::filesystem::path& folder, const CancelToken& stop) {
    context.out.progress("reading every page and message of the store in " + folder.string());
    const auto report = store::checkStore(folder, stop);
    if (!report) {
        return refuse(context, report.error());
    }
    const bool whole = report->problems.empty() && report->unreadable == 0;
    context.out.value({{"whole", whole},
                       {"problems", report->problems},
                       {"unreadable", report->unreadable},
                       {"retrying", report->retries},
                       {"open_dead", report->openDead},
                       {"threads", report->threads}});
    std::string text = whole ? "The store is whole: " : "THE STORE IS DAMAGED: ";
    text += grouped(report->retries) + " waiting messages, " + grouped(report->openDead) + " open dead letters, " +
            grouped(report->threads) + " threads";
    text += whole ? ", all readable\n" : "; " + grouped(report->unreadable) + " messages cannot be read\n";
    for (const std::string& problem : report->problems) {
        text += "  " + problem + "\n";
    }
    context.out.text(text);
    if (!whole) {
        context.out.complain("Stop what uses this profile, keep a copy of the folder, save what can be read with "
                             "'dashstreamctl store rescue --dead FILE', and check the disk.");
    }
    return whole ? ExitCode::Done : ExitCode::Found;
}

ExitCode rescue(const StoreCareOptions& options, CommandContext& context, const std::filesystem::path& folder,
                const CancelToken& stop) {
    if (options.file == "-" && context.out.json()) {
        return refuse(context, {ErrorClass::Usage, "usage.stdout", "Frames and JSON cannot both go to stdout",
                                "Name a file, or leave out --json."});
    }
    FramesFile file(context.out);
    if (auto opened = file.open(options.file); !opened) {
        return refuse(context, opened.error());
    }
    std::int64_t saved = 0;
    const auto save = [&](const store::StoredMessage& message) {
        if (++saved % kSayEvery == 0) {
            context.out.progress(grouped(saved) + " messages saved");
        }
        return file.add(message.value);
    };
    const auto what = options.withDead ? store::RescueWhat::UnsettledAndDead : store::RescueWhat::Unsettled;
    const auto report = store::rescueMessages(folder, what, save, stop);
    const auto finished = file.finish();
    if (!report || !finished) {
        context.out.note(grouped(saved) + " messages were saved before");
        return refuse(context, report ? finished.error() : report.error());
    }
    context.out.value({{"messages", report->messages},
                       {"unreadable", report->unreadable},
                       {"in_journal", report->inJournal},
                       {"file", options.file}});
    const std::string text = grouped(report->messages) + " messages saved, " + grouped(report->unreadable) +
                             " could not be read; 'dashstreamctl produce frames:FILE' sends them";
    if (report->inJournal > 0) {
        context.out.note(grouped(report->inJournal) + " waiting messages have their values in the journal, not here");
    }
    if (options.file == "-") {
        context.out.note(text);
    } else {
        context.out.text(text + "\n");
    }
    return report->unreadable == 0 ? ExitCode::Done : ExitCode::Found;
}

ExitCode backup(const StoreCareOptions& options, CommandContext& context, const std::filesystem::path& folder) {
    context.out.progress("copying the store in " + folder.string());
    if (auto done = store::backupStore(folder, options.file); !done) {
        return refuse(context, done.error());
    }
    std::error_code ignored;
    const auto bytes = std::filesystem::file_size(options.file, ignored);
    context.out.value({{"file", options.file}, {"bytes", bytes}});
    context.out.text("The store is copied to " + options.file + ", " + app::grouped(bytes) + " bytes\n");
    return ExitCode::Done;
}

} // namespace

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
    switch (options.verb) {
    case StoreCareOptions::Verb::Check:
        return check(context, folder, (*signals)->stop());
    case StoreCareOptions::Verb::Rescue:
        return rescue(options, context, folder, (*signals)->stop());
    case StoreCareOptions::Verb::Backup:
        return backup(options, context, folder);
    }
    return ExitCode::Usage;
}

} // namespace dashstream::app
