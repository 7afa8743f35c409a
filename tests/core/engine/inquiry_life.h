// One seeded life: messages of which a simulated partition got some, some late and some never, then an inquiry about
// all of them while brokers go on misbehaving, then the sending again, and the judgement.
#pragma once

#include "tests/core/engine/planted_inquiry.h"
#include "tests/core/engine/sim_checker.h"

#include <optional>

namespace dashstream::engine::test {

class InquiryLife {
public:
    InquiryLife(std::uint64_t seed, Mistake mistake);

    struct End {
        Judgement judgement;
        InquiryCounts counts;
        bool harmed = false;
        std::size_t messages = 0;
        std::size_t steps = 0;
    };
    [[nodiscard]] End live();

private:
    [[nodiscard]] bool oneIn(std::uint64_t chance) { return m_random() % chance == 0; }
    [[nodiscard]] milliseconds upTo(std::uint64_t longest) { return milliseconds(m_random() % (longest + 1)); }
    void makeMessages();
    void handOver();
    void handOverRow();
    void handOverOne(std::size_t place);
    void addForeign();
    void disturb();
    void sendAgain();
    void takeVerdicts();

    void carryOut(const Read& read);
    [[nodiscard]] Result<kafka::SearchOutcome> search(const Read& read);
    void tell(const SimRecord& record);
    void carryOut(const SendBarrier& barrier);
    void acknowledge(SentBarrier sent, const UnknownMessage& message);

    std::mt19937_64 m_random;
    SimPartition m_world;
    InquiryStory m_story;
    std::optional<PlantedInquiry> m_inquiry;
    const bool m_harmful; ///< records may vanish in this life
    bool m_mayRead = true;
    int m_forgets = 2;
    std::size_t m_steps = 0;
    Mistake m_mistake;
};

} // namespace dashstream::engine::test
