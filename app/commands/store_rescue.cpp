// store rescue: every message that can still be read, as frames; reads the profile's files, whoever holds them.
#include "app/accounting_text.h"
#include "app/commands/store_care.h"
#include "core/care/rescue.h"
#include "core/store/file_handle.h"
#include "core/wire/frames.h"

#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace dashstream::app {

namespace {

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
    [[nodiscard]] Result<void> add(ByteView value) {
        m_frame.clear();
        wire::appendFrame(value, m_frame);
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
            "What was saved so far is in it. Choose a disk with room and rescue again; the profile is unchanged.");
    }

    Output& m_out;
    std::string m_path;
    store::FileHandle m_file;
    std::string m_frame;
};

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
    FramesFile file(context.out);
    if (auto opened = file.open(options.file); !opened) {
        return refuse(context, opened.error());
    }
    std::uint64_t saved = 0;
    const auto save = [&](ByteView value) {
        ++saved;
        return file.add(value);
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
