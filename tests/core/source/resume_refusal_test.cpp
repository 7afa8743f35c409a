// A file that is not the one that was read is not gone on with, and who asked is told why and what to do.
#include "tests/core/source/resume_rig.h"

#include <gmock/gmock.h>

namespace dashstream::source::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;

class ResumeRefusal : public FolderOfFiles {
protected:
    void expectChanged(const Everything& got, const std::string& what) const {
        EXPECT_THAT(got.nodes, IsEmpty()) << "nothing of it is sent";
        EXPECT_THAT(got.rejects, IsEmpty());
        ASSERT_TRUE(got.error) << what;
        EXPECT_EQ(got.error->code, "source.changed");
        EXPECT_EQ(got.error->errorClass, ErrorClass::Usage);
        EXPECT_THAT(got.error->message, AllOf(HasSubstr(m_folder.string()), HasSubstr(what)));
        EXPECT_THAT(got.error->remedy, AllOf(HasSubstr("Put the file back"), HasSubstr("anew")));
    }

    const std::string m_read = line("a") + "\n" + line("b") + "\n";
    const std::string m_frames = framed("aa") + framed("bb");
};

TEST_F(ResumeRefusal, ByteThatChangedAnywhereBeforeThePlace) {
    for (const std::size_t at : {std::size_t{0}, m_read.size() / 2, m_read.size() - 2}) {
        std::string other = m_read + line("c") + "\n";
        other[at] = other[at] == 'x' ? 'y' : 'x';
        const std::string path = write("f", other);

        expectChanged(readOn("jsonl:" + path, readTo(m_read, m_read.size(), 2)),
                      "first " + std::to_string(m_read.size()) + " bytes");
    }
}

TEST_F(ResumeRefusal, FramesThatChanged) {
    std::string other = m_frames + framed("c");
    other[m_frames.size() / 2] ^= 1;

    expectChanged(readOn("frames:" + write("f", other), readTo(m_frames, m_frames.size(), 2)), "different");
}

TEST_F(ResumeRefusal, FileThatWasCutIsRefusedWhenItIsOpened) {
    const std::string path = write("f", m_read.substr(0, m_read.size() - 1));

    const auto opened = openSourceAt("jsonl:" + path, readTo(m_read, m_read.size(), 2));

    ASSERT_FALSE(opened);
    Everything refused;
    refused.error = opened.error();
    expectChanged(refused, "shorter");
    EXPECT_THAT(opened.error().message, HasSubstr(std::to_string(m_read.size())));
}

TEST_F(ResumeRefusal, FileThatIsCutWhileItIsCompared) {
    const std::string path = write("f", m_read + line("c"));
    auto source = openSourceAt("jsonl:" + path, readTo(m_read, m_read.size(), 2));
    ASSERT_TRUE(source);

    std::filesystem::resize_file(path, 3);

    expectChanged(readAll(**source), "shorter");
}

TEST_F(ResumeRefusal, ErrorStays) {
    const std::string path = write("f", "x" + m_read);
    auto source = openSourceAt("jsonl:" + path, readTo(m_read, m_read.size(), 2));
    ASSERT_TRUE(source);

    expectChanged(readAll(**source), "different");
    expectChanged(readAll(**source), "different");
}

TEST_F(ResumeRefusal, LineThatWasReadToItsEndAndIsLongerNow) {
    const std::string content = line("a") + "\n" + line("b");
    const std::string path = write("f", content + " and more\n" + line("c") + "\n");

    expectChanged(readOn("jsonl:" + path, readTo(content, content.size(), 2)), "line 2");
}

TEST_F(ResumeRefusal, PlaceThatTheJournalKnowsAloneMustBeTheEndOfALineOrFrame) {
    // What the digest covers is the same; behind it stands something else, and the place is in the middle of it.
    const std::string covered = line("a") + "\n";
    const ResumePoint lines{covered.size() + 10, 1, sha256(covered), covered.size()};
    const std::string coveredFrame = framed("aa");
    const ResumePoint frames{coveredFrame.size() + 3, 1, sha256(coveredFrame), coveredFrame.size()};

    expectChanged(readOn("jsonl:" + write("f", covered + line("other") + "\n"), lines), "line 2");
    expectChanged(readOn("frames:" + write("g", coveredFrame + framed("other")), frames), "no frame begins");
    expectChanged(readOn("frames:" + write("h", coveredFrame + std::string(20, '\xff')), frames), "no frame begins");
}

} // namespace
} // namespace dashstream::source::test
