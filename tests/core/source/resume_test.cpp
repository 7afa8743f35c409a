// How a source is recognised, where it goes on, and where a batch says that it would.
#include "tests/core/source/resume_rig.h"
#include "tests/core/store/store_support.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

namespace dashstream::source::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class Resume : public FolderOfFiles {};

TEST_F(Resume, FileHasOneNameHoweverItIsReached) {
    const std::string path = write("a.jsonl", line("a"));
    std::filesystem::create_directory(m_folder / "below");
    std::filesystem::create_symlink(path, m_folder / "below/link");
    const std::string name = "jsonl:" + std::filesystem::canonical(path).string();

    EXPECT_EQ(*resumableName("jsonl:" + path), name);
    EXPECT_EQ(*resumableName("jsonl:" + (m_folder / "below/../a.jsonl").string()), name);
    EXPECT_EQ(*resumableName("jsonl:" + (m_folder / "below/link").string()), name);
    EXPECT_EQ(*resumableName("jsonl:" + std::filesystem::relative(path).string()), name);
    EXPECT_EQ(*resumableName("frames:" + path), "frames:" + name.substr(6));
    EXPECT_EQ((*openSource("jsonl:" + path))->name(), name);
}

TEST_F(Resume, WhatIsNoFileCannotBeGoneOnWith) {
    const std::string pipe = (m_folder / "pipe").string();
    ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
    for (const std::string& spec : {std::string("-"), std::string("generate:count=3"), "jsonl:" + pipe}) {
        const auto name = resumableName(spec);
        ASSERT_FALSE(name) << spec;
        EXPECT_EQ(name.error().code, "source.not_resumable");
        EXPECT_EQ(name.error().errorClass, ErrorClass::Usage);
        const auto opened = openSourceAt(spec, {});
        ASSERT_FALSE(opened) << spec;
        EXPECT_EQ(opened.error().code, "source.not_resumable");
    }
    EXPECT_FALSE((*openSource("jsonl:" + pipe))->resumable());
    EXPECT_FALSE((*openSource("generate:count=3"))->resumable());
    EXPECT_EQ(resumableName("jsonl:" + (m_folder / "none").string()).error().code, "source.missing");
    EXPECT_EQ(resumableName("csv:x").error().code, "source.unknown");
    EXPECT_EQ(resumableName("").error().code, "source.unknown");
}

TEST_F(Resume, PointIsTheJournalsWhereItKnowsMore) {
    store::SourceRecord record{SourceNumber(1), "jsonl:/a", 500, 7, std::string(32, 'd'), 0, {}};

    EXPECT_EQ(*findResumePoint(std::nullopt, std::nullopt), ResumePoint{}) << "never read: the beginning";
    EXPECT_EQ(*findResumePoint(record, std::nullopt), (ResumePoint{500, 7, record.digest, 500}));
    EXPECT_EQ(*findResumePoint(record, 499), (ResumePoint{500, 7, record.digest, 500}));
    EXPECT_EQ(*findResumePoint(record, 800), (ResumePoint{800, 7, record.digest, 500}));
    record.reached = 700;
    EXPECT_EQ(*findResumePoint(record, std::nullopt), (ResumePoint{700, 7, record.digest, 500}));
    EXPECT_EQ(*findResumePoint(record, 699), (ResumePoint{700, 7, record.digest, 500}));
    EXPECT_EQ(*findResumePoint(record, 800), (ResumePoint{800, 7, record.digest, 500}));
    record.digest.clear();
    EXPECT_EQ(*findResumePoint(record, 800), (ResumePoint{800, 0, {}, 0})) << "nothing can be compared";
    record.digest = "short";
    const auto damaged = findResumePoint(record, 800);
    ASSERT_FALSE(damaged);
    EXPECT_EQ(damaged.error().code, "source.record");
}

TEST_F(Resume, PlaceIsBehindTheLastMessageNotBehindWhatIsNone) {
    const std::string good = line("a") + "\r\n\n" + line("b") + "\n";
    const std::string path = write("f", good + "bad\n\n" + R"({"event":{"node_)");

    const Everything all = readAll("jsonl:" + path);

    ASSERT_EQ(all.rejects.size(), 2U);
    EXPECT_EQ(all.places.back(), (SourcePlace{good.size(), 3, sha256(good)}));
}

