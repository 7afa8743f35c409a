// The producer: sources in, Kafka out, on its own threads. The composition root starts it with its parts, which must
// outlive it, and closes it. All functions may be called from any thread; commands go through a mailbox and take
// effect in order.
#pragma once

#include "core/base/cancel_token.h"
#include "core/base/clock.h"
#include "core/base/message_id.h"
#include "core/base/result.h"
#include "core/config/config.h"
#include "core/engine/accepted_message.h"
#include "core/engine/import_request.h"
#include "core/engine/sequence_request.h"
#include "core/engine/snapshot.h"
#include "core/journal/files.h"
#include "core/kafka/producer.h"
#include "core/kafka/query_options.h"
#include "core/observe/logging.h"
#include "core/source/source.h"
#include "core/store/store.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace dashstream::engine {

struct EngineParts {
    config::Config config;
    const Clock* clock = nullptr;
    store::Store* store = nullptr;
    observe::Logger* logger = nullptr;
    /// Makes the producer, and makes it anew after a fatal error.
    std::function<Result<std::unique_ptr<kafka::Producer>>()> makeProducer;
    /// The same for copies of dead letters, to dlq.topic; called on the copier's thread. Empty: none are made here.
    std::function<Result<std::unique_ptr<kafka::Producer>>()> makeCopyProducer;
    /// The same for dead letters that are sent again, to any topic; called on their thread. It must never give up on a
    /// retriable error by itself. Empty: makeProducer, whatever the topic.
    std::function<Result<std::unique_ptr<kafka::Producer>>(const std::string& topic)> makeResendProducer;
    /// How to read the topic, to find out what became of messages whose outcome is unknown; nothing: it stays unknown.
    std::optional<kafka::QueryOptions> topicOptions;
    /// Where accepted messages are kept with delivery.durability = "journal", and those of an earlier run in any case.
    /// Empty: nowhere, whatever the durability.
    std::filesystem::path journalFolder;
    /// Its files; empty: the operating system's.
    std::function<std::unique_ptr<journal::FileLayer>()> journalFiles;
};

/// A source's rejects, for the rejects file. Called on the engine thread; must be quick.
using RejectSink = std::function<void(const source::SourceReject& reject)>;

/// A source's accepted messages, one by one, each after its commit; for sources of few. Engine thread; must be quick.
using AcceptSink = std::function<void(const AcceptedMessage& message)>;

struct SourceOptions {
    RejectSink onReject;
    AcceptSink onAccepted;
    bool rejectWhenLimited = false; ///< --on-refused reject: count instead of waiting
};

/// One message that is already encoded and numbered, entering at *send*. Its bytes are copied.
struct EncodedMessage {
    std::string_view thread;
    ByteView value;
    SequenceNo sequence;
    MessageId id;
    int type = 0;
};

class Engine {
public:
    using SnapshotPtr = std::shared_ptr<const Snapshot>;
    using SnapshotListener = std::function<void(SnapshotPtr)>;

    /// Loads what waits in the store and starts the threads. Does not wait for the cluster.
    /// Errors: those of makeProducer and of reading the store.
    [[nodiscard]] static Result<std::unique_ptr<Engine>> start(EngineParts parts);
    /// Closes with a deadline of two seconds when close() was not called.
    ~Engine();
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    [[nodiscard]] SnapshotPtr snapshot() const;
    /// Called on the engine thread with each published snapshot; must be quick. Set before or while running.
    void setSnapshotListener(SnapshotListener listener);

    /// How far a source is accepted in the journal, beyond what the store knows: where to go on with it. Any thread;
    /// nothing: no more is known.
    [[nodiscard]] std::optional<std::uint64_t> acceptedPosition(SourceNumber source) const;
    SourceId addSource(std::unique_ptr<source::Source> source, SourceOptions options = {});
    void pauseSource(SourceId id);
    void resumeSource(SourceId id);
    void stopSource(SourceId id);

    /// Sends waiting entries of the retry queue at once; empty: all.
    void retryNow(std::vector<RetryId> entries);
    /// Makes dead letters of entries that wait in the engine (not of what librdkafka holds); empty: all such.
    void giveUp(std::vector<RetryId> entries, std::string requestedBy);
    /// Makes a resend job; progress is in the snapshot under the id that `accepted` is called with (its thread).
    /// Errors: those of ResendService::make(); "engine.closed" (Usage).
    void resend(resend::ResendRequest request, std::function<void(Result<ResendJobId>)> accepted);
    void pauseResend(ResendJobId job, std::string by);
    void resumeResend(ResendJobId job, std::string by);
    void cancelResend(ResendJobId job, std::string by);
    void setResendRate(ResendJobId job, double perSecond, std::string by); ///< 0: as fast as it goes
    /// Forgets idle threads, or takes over numbers that a topic has; `done` is called on the engine thread once it is
    /// durable. Errors: those of SequenceChanges; "engine.closed" (Usage).
    void forgetThreads(ForgetRequest request, const std::function<void(Result<ForgetOutcome>)>& done);
    void seedThreads(SeedRequest request, const std::function<void(Result<SeedOutcome>)>& done);
    /// Takes dead letters from outside; `done` is called on the engine thread once they are durable. Errors: those of
    /// DeadImports; "engine.closed" (Usage).
    void importDead(ImportRequest request, const std::function<void(Result<ImportOutcome>)>& done);
    /// Puts an export that was made into the audit log.
    void noteExport(ExportNote note, const std::function<void(Result<void>)>& done);
    /// Discards or restores dead letters; `done` is called on the engine thread once it is durable. Errors: those of
    /// DeadChanges::change(); "engine.closed" (Usage).
    void changeDead(store::DeadChange change, const std::function<void(Result<store::DeadChanged>)>& done);
    /// Makes the Kafka copies of dead letters that are refused or were not wanted; empty: of all refused ones. What
    /// becomes of them is in the snapshot. Error "dlq.disabled" (Usage): copies are switched off.
    [[nodiscard]] Result<void> copyDead(std::vector<DeadLetterId> letters, std::string requestedBy);
    /// Takes messages that were encoded elsewhere; waits while the engine is behind. False: the engine is closing.
    [[nodiscard]] bool submitEncoded(std::span<const EncodedMessage> messages);

    /// Stops the sources and lets everything settle until `deadline`; returns then or when all is settled or
    /// `hurry` is set. New input is refused from here on. What remains stays in the journal, or goes to the retry queue
    /// in the store.
    Accounting close(milliseconds deadline, const CancelToken& hurry = {});

private:
    Engine();
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace dashstream::engine
