// Letters from one real store to another: byte for byte, twice, and cut off in the middle by a kill.
#include "core/exchange/atomic_file.h"
#include "tests/core/exchange/exchange_rig.h"
#include "tests/core/store/child_process.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

namespace dashstream::exchange::test {
namespace {

using store::test::ChildProcess;

std::string readAll(const std::filesystem::path& path) {
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
}

std::int64_t openDead(const std::filesystem::path& folder) {
    return openReader(folder)->counts()->openDead;
}

TEST(Exchange, ExportImportExportIsTheSameByteForByte) {
    const TempFolder from;
    const TempFolder to;
    fill(from.data(), 1'200);
    const std::string first = exported(from.data());

    const ImportOutcome outcome = imported(to.data(), fileWith(to, first));

    EXPECT_FALSE(outcome.stoppedBy) << outcome.stoppedBy->text();
    EXPECT_EQ(outcome.imported, 1'200U);
    EXPECT_EQ(exported(to.data()), first);
    EXPECT_EQ(openDead(to.data()), openDead(from.data()));
}

TEST(Exchange, ImportingTwiceChangesNothing) {
    const TempFolder from;
    const TempFolder to;
    fill(from.data(), 700);
    const std::string path = fileWith(to, exported(from.data()));
    ASSERT_EQ(imported(to.data(), path).imported, 700U);
    const std::string before = exported(to.data());
    const auto entries = openReader(to.data())->audit(10)->size();

    const ImportOutcome again = imported(to.data(), path);

    EXPECT_EQ(again.imported, 0U);
    EXPECT_EQ(again.known, 700U);
    EXPECT_EQ(exported(to.data()), before);
    EXPECT_EQ(openReader(to.data())->audit(10)->size(), entries) << "nothing was done";
}

TEST(Exchange, ALetterThatWasSettledMeanwhileStaysSo) {
    const TempFolder from;
    fill(from.data(), 3);
    const std::string path = fileWith(from, exported(from.data()));
    store::test::expectStored(
        openStore(from.data())
            ->commit(store::test::batchOf(store::op::SetDeadState{DeadLetterId(2), store::DeadState::Resent})));

    const ImportOutcome outcome = imported(from.data(), path);

    EXPECT_EQ(outcome.known, 3U);
    EXPECT_EQ(openReader(from.data())->deadLetter(DeadLetterId(2))->state, store::DeadState::Resent);
}

TEST(Exchange, TheSameMessageIdWithAnotherNumberIsAnotherLetter) {
    const TempFolder from;
    const TempFolder to;
    source::Random random(3);
    store::DeadLetter letter = randomLetter(random); // of a file that was fed twice
    std::string text = toLine(letter) + "\n" + toLine(letter) + "\n";
    letter.message.sequence = letter.message.sequence.next();
    text += toLine(letter) + "\n";

    const ImportOutcome outcome = imported(to.data(), fileWith(to, text));

    EXPECT_EQ(outcome.imported, 2U);
    EXPECT_EQ(outcome.known, 1U) << "the repeated line";
}

TEST(Exchange, KilledInTheMiddleAndMadeAgainNothingIsLostOrDouble) {
    const TempFolder from;
    const TempFolder to;
    fill(from.data(), 3'000);
    const std::string whole = exported(from.data());
    const std::string path = fileWith(to, whole);
    std::size_t cut = 0;
    for (int pages = 1; pages <= 3; ++pages) {
        ChildProcess child([&](int pipe) {
            const SystemClock clock;
            const auto store = openStore(to.data());
            auto writer = StoreImport::open(*store, clock, path, "ops");
            LetterFile file = openFile(path);
            ImportHooks hooks;
            hooks.write = [&](std::vector<store::DeadLetter> page) {
                auto outcome = (*writer)->write(std::move(page));
                ChildProcess::tell(pipe, static_cast<std::int64_t>(outcome->imported));
                return outcome;
            };
            static_cast<void>(importPages(file, hooks));
            return 0;
        });
        for (int page = 0; page < pages; ++page) {
            ASSERT_TRUE(child.next());
        }
        child.kill();
        const std::string there = exported(to.data());
        EXPECT_TRUE(whole.starts_with(there)) << "whole letters, in their order";
        EXPECT_GE(there.size(), cut) << "what was told stays";
        cut = there.size();
    }
    ASSERT_GT(cut, 0U);

    const ImportOutcome outcome = imported(to.data(), path);

    EXPECT_FALSE(outcome.stoppedBy);
    EXPECT_EQ(exported(to.data()), whole);
}

TEST(Exchange, EachPageIsInTheAuditLogWithWhoAndWhat) {
    const TempFolder from;
    const TempFolder to;
    fill(from.data(), static_cast<int>(kPageLetters) + 1);
    const std::string path = fileWith(to, exported(from.data()));
    ASSERT_EQ(imported(to.data(), path).imported, kPageLetters + 1);

    const auto entries = openReader(to.data())->audit(10).value();

    ASSERT_EQ(entries.size(), 2U);
    EXPECT_EQ(entries[1].action, "dead.import");
    EXPECT_EQ(entries[1].user, "ops");
    EXPECT_EQ(entries[1].detail, "from " + path);
    EXPECT_EQ(entries[1].count, static_cast<std::int64_t>(kPageLetters));
    EXPECT_EQ(entries[0].count, 1);
    EXPECT_EQ(entries[0].result, "1 imported, 0 known already");
}

TEST(Exchange, TheCheckCountsWhatTheImportWouldDoAndWritesNothing) {
    const TempFolder from;
    const TempFolder to;
    fill(from.data(), 40);
    const std::string text = exported(from.data());
    const std::size_t tenth = [&] {
        std::size_t at = 0;
        for (int line = 0; line < 10; ++line) {
            at = text.find('\n', at) + 1;
        }
        return at;
    }();
    ASSERT_EQ(imported(to.data(), fileWith(to, text.substr(0, tenth))).imported, 10U);
    const std::string before = exported(to.data());
    LetterFile file = openFile(fileWith(to, text + "\n\r\n" + text.substr(tenth)));

    const auto reader = openReader(to.data());
    const auto check = checkImport(file, reader.get(), {});

    ASSERT_TRUE(check) << check.error().text();
    EXPECT_EQ(check->letters, 70U);
    EXPECT_EQ(check->known, 10U);
    EXPECT_EQ(check->repeated, 30U);
    EXPECT_EQ(check->fresh(), 30U);
    EXPECT_EQ(check->wrong, 0U);
    EXPECT_EQ(check->open + static_cast<std::uint64_t>(openDead(to.data())),
              static_cast<std::uint64_t>(openDead(from.data())));
    EXPECT_EQ(check->first.size(), 70U);
    EXPECT_EQ(exported(to.data()), before);
}

TEST(Exchange, AWrongLineIsToldByItsNumberAndStopsAllOfIt) {
    const TempFolder from;
    const TempFolder to;
    fill(from.data(), 5);
    const std::string good = exported(from.data());
    const std::string path = fileWith(to, good + "\n{\"format\":\"else\"}\n");
    LetterFile file = openFile(path);

    const auto check = checkImport(file, nullptr, {});

    ASSERT_TRUE(check) << check.error().text();
    EXPECT_EQ(check->letters, 5U);
    ASSERT_EQ(check->problems.size(), 1U);
    EXPECT_EQ(check->problems.front().line, 7U) << "empty lines count";
    const Error error = wrongLinesError(file, *check);
    EXPECT_EQ(error.code, "exchange.wrong_lines");
    EXPECT_NE(error.text().find("letters.jsonl, line 7: "), std::string::npos) << error.text();
    EXPECT_NE(error.text().find("Nothing was imported"), std::string::npos);
    EXPECT_TRUE(imported(to.data(), path).stoppedBy) << "were it damaged only after the check";
    const ImportOutcome rest = imported(to.data(), path, true);
    EXPECT_EQ(rest.wrong, 1U);
    EXPECT_EQ(rest.imported + rest.known, 5U);
}

TEST(Exchange, AFileThatIsCutOffInItsLastLineIsRefused) {
    const TempFolder from;
    fill(from.data(), 3);
    std::string text = exported(from.data());
    text.resize(text.size() - 20);
    LetterFile file = openFile(fileWith(from, text));

    const auto check = checkImport(file, nullptr, {});

    ASSERT_TRUE(check);
    EXPECT_EQ(check->letters, 2U);
    ASSERT_EQ(check->problems.size(), 1U);
    EXPECT_EQ(check->problems.front().line, 3U);
}

TEST(Exchange, AFileThatIsWrittenToMeanwhileIsNotTrusted) {
    const TempFolder from;
    fill(from.data(), 2);
    const std::string path = fileWith(from, exported(from.data()));
    LetterFile file = openFile(path);
    std::ofstream(path, std::ios::app) << "more\n";

    const auto check = checkImport(file, nullptr, {});

    ASSERT_FALSE(check);
    EXPECT_EQ(check.error().code, "exchange.changed");
}

TEST(Exchange, CancellingStopsBetweenPagesAndLeavesNoFile) {
    const TempFolder from;
    fill(from.data(), 10);
    const auto reader = openReader(from.data());
    const std::filesystem::path path = from.path() / "out.jsonl";
    {
        auto file = AtomicFile::open(path, false);
        ASSERT_TRUE(file) << file.error().text();
        ExportHooks hooks;
        hooks.cancel.cancel();
        hooks.write = [&file](std::string_view lines) { return file->write(lines); };
        const auto outcome = exportLetters(*reader, allIds(*reader), hooks);
        ASSERT_FALSE(outcome);
        EXPECT_EQ(outcome.error().errorClass, ErrorClass::Cancelled);
    }
    for (const auto& entry : std::filesystem::directory_iterator(from.path())) {
        EXPECT_EQ(entry.path().filename(), "data");
    }

    const TempFolder to;
    LetterFile file = openFile(fileWith(to, exported(from.data())));
    ImportHooks hooks;
    hooks.cancel.cancel();
    hooks.write = [](const std::vector<store::DeadLetter>&) -> Result<PageOutcome> {
        ADD_FAILURE() << "it was cancelled";
        return PageOutcome{};
    };
    EXPECT_TRUE(importPages(file, hooks).cancelled);
}

TEST(Exchange, AFileIsThereWholeOrNotAtAllForItsOwnerAlone) {
    const TempFolder folder;
    const std::filesystem::path path = folder.path() / "out.jsonl";
    auto file = AtomicFile::open(path, false);
    ASSERT_TRUE(file) << file.error().text();
    ASSERT_TRUE(file->write("lines\n"));
    EXPECT_FALSE(std::filesystem::exists(path));

    ASSERT_TRUE(file->commit());

    EXPECT_EQ(readAll(path), "lines\n");
    struct stat facts {};
    ASSERT_EQ(::stat(path.c_str(), &facts), 0);
    EXPECT_EQ(facts.st_mode & 0777U, 0600U);
    const auto again = AtomicFile::open(path, false);
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().code, "exchange.exists");
    auto replacing = AtomicFile::open(path, true);
    ASSERT_TRUE(replacing && replacing->write("other\n") && replacing->commit());
    EXPECT_EQ(readAll(path), "other\n");
}

TEST(Exchange, WhoWasQuickerIsNotOverwritten) {
    const TempFolder folder;
    const std::filesystem::path path = folder.path() / "out.jsonl";
    auto file = AtomicFile::open(path, false);
    ASSERT_TRUE(file && file->write("mine\n"));
    std::ofstream(path) << "theirs\n";

    const auto committed = file->commit();

    ASSERT_FALSE(committed);
    EXPECT_EQ(committed.error().code, "exchange.exists");
    EXPECT_EQ(readAll(path), "theirs\n");
}

} // namespace
} // namespace dashstream::exchange::test