TEST_F(Resume, LineThatWasCutIsReadOnceItIsWhole) {
    const std::string good = line("a") + "\n";
    const std::string path = write("f", good + R"({"event":{"node_)");
    const SourcePlace place = readAll("jsonl:" + path).places.back();

    (void)write("f", good + line("b") + "\nbad\n");
    const Everything rest = readOn("jsonl:" + path, *findResumePoint(recordOf(place), std::nullopt));

    EXPECT_THAT(rest.nodes, ElementsAre("b"));
    EXPECT_THAT(rest.positions, ElementsAre(2U));
    ASSERT_EQ(rest.rejects.size(), 1U);
    EXPECT_EQ(rest.rejects[0].position, 3U);
}

TEST_F(Resume, LastLineWithoutEndKeepsItsNumberWhenTheEndCame) {
    for (const std::string end : {"\n", "\r\n", "  \n"}) {
        const std::string content = line("a") + "\n" + line("b");
        const std::string path = write("f", content);
        const SourcePlace place = readAll("jsonl:" + path).places.back();
        ASSERT_EQ(place, (SourcePlace{content.size(), 2, sha256(content)}));

        (void)write("f", content + end + "bad\n" + line("c") + "\n");
        const Everything rest = readOn("jsonl:" + path, *findResumePoint(recordOf(place), std::nullopt));

        EXPECT_THAT(rest.nodes, ElementsAre("c"));
        EXPECT_THAT(rest.positions, ElementsAre(4U));
        ASSERT_EQ(rest.rejects.size(), 1U);
        EXPECT_EQ(rest.rejects[0].position, 3U);
    }
}

TEST_F(Resume, FrameThatWasCutIsReadOnceItIsWhole) {
    const std::string path = write("f", framed("a") + framed("bbbbbbbb").substr(0, 7));
    const SourcePlace place = readAll("frames:" + path).places.back();
    ASSERT_EQ(place, (SourcePlace{framed("a").size(), 1, sha256(framed("a"))}));

    (void)write("f", framed("a") + framed("bbbbbbbb") + framed("c"));
    const Everything rest = readOn("frames:" + path, *findResumePoint(recordOf(place), std::nullopt));

    EXPECT_THAT(rest.nodes, ElementsAre("bbbbbbbb", "c"));
    EXPECT_THAT(rest.positions, ElementsAre(2U, 3U));
    EXPECT_THAT(rest.rejects, IsEmpty());
}

TEST_F(Resume, FileThatWasReadWholeGivesNothingMore) {
    for (const auto& [kind, content] : {std::pair<std::string, std::string>("jsonl:", line("a") + "\n"),
                                        std::pair<std::string, std::string>("frames:", framed("a"))}) {
        const std::string path = write("f", content);

        const Everything rest = readOn(kind + path, readTo(content, content.size(), 1));

        EXPECT_TRUE(rest.ended);
        EXPECT_THAT(rest.nodes, IsEmpty());
        EXPECT_THAT(rest.places, ElementsAre(SourcePlace{content.size(), 1, sha256(content)}));
    }
}

TEST_F(Resume, LinesLongerThanABatchAndThanTheLimitAreBehindThePlaceToo) {
    const std::string big = line(std::string(5'000'000, 'b'));
    const std::string begin = line("a") + "\n" + big + "\n" + std::string(17'000'000, 'x') + "\n";
    const std::string content = begin + line("c") + "\n" + std::string(17'000'001, 'y');
    const std::string path = write("f", content);
    auto source = openSource("jsonl:" + path);
    const Everything all = readAll(**source, 100);
    ASSERT_THAT(all.positions, ElementsAre(1U, 2U, 4U));
    ASSERT_EQ(all.rejects.size(), 2U);
    for (const SourcePlace& place : all.places) {
        EXPECT_EQ(place.digest, sha256(std::string_view(content).substr(0, place.position))) << place.line;
    }
    EXPECT_EQ(all.places.back().line, 4U);

    const Everything rest = readOn("jsonl:" + path, readTo(content, line("a").size() + 1 + big.size() + 1, 2), 100);

    EXPECT_THAT(rest.nodes, ElementsAre("c"));
    EXPECT_THAT(rest.positions, ElementsAre(4U));
    ASSERT_EQ(rest.rejects.size(), 2U);
    EXPECT_EQ(rest.rejects[0].position, 3U);
    EXPECT_EQ(rest.places.back(), all.places.back());
}

