// The way of a message, joined: admission → numbers → encoding → lanes → producer → report → settlement. One turn of
// the engine is step(). Single-threaded and on an injected clock: what threads there are belong to the Engine around
// it.
#pragma once

#include "core/engine/admission.h"
#include "core/engine/dead_imports.h"
#include "core/engine/dispatcher.h"
#include "core/engine/hand_over.h"
#include "core/engine/inquiries.h"
#include "core/engine/journal_feed.h"
#include "core/engine/left_behind.h"
#include "core/engine/sequence_changes.h"
#include "core/engine/settlement.h"
#include "core/resend/context.h"

#include <memory>
#include <span>
#include <string>

namespace dashstream::engine {

/// What the cluster last told of itself.
struct ClusterNews {
    kafka::Statistics statistics;
    kafka::TopicMetadata topic;
    bool topicKnown = false;
    std::string lastClientError;
    UtcTime lastClientErrorAt{};
};

class Pipeline {
public:
    Pipeline(const config::Config& config, const Clock& clock, observe::Logger* logger,
             const store::StoreSummary& found, store::StoreReader& reader, StoreGateway::Submit submit,
             std::unique_ptr<limit::Limiter> limiter);

    /// Before loadUnsettled(): where accepted messages are kept, `sourceNames` by their numbers there.
    void setJournal(journal::Journal* journal, std::unordered_map<std::uint32_t, std::string> sourceNames);
    /// Who answers questions about the topic; without one, outcomes that are unknown stay so. Before the first step.
    void setTopicReader(TopicReader* reader);
    /// A message that the journal holds, and the partition that its record names.
    struct Found {
        journal::EntryId entry;
        PartitionId partition;
    };
    /// Takes what waits in the store's retry queue and in the journal (in the order of entries), and the resend jobs
    /// that were running.
    [[nodiscard]] Result<void> loadUnsettled(const store::StoreSummary& found, const std::vector<Found>& inJournal);
    /// The journal has everything below `end`, and all groups up to this one, durable.
    void onCommitted(journal::EntryId end, std::uint64_t group);
    // Answers of the topic's reader.
    void onEnds(const Result<kafka::TopicEnds>& ends) { m_handOver.onEnds(ends, m_state.clock.steadyNow()); }
    void onMatches(std::uint64_t serial, std::span<const MatchedRecord> matches) {
        m_inquiries.onMatches(serial, matches);
    }
    void onReadProgress(std::uint64_t serial, Offset readTo, Offset end) {
        m_inquiries.onReadProgress(serial, readTo, end);
    }
    void onReadEnded(std::uint64_t serial, const Result<kafka::SearchOutcome>& outcome) {
        m_inquiries.onReadEnded(serial, outcome, m_state.clock.steadyNow());
    }

    /// The instance to send through; before the first step, and whenever it is made anew.
    void setProducer(kafka::Producer* producer) { m_producer = producer; }
    void onEvents(kafka::ProducerEvents& events);
    void onStored(Result<void> outcome) { m_state.gateway.finished(std::move(outcome), m_state.clock.steadyNow()); }
    /// Messages that were encoded and numbered elsewhere; their batch owns thread names and values.
    void enterEncoded(std::unique_ptr<MessageBatch> batch);

    /// One turn: whatever is due moves on. Cheap when nothing is.
    void step();
    /// The latest time for the next step when nothing else happens.
    [[nodiscard]] SteadyTime nextStep() const;

    /// The instance must be made anew: nothing more goes in.
    [[nodiscard]] bool producerLost() const { return m_watch.lost(); }
    /// A lost one: now is the time.
    [[nodiscard]] bool mayReplaceProducer() const { return m_watch.mayReplace(m_state.clock.steadyNow()); }
    /// The old instance is closed; what was inside goes again.
    void producerReplaced();
    /// No other one could be made.
    void producerNotReplaced() { m_watch.notReplaced(m_state.clock.steadyNow()); }

    /// Nothing enters from here on; resend jobs pause.
    void beginDrain();
    [[nodiscard]] bool settled() const;
    /// I1, counted a second way: what the books call unsettled is what is in memory.
    [[nodiscard]] bool booksAgree() const;
    /// Nothing is sent any more: what has no outcome and stands in the journal stays there.
    void beginEnd() { m_state.ending = true; }
    /// What is left and not in the journal goes to the retry queue, numbers are written exactly. Call with an empty
    /// producer; then flush the gateway until it is idle.
    void putAsideRest();
    /// Waits for the write of the end.
    [[nodiscard]] bool stored() const { return m_state.gateway.idle(); }

    Admission& admission() { return m_admission; }
    JournalFeed& feed() { return m_feed; }
    HandOver& handOver() { return m_handOver; }
    [[nodiscard]] const Inquiries& inquiries() const { return m_inquiries; }
    Settlement& settlement() { return m_settlement; }
    /// Of resend jobs: their outcomes are on the disk.
    void onResendNews(const resend::News& news);
    SequenceChanges& sequences() { return m_sequences; }
    DeadImports& imports() { return m_imports; }
    PipelineState& state() { return m_state; }
    [[nodiscard]] const ClusterNews& news() const { return m_news; }

private:
    void onLimit(kafka::TopicLimit limit);
    void onMetadata(kafka::TopicMetadata metadata);
    [[nodiscard]] Result<std::uint64_t> loadRetries(const std::vector<Found>& inJournal);
    void reloadEntry(store::RetryEntry entry);
    void findOut(SteadyTime now);
    void writeThreads();

    PipelineState m_state;
    Dispatcher m_dispatcher;
    ThreadLoader m_loader;
    HandOver m_handOver;
    JournalFeed m_feed;
    Inquiries m_inquiries;
    InstanceWatch m_watch;
    LeftBehind m_leftBehind;
    Settlement m_settlement;
    Admission m_admission;
    SequenceChanges m_sequences;
    DeadImports m_imports;
    store::StoreReader& m_reader;
    kafka::Producer* m_producer = nullptr;
    ClusterNews m_news;
    bool m_draining = false;
    bool m_evicting = false; ///< idle threads are being written before they go
    SteadyTime m_nextStallScan{};
    SteadyTime m_nextMetadata{};
    SteadyTime m_nextThreadWrite{};
};

} // namespace dashstream::engine
