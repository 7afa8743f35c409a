// Whatever is in a file, wherever reading it stopped, and whatever was added since: going on gives what a reading in
// one go gives after that place. Each failure names its seed.
#include "tests/core/source/resume_rig.h"

#include <algorithm>
#include <random>

namespace dashstream::source::test {
namespace {

using Random = std::mt19937_64;

std::size_t below(Random& random, std::size_t limit) {
    return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random);
}

/// Content with its kind: lines or frames, messages or not, whole or cut at the end.
class Maker {
public:
    Maker(Random& random, bool frames, std::size_t longest) : m_random(random), m_frames(frames), m_longest(longest) {}

    [[nodiscard]] std::string items(std::size_t count) {
        std::string content;
        for (std::size_t i = 0; i < count; ++i) {
            content += m_frames ? frame() : wholeLine();
        }
        return content;
    }

    /// What a writer has not finished, and its rest.
    [[nodiscard]] std::pair<std::string, std::string> cutItem() {
        const std::string whole = m_frames ? frame() : anyLine() + lineEnd();
        const std::size_t cut = below(m_random, whole.size()) + 1;
        return {whole.substr(0, cut), whole.substr(cut)};
    }

private:
    [[nodiscard]] std::string node() {
        return std::to_string(++m_number) + std::string(below(m_random, m_longest), 'x');
    }
    [[nodiscard]] std::string lineEnd() { return below(m_random, 3) == 0 ? "\r\n" : "\n"; }
    [[nodiscard]] std::string anyLine() { return below(m_random, 6) == 0 ? "{\"no\":" + node() : line(node()); }
    [[nodiscard]] std::string wholeLine() {
        return (below(m_random, 5) == 0 ? std::string(below(m_random, 3), ' ') : anyLine()) + lineEnd();
    }
    [[nodiscard]] std::string frame() {
        if (below(m_random, 5) > 0) {
            return framed(node());
        }
        std::string bad;
        wire::appendFrame(asBytes("\x02" + node()), bad);
        return bad;
    }

    Random& m_random;
    bool m_frames;
    std::size_t m_longest;
    int m_number = 0;
};

/// What `all` has after `position`, which is the end of `line`.
Everything after(const Everything& all, std::uint64_t position, std::uint64_t line) {
    Everything rest;
    for (std::size_t i = 0; i < all.nodes.size(); ++i) {
        if (all.endBytes[i] > position) {
            rest.nodes.push_back(all.nodes[i]);
            rest.positions.push_back(all.positions[i]);
            rest.endBytes.push_back(all.endBytes[i]);
        }
    }
    std::ranges::copy_if(all.rejects, std::back_inserter(rest.rejects),
                         [line](const SourceReject& reject) { return reject.position > line; });
    return rest;
}

void expectSame(const Everything& got, const Everything& expected) {
    EXPECT_FALSE(got.error) << got.error->text();
    EXPECT_TRUE(got.ended);
    EXPECT_EQ(got.nodes, expected.nodes);
    EXPECT_EQ(got.positions, expected.positions);
    EXPECT_EQ(got.endBytes, expected.endBytes);
    ASSERT_EQ(got.rejects.size(), expected.rejects.size());
    for (std::size_t i = 0; i < got.rejects.size(); ++i) {
        EXPECT_EQ(got.rejects[i].position, expected.rejects[i].position);
        EXPECT_EQ(got.rejects[i].raw, expected.rejects[i].raw);
        EXPECT_EQ(got.rejects[i].reason, expected.rejects[i].reason);
    }
}

void expectTruePlaces(const Everything& all, std::string_view content) {
    for (const SourcePlace& place : all.places) {
        EXPECT_EQ(place.digest, sha256(content.substr(0, place.position)));
        const auto message = std::ranges::find(all.endBytes, place.position);
        if (place.position == 0 || message == all.endBytes.end()) {
            continue; // the beginning, or where it went on
        }
        EXPECT_EQ(place.line, all.positions[static_cast<std::size_t>(message - all.endBytes.begin())]);
    }
}

class ResumeProperty : public FolderOfFiles {
protected:
    void check(std::uint64_t seed, std::size_t items, std::size_t longest) const;
};

void ResumeProperty::check(std::uint64_t seed, std::size_t items, std::size_t longest) const {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Random random(seed);
    const bool frames = below(random, 2) == 0;
    Maker maker(random, frames, longest);
    std::string content = maker.items(below(random, items));
    const auto [begun, rest] = below(random, 2) == 0 ? maker.cutItem() : std::pair<std::string, std::string>();
    const std::string path = write("file", content + begun);
    const std::string spec = (frames ? "frames:" : "jsonl:") + path;

    auto first = openSource(spec);
    ASSERT_TRUE(first);
    const Everything before = readAll(**first, below(random, 9) + 1);
    ASSERT_TRUE(before.ended) << before.error->text();
    ASSERT_FALSE(before.places.empty());
    expectTruePlaces(before, content + begun);

    // The store knows the end of some batch, the journal perhaps a message beyond it.
    const SourcePlace known = before.places[below(random, before.places.size())];
    std::optional<std::uint64_t> later;
    std::uint64_t position = known.position;
    std::uint64_t lineThere = known.line;
    if (!before.nodes.empty() && below(random, 2) == 0) {
        const std::size_t message = below(random, before.nodes.size());
        later = before.endBytes[message];
        if (*later > position) {
            position = *later;
            lineThere = before.positions[message];
        }
    }
    const auto point = findResumePoint(recordOf(known), later);
    ASSERT_TRUE(point);
    ASSERT_EQ(point->position, position);

    std::string grown = content + begun;
    if (below(random, 2) == 0) { // or it stays as it is
        grown += rest + maker.items(below(random, items));
        (void)write("file", grown);
    }
    const Everything whole = readAll(spec);
    ASSERT_TRUE(whole.ended) << whole.error->text();

    const Everything got = readOn(spec, *point, below(random, 9) + 1);

    expectSame(got, after(whole, position, lineThere));
    expectTruePlaces(got, grown);
    if (!got.places.empty() && !whole.places.empty()) {
        EXPECT_EQ(got.places.back(), whole.places.back());
    }
}

TEST_F(ResumeProperty, GoingOnGivesWhatOneReadingGivesAfterThatPlace) {
    for (std::uint64_t seed = 1; seed <= 1500 && !HasFailure(); ++seed) {
        check(seed, 25, 40);
    }
}

TEST_F(ResumeProperty, FilesOfManyPiecesToo) {
    for (std::uint64_t seed = 1; seed <= 12 && !HasFailure(); ++seed) {
        check(1'000'000 + seed, 400, 60'000);
    }
}

} // namespace
} // namespace dashstream::source::test
