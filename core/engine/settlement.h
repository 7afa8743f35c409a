// What a delivery report, the stall limit or an operator's word makes of a message: delivered, tried again, dead.
// Every outcome is booked in the ledger and written to the store from here. Engine thread only.
#pragma once

#include "core/engine/dispatcher.h"
#include "core/engine/hand_over.h"
#include "core/engine/inquiries.h"
#include "core/engine/instance_watch.h"
#include "core/engine/journal_feed.h"
#include "core/flow/retry_policy.h"
#include "core/kafka/error_class.h"

#include <functional>
#include <set>
#include <span>
#include <string>

namespace dashstream::engine {

class Settlement {
public:
    Settlement(PipelineState& state, Dispatcher& dispatcher, JournalFeed& feed, HandOver& handOver,
               Inquiries& inquiries, InstanceWatch& watch);

    void onReports(std::span<const kafka::DeliveryReport> reports);
    /// The producer refused it at once.
    void onRefused(Message& message, int errorCode);
    /// The instance is gone: everything that was inside has an unknown outcome, which is found out where possible.
    void onInstanceLost();
    /// What became of a message whose outcome was not known.
    void onInquired(Message& message, const Inquiries::Outcome& outcome);
    /// Counts what waits longer than the stall limit as retrying, and writes it to the store. Bounded work a call.
    void markStalled(SteadyTime now);

    /// Bounded: what waits for the topic's partitions longer than the send timeout has failed one try, for `errorCode`
    /// (why the topic is not usable; 0: no broker told).
    void expireUnassigned(SteadyTime now, int errorCode);

    /// Dead letters of entries that wait in the engine. Returns how many; the others are inside the producer.
    std::size_t giveUp(std::span<const RetryId> entries, const std::string& requestedBy);
    std::size_t retryNow(std::span<const RetryId> entries);
    /// At the end of close: what is left goes to the store's retry queue. Nothing may be inside the producer.
    void putAllAside();

    /// After putAllAside, when the store took nothing more: what it does not hold is in no queue, so it counts as in
    /// flight again. Returns how many.
    std::size_t takeBackUnstored();

private:
    void delivered(Message& message, Lane& lane);
    void failed(Message& message, int errorCode, kafka::Persistence persistence);
    /// The instance goes, and it was inside.
    void givenBack(Message& message, kafka::Persistence persistence);
    /// At the end nothing is decided any more: the journal keeps it for the next start.
    [[nodiscard]] bool staysInJournal(const Message& message) const;
    [[nodiscard]] bool canFindOut(const Message& message) const;
    void noteAck(const Message& message, const kafka::DeliveryReport& report);
    void decide(Message& message, ErrorClass errorClass);
    void goOn(Message& message);
    /// An error that is in no table is told of, the first time it comes.
    void nameOnce(int errorCode);
    void recordAttempt(Message& message, const Error& error, kafka::Persistence persistence);
    void bookAsRetrying(Message& message);
    void writeRetry(Message& message, store::RetryState state);
    void putAside(Message& message);
    void leftRetryQueue(Message& message);
    [[nodiscard]] store::RetryState waitingState() const;
    void die(Message& message, const std::string& code, const std::string& text);
    void noteLaneError(Message& message, const Error& error);
    [[nodiscard]] store::StoredMessage storedForm(const Message& message) const;
    [[nodiscard]] UtcTime acceptedUtc(const Message& message) const;
    [[nodiscard]] std::vector<Message*> chosen(std::span<const RetryId> entries) const;

    PipelineState& m_state;
    Dispatcher& m_dispatcher;
    JournalFeed& m_feed;
    HandOver& m_handOver;
    Inquiries& m_inquiries;
    InstanceWatch& m_watch;
    flow::RetryPolicy m_policy;
    std::set<int> m_unclassified; ///< codes that were told of
};

} // namespace dashstream::engine