TEST_F(Resume, ByteOrderMarkBelongsToTheBeginningAlone) {
    const std::string first = "\xEF\xBB\xBF" + line("a") + "\n";
    const std::string content = first + "\xEF\xBB\xBF" + line("b") + "\n" + line("c") + "\n";
    const std::string path = write("f", content);

    const Everything all = readOn("jsonl:" + path, {});
    const Everything rest = readOn("jsonl:" + path, readTo(content, first.size(), 1));

    EXPECT_THAT(all.nodes, ElementsAre("a", "c"));
    EXPECT_THAT(rest.nodes, ElementsAre("c"));
    EXPECT_EQ(rest.rejects.size(), 1U);
}

TEST_F(Resume, PipeHasNoPlace) {
    const std::string pipe = (m_folder / "pipe").string();
    ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
    auto source = openSource("jsonl:" + pipe);
    ASSERT_TRUE(source);
    std::ofstream(pipe) << line("a") << "\n";

    const Everything all = readAll(**source);

    EXPECT_THAT(all.nodes, ElementsAre("a"));
    EXPECT_THAT(all.places, IsEmpty());
}

TEST_F(Resume, LongPrefixIsComparedInStepsThatCanBeCancelled) {
    const std::string content = std::string(70U << 20U, '\n') + line("a") + "\n";
    const std::string path = write("f", content);
    auto source = openSourceAt("jsonl:" + path, readTo(content, 70U << 20U, 70U << 20U));
    ASSERT_TRUE(source);
    EXPECT_TRUE((*source)->goesOn());
    const CancelToken cancelled;
    cancelled.cancel();

    EXPECT_FALSE((*source)->read(10, cancelled).value().ended);
    EXPECT_EQ((*source)->progress().readBytes, 0U);
    const auto step = (*source)->read(10, {});
    ASSERT_TRUE(step);
    EXPECT_FALSE(step->ended);
    EXPECT_FALSE(step->place);
    EXPECT_TRUE((*source)->progress().checking);
    EXPECT_EQ((*source)->progress().readBytes, 64U << 20U);
    EXPECT_EQ((*source)->progress().totalBytes, content.size());

    const Everything rest = readAll(**source);
    EXPECT_THAT(rest.nodes, ElementsAre("a"));
    EXPECT_THAT(rest.positions, ElementsAre((70U << 20U) + 1));
    EXPECT_FALSE((*source)->progress().checking);
}

class ResumeWithStore : public Resume {
protected:
    void put(const store::SourceRecord& record) {
        store::test::expectStored(m_store->commit(store::test::batchOf(store::op::PutSource{record})));
    }
    Result<std::unique_ptr<Source>> open(const std::string& spec, const LaterPosition& later = {}) {
        return openSourceToGoOn(spec, *store::test::openReader(m_data.data()), later);
    }

    store::test::TempFolder m_data;
    std::unique_ptr<store::Store> m_store = store::test::openStore(m_data.data());
};

TEST_F(ResumeWithStore, SourceGoesOnWhereStoreAndJournalSay) {
    const std::string first = line("a") + "\n";
    const std::string second = first + line("b") + "\n";
    const std::string content = second + line("c") + "\n";
    const std::string path = write("f", content);
    put({SourceNumber(4), *resumableName("jsonl:" + path), first.size(), 1, sha256(first), {}});

    auto stored = open("jsonl:" + path);
    SourceNumber asked;
    auto later = open("jsonl:" + path, [&](SourceNumber number) {
        asked = number;
        return std::optional<std::uint64_t>(second.size());
    });

    ASSERT_TRUE(stored && later);
    EXPECT_TRUE((*stored)->goesOn());
    EXPECT_THAT(readAll(**stored).nodes, ElementsAre("b", "c"));
    EXPECT_EQ(asked, SourceNumber(4));
    EXPECT_THAT(readAll(**later).nodes, ElementsAre("c"));
}

TEST_F(ResumeWithStore, FileThatWasNeverReadBeginsAtItsBeginning) {
    const std::string path = write("f", line("a") + "\n");
    put({SourceNumber(4), *resumableName("frames:" + path), 5, 1, {}, {}});

    auto source = open("jsonl:" + path);

    ASSERT_TRUE(source);
    EXPECT_FALSE((*source)->goesOn());
    EXPECT_THAT(readAll(**source).nodes, ElementsAre("a"));
}

} // namespace
} // namespace dashstream::source::test
