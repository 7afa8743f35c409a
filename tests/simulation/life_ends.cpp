// How lives end: by a crash, in order, and at last in a calm.
#include "tests/simulation/life.h"
#include "tests/simulation/trace.h"

namespace dashstream::simulation {

namespace {
constexpr int kMaxCalmTurns = 30'000;
} // namespace

void Life::crash() {
    ++m_counts.crashes;
    if (m_engine->running()) {
        noteEngine();
    }
    m_story.lives.back().crashed = true;
    m_engine->die();
    m_engine.reset();
    const bool powerLost = oneIn(2);
    if (tracing()) {
        trace(powerLost ? "power lost" : "killed");
    }
    m_disks.restart(powerLost, m_random);
    // In memory mode what is on no disk may be lost; what was delivered or is dead is found anyway.
    const int life = static_cast<int>(m_story.lives.size()) - 1;
    for (std::uint64_t number = 0; number < m_story.offered.size(); ++number) {
        Offered& offered = m_story.offered[number];
        if (!m_story.journal && offered.accepted && offered.life == life && !m_stored.holds(idOfNumber(number))) {
            offered.mayBeLost = true;
            ++m_counts.mayBeLost;
        }
    }
    m_clock.advance(upTo(3'000));
    m_cluster->step();
}

void Life::closeInOrder(int turns) {
    ++m_counts.closes;
    const bool lived = m_engine->finish(turns, [this] {
        noteAccepted();
        noteEngine();
    });
    if (!lived) {
        crash();
        return;
    }
    m_engine.reset();
    m_disks.restart(oneIn(2), m_random);
    m_clock.advance(upTo(3'000));
    m_cluster->step();
}

void Life::calmDown() {
    m_calm = true;
    m_cluster->heal();
    m_disks.heal();
    if (!begin()) {
        return;
    }
    int turns = 0;
    while (turns < kMaxCalmTurns && m_story.wrong.empty() && m_engine &&
           (!m_engine->pipeline().settled() || !m_engine->quiet())) {
        step();
        m_clock.advance(milliseconds(turns++ > 1'000 ? 100 : 10));
    }
    if (turns == kMaxCalmTurns) {
        wrong(std::to_string(m_engine->books().unsettled()) + " messages never settle");
    }
    if (m_engine) {
        closeInOrder(10);
    }
    readEnd();
}

void Life::readEnd() {
    auto reader = store::StoreReader::open(m_ground.folder());
    if (!reader) {
        wrong("the store cannot be read at the end: " + reader.error().text());
        return;
    }
    if (std::string bad = m_stored.compare(**reader); !bad.empty()) {
        wrong(bad);
    }
    const auto retries = (*reader)->retriesAfter(RetryId(0), 100'000);
    for (const store::RetryEntry& entry : *retries) {
        m_story.retries.push_back({entry.message.id, entry.message.thread, entry.message.sequence});
    }
    const auto dead = (*reader)->deadIds({});
    for (const DeadLetterId id : *dead) {
        const store::DeadLetter letter = (*reader)->deadLetter(id).value();
        m_story.dead.push_back({letter.message.id, letter.message.thread, letter.message.sequence});
        ++m_counts.dead;
    }
}

} // namespace dashstream::simulation
