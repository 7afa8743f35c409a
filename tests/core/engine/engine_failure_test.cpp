#include "core/store/reader.h"
#include "tests/core/engine/engine_rig.h"

#include <algorithm>
#include <atomic>
#include <future>

namespace dashstream::engine::test {
namespace {

bool downWithAllBrokers(kafka::DemoCluster& demo, bool down) {
    bool all = true;
    for (const auto& broker : demo.switches().brokers) {
        all = demo.setBrokerDown(broker.id, down).has_value() && all;
    }
    return all;
}

std::string oneMessageOfEachOf(int threads) {
    std::string lines;
    for (int i = 0; i < threads; ++i) {
        lines += R"({"event":{"header":{"thread_id":"t-)" + std::to_string(i) + "\"}}}\n";
    }
    return lines;
}

TEST(EngineFailure, UntilDeliveredWaitsOutAnOutageInOrder) {
    EngineRig rig;
    rig.config.delivery.stall = milliseconds{300};
    rig.start();
    rig.source("generate:count=200,threads=10,seed=1");
    ASSERT_TRUE(rig.waitUntilSettled(200));

    ASSERT_TRUE(downWithAllBrokers(*rig.demo, true));
    rig.source("generate:count=300,threads=10,seed=2");
    ASSERT_TRUE(rig.waitFor([](const Snapshot& shown) { return shown.accounting.retrying == 300; }))
        << "what waits longer than the stall limit is shown as retrying";
    ASSERT_TRUE(downWithAllBrokers(*rig.demo, false));
    const auto shown = rig.waitUntilSettled(500);

    ASSERT_TRUE(shown);
    EXPECT_EQ(shown->accounting.dead, 0U);
    EXPECT_TRUE(shown->accounting.balanced());
    expectGapless(rig.readTopic(500));
    EXPECT_EQ(rig.stop().reordersPossible, 0U);
    auto reader = store::StoreReader::open(rig.folder());
    EXPECT_EQ((*reader)->counts()->retries, 0) << "delivered ones leave the retry queue";
}

TEST(EngineFailure, BoundedMakesADeadLetterWholeWithItsAttempts) {
    EngineRig rig;
    rig.bounded(milliseconds{30'000});
    rig.start();
    ASSERT_TRUE(rig.demo->setRefuseWrites(true));

    rig.source("generate:count=40,threads=4,bytes=1000,seed=3");
    const auto shown = rig.waitFor([](const Snapshot& snapshot) { return snapshot.accounting.dead == 40; });

    ASSERT_TRUE(shown);
    EXPECT_TRUE(shown->accounting.balanced());
    rig.stop();
    auto reader = store::StoreReader::open(rig.folder());
    const auto ids = (*reader)->deadIds({});
    ASSERT_EQ(ids->size(), 40U);
    const auto letter = (*reader)->deadLetter(ids->front());
    ASSERT_EQ(letter->attempts.size(), 3U);
    EXPECT_EQ(letter->errorCode, "TOPIC_AUTHORIZATION_FAILED");
    wire::Decoder decoder;
    wire::v1::DashStreamMessage message;
    ASSERT_TRUE(decoder.decode(asBytes(letter->message.value), message));
    EXPECT_EQ(wire::headerOf(message)->sequence(), letter->message.sequence.value);
    EXPECT_EQ((*reader)->counts()->retries, 0);
}

TEST(EngineFailure, ADeadLetterSentAgainArrivesAndTheBooksBalance) {
    EngineRig rig;
    rig.bounded(milliseconds{30'000});
    rig.start();
    ASSERT_TRUE(rig.demo->setRefuseWrites(true));
    rig.source("generate:count=20,threads=2,seed=4");
    ASSERT_TRUE(rig.waitFor([](const Snapshot& snapshot) { return snapshot.accounting.dead == 20; }));
    ASSERT_TRUE(rig.demo->setRefuseWrites(false));
    auto reader = store::StoreReader::open(rig.folder());

    rig.engine->resend({*(*reader)->deadIds({}), "operator", 0}, [](Result<ResendJobId> job) { ASSERT_TRUE(job); });
    const auto shown = rig.waitFor(
        [](const Snapshot& snapshot) { return !snapshot.resends.empty() && !snapshot.resends.back().running; });

    ASSERT_TRUE(shown);
    EXPECT_EQ(shown->resends.back().delivered, 20U);
    EXPECT_EQ(shown->accounting.dead, 0U);
    EXPECT_EQ(shown->accounting.delivered, 20U);
    EXPECT_TRUE(shown->accounting.balanced());
    expectGapless(rig.readTopic(20));
    rig.stop();
    EXPECT_TRUE((*reader)->deadIds({})->empty());
}

TEST(EngineFailure, AResendThatTheTopicRefusesPausesAndGoesOnWhenItMay) {
    EngineRig rig;
    rig.bounded(milliseconds{30'000});
    rig.start();
    ASSERT_TRUE(rig.demo->setRefuseWrites(true));
    rig.source("generate:count=1,threads=1,seed=5");
    ASSERT_TRUE(rig.waitFor([](const Snapshot& snapshot) { return snapshot.accounting.dead == 1; }));
    auto reader = store::StoreReader::open(rig.folder());
    const auto ids = *(*reader)->deadIds({});

    rig.engine->resend({ids, "operator", 0}, [](Result<ResendJobId> job) { ASSERT_TRUE(job); });
    const auto inPhase = [&rig](resend::Phase phase) {
        return rig.waitFor([phase](const Snapshot& snapshot) {
            return !snapshot.resends.empty() && snapshot.resends.back().phase == phase;
        });
    };
    const auto paused = inPhase(resend::Phase::Paused);
    ASSERT_TRUE(paused);
    EXPECT_NE(paused->resends.back().why.find("uthoriz"), std::string::npos) << paused->resends.back().why;
    EXPECT_EQ(paused->accounting.dead, 1U);
    EXPECT_EQ(*(*reader)->deadIds({}), ids);
    const auto letter = (*reader)->deadLetter(ids.front());
    EXPECT_EQ(letter->attempts.size(), 3U) << "it was no try of its own";
    EXPECT_EQ(letter->rounds, 0);

    ASSERT_TRUE(rig.demo->setRefuseWrites(false));
    rig.engine->resumeResend(paused->resends.back().id, "operator");
    const auto done = inPhase(resend::Phase::Done);
    ASSERT_TRUE(done) << [](const resend::ResendView& job) {
        return "phase " + std::to_string(static_cast<int>(job.phase)) + ", sent " + std::to_string(job.sent) +
               ", checking " + std::to_string(job.checking) + ": " + job.why;
    }(rig.engine->snapshot()->resends.back());
    EXPECT_EQ(done->accounting.delivered, 1U);
    EXPECT_EQ(done->accounting.dead, 0U);
    EXPECT_TRUE(done->accounting.balanced());
    rig.stop();
    EXPECT_EQ((*reader)->deadLetter(ids.front())->state, store::DeadState::Resent);
}

TEST(EngineFailure, AResendOfNothingThatExistsIsRefusedInWords) {
    EngineRig rig;
    rig.start();
    std::promise<Result<ResendJobId>> answered;

    rig.engine->resend({{DeadLetterId{77}}, "operator", 0},
                       [&](Result<ResendJobId> job) { answered.set_value(std::move(job)); });

    const auto answer = answered.get_future().get();
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, "resend.empty");
}

TEST(EngineFailure, WhatIsNotSentAtCloseIsSentAfterTheRestart) {
    EngineRig rig;
    rig.start();
    rig.source("generate:count=100,threads=5,seed=6");
    ASSERT_TRUE(rig.waitUntilSettled(100));
    ASSERT_TRUE(downWithAllBrokers(*rig.demo, true));
    rig.source("generate:count=150,threads=5,seed=7");
    ASSERT_TRUE(rig.waitFor([](const Snapshot& shown) { return shown.accounting.accepted == 250; }));

    const Accounting books = rig.stop(milliseconds{200});
    EXPECT_EQ(books.delivered + books.unsettled(), 250U);
    EXPECT_TRUE(books.balanced());
    ASSERT_TRUE(downWithAllBrokers(*rig.demo, false));
    rig.start();
    const auto shown = rig.waitUntilSettled(books.unsettled());

    ASSERT_TRUE(shown);
    EXPECT_EQ(shown->accounting.carriedIn, books.unsettled());
    expectGapless(rig.readTopic(250));
}

TEST(EngineFailure, AnOperatorGivesUpWhatWaits) {
    EngineRig rig;
    rig.bounded(milliseconds{30'000});
    rig.config.retry.base = milliseconds{60'000};
    rig.config.retry.max = milliseconds{60'000};
    rig.start();
    ASSERT_TRUE(rig.demo->setRefuseWrites(true));
    rig.source("jsonl:" + rig.file("in.jsonl", oneMessageOfEachOf(10)));
    ASSERT_TRUE(rig.waitFor([](const Snapshot& snapshot) { return snapshot.accounting.retrying == 10; }));

    rig.engine->giveUp({}, "operator");
    const auto shown = rig.waitFor([](const Snapshot& snapshot) { return snapshot.accounting.dead == 10; });

    ASSERT_TRUE(shown);
    EXPECT_TRUE(shown->accounting.balanced());
    rig.stop(milliseconds{200});
    const auto audit = (*store::StoreReader::open(rig.folder()))->audit(10);
    ASSERT_TRUE(audit);
    ASSERT_EQ(audit->size(), 1U);
    EXPECT_EQ(audit->front().action, "retries.give_up");
    EXPECT_EQ(audit->front().user, "operator");
    EXPECT_EQ(audit->front().result, "10 given up");
}

TEST(EngineFailure, TryNowDoesNotWaitForTheBackoff) {
    EngineRig rig;
    rig.bounded(milliseconds{30'000});
    rig.config.retry.base = milliseconds{60'000};
    rig.config.retry.max = milliseconds{60'000};
    rig.config.retry.attempts = 20; // each press is one
    rig.start();
    ASSERT_TRUE(rig.demo->setRefuseWrites(true));
    rig.source("jsonl:" + rig.file("in.jsonl", oneMessageOfEachOf(10)));
    ASSERT_TRUE(rig.waitFor([](const Snapshot& snapshot) { return snapshot.accounting.retrying == 10; }));
    ASSERT_TRUE(rig.demo->setRefuseWrites(false));

    // Until the client has heard that writes are allowed again, it refuses by itself: the operator tries once more.
    ASSERT_TRUE(rig.waitFor([&rig](const Snapshot& shown) {
        rig.engine->retryNow({});
        return shown.accounting.delivered == 10 && shown.accounting.unsettled() == 0;
    }));
}

/// The real producer, which tells of a fatal error once: behind the 500th report.
class FatalBehindReports final : public kafka::Producer {
public:
    explicit FatalBehindReports(std::unique_ptr<kafka::Producer> real) : m_real(std::move(real)) {}
    kafka::SendResult send(const kafka::Record& record) override { return m_real->send(record); }
    PartitionId partitionFor(std::string_view key, std::int32_t count) const override {
        return m_real->partitionFor(key, count);
    }
    void poll(kafka::ProducerEvents& events, milliseconds patience) override {
        m_real->poll(events, patience);
        m_reports += events.reports.size();
        if (m_reports >= 500 && !m_told) {
            m_told = true;
            events.errors.push_back({-150, true, "fatal behind 500 reports"});
        }
    }
    void purge() override { m_real->purge(); }
    std::size_t outstanding() const override { return m_real->outstanding(); }
    void refreshMetadata() override { m_real->refreshMetadata(); }

private:
    std::unique_ptr<kafka::Producer> m_real;
    std::size_t m_reports = 0;
    bool m_told = false;
};

TEST(EngineFailure, WhatWaitsBehindItsThreadsHeadCountsAsItsPartitionsBacklog) {
    EngineRig rig;
    rig.bounded(milliseconds{30'000});
    rig.start();
    rig.source("generate:count=50,threads=10,seed=1");
    ASSERT_TRUE(rig.waitUntilSettled(50));
    const auto backlog = [](const Snapshot& shown) {
        std::uint64_t sum = 0;
        for (const PartitionView& partition : shown.partitions) {
            sum += partition.waiting + partition.inside;
        }
        return sum;
    };

    ASSERT_TRUE(downWithAllBrokers(*rig.demo, true));
    rig.source("generate:count=300,threads=10,seed=1");

    EXPECT_TRUE(rig.waitFor([&](const Snapshot& shown) { return backlog(shown) == 300; }));
    ASSERT_TRUE(downWithAllBrokers(*rig.demo, false));
    const auto shown = rig.waitUntilSettled(350);
    ASSERT_TRUE(shown);
    EXPECT_EQ(backlog(*shown), 0U);
}

TEST(EngineFailure, AFatalErrorMakesTheClientAnewAndEverythingArrives) {
    EngineRig rig;
    std::atomic<int> made = 0;
    rig.wrapProducer = [&](std::unique_ptr<kafka::Producer> real) -> std::unique_ptr<kafka::Producer> {
        if (++made > 1) {
            return real;
        }
        return std::make_unique<FatalBehindReports>(std::move(real));
    };
    rig.start();

    rig.source("generate:count=4000,rate=4000,threads=20,seed=11");
    const auto shown = rig.waitUntilSettled(4000);

    ASSERT_TRUE(shown);
    EXPECT_TRUE(shown->accounting.balanced());
    EXPECT_EQ(shown->accounting.dead, 0U);
    rig.stop();
    EXPECT_EQ(made, 2);
}

TEST(EngineFailure, BoundedModeGivesUpWhenNoBrokerEverAnswers) {
    EngineRig rig;
    rig.bounded(milliseconds{300});
    rig.demo = kafka::DemoCluster::start("events").value();
    rig.config.kafka.bootstrapServers = "127.0.0.1:1"; // nobody listens there
    rig.start();

    rig.source("generate:count=5,threads=5,seed=10");

    ASSERT_TRUE(rig.waitFor([](const Snapshot& snapshot) { return snapshot.accounting.dead == 5; }));
}

TEST(EngineFailure, BoundedASilentBrokerCostsTheOthersNothing) {
    EngineRig rig;
    rig.bounded(milliseconds{500});
    rig.config.retry.attempts = 2;
    rig.start();
    rig.source("generate:count=60,threads=60,seed=12");
    ASSERT_TRUE(rig.waitUntilSettled(60));
    ASSERT_TRUE(rig.demo->setBrokerDown(rig.demo->switches().brokers.front().id, true));

    rig.source("generate:count=120,threads=60,seed=12");
    const auto shown = rig.waitFor(
        [](const Snapshot& snapshot) { return snapshot.accounting.delivered + snapshot.accounting.dead == 180; });

    ASSERT_TRUE(shown);
    EXPECT_GT(shown->accounting.dead, 0U);
    EXPECT_GT(shown->accounting.delivered, 60U);
    EXPECT_TRUE(shown->accounting.balanced());
    EXPECT_EQ(shown->accounting.duplicatesPossible, 0U);
    EXPECT_TRUE(std::ranges::any_of(shown->events, [](const NotableEvent& event) {
        return event.text.find("delivery.send_timeout_ms): the Kafka client was made anew") != std::string::npos;
    }));
}

/// The real producer; what it reports of a thread's first message is changed as the test says.
class ChangedReports final : public kafka::Producer {
public:
    using Change = std::function<void(const std::string& thread, kafka::DeliveryReport& report)>;

    ChangedReports(std::unique_ptr<kafka::Producer> real, Change change)
        : m_real(std::move(real)), m_change(std::move(change)) {}
    kafka::SendResult send(const kafka::Record& record) override {
        {
            const std::lock_guard lock(m_mutex);
            m_threads.insert_or_assign(record.token, std::string(record.key));
        }
        return m_real->send(record);
    }
    PartitionId partitionFor(std::string_view key, std::int32_t count) const override {
        return m_real->partitionFor(key, count);
    }
    void poll(kafka::ProducerEvents& events, milliseconds patience) override {
        m_real->poll(events, patience);
        const std::lock_guard lock(m_mutex);
        for (kafka::DeliveryReport& report : events.reports) {
            m_change(m_threads[report.token], report);
        }
    }
    void purge() override { m_real->purge(); }
    std::size_t outstanding() const override { return m_real->outstanding(); }
    void refreshMetadata() override { m_real->refreshMetadata(); }

private:
    std::unique_ptr<kafka::Producer> m_real;
    Change m_change;
    std::mutex m_mutex;
    std::map<void*, std::string> m_threads;
};

TEST(EngineFailure, AThreadThatWaitsForItsNextTryHoldsUpNoOtherThread) {
    EngineRig rig;
    rig.bounded(milliseconds{2000});
    rig.config.retry.base = milliseconds{60'000};
    rig.config.retry.max = milliseconds{60'000};
    std::atomic<bool> failed = false;
    rig.wrapProducer = [&](std::unique_ptr<kafka::Producer> real) {
        return std::make_unique<ChangedReports>(std::move(real),
                                                [&failed](const std::string& thread, kafka::DeliveryReport& report) {
                                                    if (thread == "t-0" && !failed.exchange(true)) {
                                                        report.errorCode = 7; // REQUEST_TIMED_OUT
                                                        report.persistence = kafka::Persistence::NotPersisted;
                                                    }
                                                });
    };
    rig.start();

    for (int round = 0; round < 5; ++round) {
        rig.source("jsonl:" + rig.file("in-" + std::to_string(round), oneMessageOfEachOf(10)));
    }

    // 45 of the nine others; the five of t-0 wait, one of them for its next try
    ASSERT_TRUE(rig.waitFor([](const Snapshot& shown) { return shown.accounting.delivered == 45; }));
    const auto shown = rig.waitFor([](const Snapshot& snapshot) { return snapshot.accounting.retrying == 1; });
    ASSERT_TRUE(shown);
    EXPECT_EQ(shown->accounting.delivered, 45U);
    rig.engine->retryNow({});
    ASSERT_TRUE(rig.waitUntilSettled(50));
}

TEST(EngineFailure, AnErrorThatNobodyClassifiedIsNamedOnceAndItsMessagesGoOn) {
    EngineRig rig;
    std::atomic<int> changed = 0;
    rig.wrapProducer = [&](std::unique_ptr<kafka::Producer> real) {
        return std::make_unique<ChangedReports>(std::move(real),
                                                [&changed](const std::string&, kafka::DeliveryReport& report) {
                                                    if (changed.fetch_add(1) < 3) {
                                                        report.errorCode = 25; // UNKNOWN_MEMBER_ID: of groups only
                                                        report.persistence = kafka::Persistence::NotPersisted;
                                                    }
                                                });
    };
    rig.start();
    rig.source("jsonl:" + rig.file("in.jsonl", oneMessageOfEachOf(10)));

    const auto shown = rig.waitUntilSettled(10);

    ASSERT_TRUE(shown);
    const auto told = std::ranges::count_if(shown->events, [](const NotableEvent& event) {
        return event.text.find("UNKNOWN_MEMBER_ID (25), which is in no table") != std::string::npos;
    });
    EXPECT_EQ(told, 1);
    EXPECT_TRUE(shown->accounting.balanced());
}

} // namespace
} // namespace dashstream::engine::test
