// JSON Lines and frames from real files, with what can go wrong with files.
#include "tests/core/source/file_rig.h"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

namespace dashstream::source {
namespace {

using testing::HasSubstr;

using test::Everything;
using test::framed;
using test::line;
using test::readAll;

class FileSources : public test::FolderOfFiles {};

TEST_F(FileSources, BadLinesAreRejectedWithNumberAndReasonAndTheRestGoesOn) {
    const std::string bad = R"({"event":{"nodeid":"x"}})";
    const std::string path =
        write("a.jsonl", line("a") + "\n\n  \n" + bad + "\r\n" + line("b") + "\r\n" + "nonsense\x01\n" + line("c"));

    const Everything all = readAll("jsonl:" + path);

    EXPECT_TRUE(all.ended);
    EXPECT_THAT(all.nodes, testing::ElementsAre("a", "b", "c"));
    EXPECT_THAT(all.positions, testing::ElementsAre(1U, 5U, 7U));
    EXPECT_EQ(all.endBytes.back(), std::filesystem::file_size(path));
    ASSERT_EQ(all.rejects.size(), 2U);
    EXPECT_EQ(all.rejects[0].position, 4U);
    EXPECT_EQ(all.rejects[0].raw, bad);
    EXPECT_THAT(all.rejects[0].reason, HasSubstr("nodeid"));
    EXPECT_EQ(all.rejects[1].excerpt, "nonsense ");
}

TEST_F(FileSources, EmptyFileEndsAtOnce) {
    const Everything all = readAll("jsonl:" + write("empty.jsonl", ""));
    EXPECT_TRUE(all.ended);
    EXPECT_TRUE(all.nodes.empty());
    EXPECT_TRUE(all.rejects.empty());
}

TEST_F(FileSources, TooLongLineIsRejectedAndTheRestGoesOn) {
    const Everything all = readAll(
        "jsonl:" + write("long.jsonl", line("a") + "\n" + std::string(17 * 1024 * 1024, 'x') + "\n" + line("b")));

    EXPECT_THAT(all.nodes, testing::ElementsAre("a", "b"));
    ASSERT_EQ(all.rejects.size(), 1U);
    EXPECT_THAT(all.rejects[0].reason, HasSubstr("17825792 bytes long"));
    EXPECT_EQ(all.rejects[0].raw.size(), 1024U * 1024U);
    EXPECT_EQ(all.rejects[0].excerpt.size(), 200U);
}

TEST_F(FileSources, OpeningSaysWhatIsWrongWithTheFile) {
    (void)write("file", "x");
    const auto textOf = [](const std::string& spec) {
        const auto source = openSource(spec);
        return source ? std::string("opened") : source.error().code + ": " + source.error().text();
    };
    for (const std::string kind : {"jsonl:", "frames:"}) {
        EXPECT_THAT(textOf(kind + m_folder.string()),
                    testing::AllOf(HasSubstr("source.folder"), HasSubstr("is a folder")));
        EXPECT_THAT(textOf(kind + (m_folder / "none").string()), HasSubstr("source.missing"));
        EXPECT_THAT(textOf(kind + (m_folder / "file/below").string()), HasSubstr("source.read"));
        EXPECT_THAT(textOf(kind), HasSubstr("names no file"));
    }
    EXPECT_THAT(textOf("csv:x"), testing::AllOf(HasSubstr("source.unknown"), HasSubstr("jsonl:FILE")));
    EXPECT_THAT(textOf(""), HasSubstr("source.unknown"));
}

TEST_F(FileSources, UnreadableFileIsSaidToBeUnreadable) {
    if (geteuid() == 0) {
        GTEST_SKIP() << "root may read everything";
    }
    const std::string path = write("secret.jsonl", line("a"));
    std::filesystem::permissions(path, std::filesystem::perms::none);

    const auto source = openSource("jsonl:" + path);

    ASSERT_FALSE(source);
    EXPECT_EQ(source.error().code, "source.denied");
}

TEST_F(FileSources, ShrunkFileIsAnErrorAfterWhatWasRead) {
    std::string content;
    for (int index = 0; index < 40'000; ++index) {
        content += line("n" + std::to_string(index)) + "\n";
    }
    const std::string path = write("shrinks.jsonl", content);
    auto source = openSource("jsonl:" + path);
    ASSERT_TRUE(source);
    ASSERT_TRUE((*source)->read(1, CancelToken()));

    std::filesystem::resize_file(path, 100);
    const Everything all = readAll(**source, 1000);

    EXPECT_GT(all.nodes.size(), 1000U) << "what was read before is not lost";
    ASSERT_TRUE(all.error);
    EXPECT_EQ(all.error->code, "source.shrunk");
    EXPECT_THAT(all.error->text(), HasSubstr(path));
}

TEST_F(FileSources, VanishedFileIsReadToItsEndAndThenSaid) {
    for (const std::string kind : {"jsonl:", "frames:"}) {
        const std::string path =
            write("vanishes", kind == "jsonl:" ? line("a") + "\n" + line("b") : framed("a") + framed("b"));
        auto source = openSource(kind + path);
        ASSERT_TRUE(source);

        std::filesystem::remove(path);
        const Everything all = readAll(**source);

        EXPECT_THAT(all.nodes, testing::ElementsAre("a", "b"));
        ASSERT_TRUE(all.error);
        EXPECT_EQ(all.error->code, "source.vanished");
    }
}

TEST_F(FileSources, FramesGiveTheirMessagesAndRejectWhatIsNone) {
    std::string bad;
    wire::appendFrame(asBytes("\x02 no frame byte"), bad);
    const std::string content = framed("a") + bad + framed("b");

    const Everything all = readAll("frames:" + write("f.frames", content));

    EXPECT_TRUE(all.ended);
    EXPECT_THAT(all.nodes, testing::ElementsAre("a", "b"));
    EXPECT_THAT(all.positions, testing::ElementsAre(1U, 3U));
    EXPECT_EQ(all.endBytes.back(), content.size());
    ASSERT_EQ(all.rejects.size(), 1U);
    EXPECT_EQ(all.rejects[0].position, 2U);
    EXPECT_EQ(all.rejects[0].raw, "\x02 no frame byte");
}

TEST_F(FileSources, CutFrameIsRejectedWithItsByteAndEndsTheFile) {
    const std::string content = framed("a") + framed("bbbbbbbb").substr(0, 5);

    const Everything all = readAll("frames:" + write("cut.frames", content));

    EXPECT_TRUE(all.ended);
    EXPECT_THAT(all.nodes, testing::ElementsAre("a"));
    ASSERT_EQ(all.rejects.size(), 1U);
    EXPECT_THAT(all.rejects[0].reason, HasSubstr("byte " + std::to_string(framed("a").size())));
}

TEST_F(FileSources, WhatIsNoFramesFileEndsWithAnError) {
    const std::string path = write("text.frames", framed("a") + std::string(20, '\xff'));

    const Everything all = readAll("frames:" + path);

    EXPECT_THAT(all.nodes, testing::ElementsAre("a"));
    ASSERT_TRUE(all.error);
    EXPECT_THAT(all.error->text(), testing::AllOf(HasSubstr(path), HasSubstr("At byte")));
}

TEST_F(FileSources, PipeGivesWhatIsThereAndACancelEndsTheWait) {
    const std::string path = (m_folder / "pipe").string();
    ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
    auto source = openSource("jsonl:" + path);
    ASSERT_TRUE(source) << "nobody writes yet, and opening does not wait";
    EXPECT_TRUE((*source)->read(10, CancelToken()).value().messages.empty());

    std::ofstream writer(path);
    writer << line("a") << "\n"
           << line("b") << "\n"
           << "{\"event\":" << std::flush;
    Result<SourceBatch> batch = (*source)->read(10, CancelToken());

    ASSERT_TRUE(batch);
    EXPECT_EQ(batch->messages.size(), 2U);
    EXPECT_FALSE(batch->ended);
    const CancelToken cancelled;
    cancelled.cancel();
    batch = (*source)->read(10, cancelled);
    ASSERT_TRUE(batch);
    EXPECT_FALSE(batch->ended);

    writer << "{}}\n" << std::flush;
    writer.close();
    const Everything rest = readAll(**source);
    EXPECT_TRUE(rest.ended);
    EXPECT_EQ(rest.positions, std::vector<std::uint64_t>{3});
}

TEST_F(FileSources, ProgressCountsBytes) {
    const std::string path = write("p.jsonl", line("a") + "\n");
    auto source = openSource("jsonl:" + path);
    ASSERT_TRUE(source);
    EXPECT_EQ((*source)->progress().readBytes, 0U);

    (void)readAll(**source);

    EXPECT_EQ((*source)->progress().readBytes, std::filesystem::file_size(path));
    EXPECT_EQ((*source)->progress().totalBytes, std::filesystem::file_size(path));
}

} // namespace
} // namespace dashstream::source
