// The engine thread's own side: turns of the pipeline, sources, producer instance, snapshots, and the orderly end.
// Made, run and destroyed on the engine thread, but for what is said otherwise.
#pragma once

#include "core/engine/dead_changes.h"
#include "core/engine/dead_copier.h"
#include "core/engine/delivery_thread.h"
#include "core/engine/engine.h"
#include "core/engine/mailbox.h"
#include "core/engine/pipeline.h"
#include "core/engine/snapshot_builder.h"
#include "core/engine/source_set.h"
#include "core/engine/topic_reader_thread.h"
#include "core/resend/resend_service.h"

#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace dashstream::engine {

class EngineLoop {
public:
    using Publish = std::function<void(Engine::SnapshotPtr)>;

    /// On the caller's thread: everything that can fail at start.
    [[nodiscard]] static Result<std::unique_ptr<EngineLoop>> make(EngineParts parts, Publish publish);
    ~EngineLoop();

    /// The snapshot before the first turn. Call before run(), on the thread that made this.
    void publishFirst() { publish(true); }
    /// Until the end was asked for and came.
    void run();

    // Any thread.
    Mailbox& mailbox() { return *m_mailbox; }

    // Engine thread, as commands.
    SourceSet& sources() { return *m_sources; }
    Pipeline& pipeline() { return *m_pipeline; }
    resend::ResendService& resends() { return *m_resends; }
    DeadChanges& deadChanges() { return *m_deadChanges; }
    void copyDead(std::vector<DeadLetterId> letters, const std::string& requestedBy);
    /// Ends when all is settled, after `patience`, or when hurried.
    void beginClose(milliseconds patience, CancelToken hurry);
    [[nodiscard]] const SourcePositions& sourcePositions() const { return m_positions; }
    [[nodiscard]] const Accounting& lastAccounting() const { return m_lastAccounting; }
    /// Asked by whoever hands in encoded batches; any thread.
    [[nodiscard]] bool roomForEncoded() const { return m_roomForEncoded; }

private:
    EngineLoop(EngineParts parts, Publish publish);

    void turn();
    void rebuildProducer();
    void publish(bool now);
    [[nodiscard]] bool ending() const;
    void end();
    void waitForReports(milliseconds patience);
    void handleMail();
    [[nodiscard]] Result<void> openJournal(std::vector<Pipeline::Found>& unsettled);
    void startTopicReader();
    void waitForCommits();
    void closeJournal();
    void waitForStore();
    void waitForDeadChanges();
    [[nodiscard]] Result<void> startCopier();
    [[nodiscard]] Result<void> startResends();
    void endResends();
    void wakeCopier();
    void endCopier();
    [[nodiscard]] DeadCopiesView copiesView() const;

    EngineParts m_parts;
    Publish m_publish;
    std::shared_ptr<Mailbox> m_mailbox = std::make_shared<Mailbox>(); ///< the store's answers may outlive the loop
    std::unique_ptr<store::StoreReader> m_reader;
    SourcePositions m_positions;
    std::unique_ptr<kafka::Producer> m_producer;
    std::unique_ptr<journal::Journal> m_journal; ///< null: none, and nothing is left of an earlier one
    std::unique_ptr<Pipeline> m_pipeline;
    std::unique_ptr<SourceSet> m_sources;
    std::unique_ptr<DeadChanges> m_deadChanges;
    std::unique_ptr<TopicReaderThread> m_topicReader; ///< null: nobody can read the topic
    std::unique_ptr<DeliveryThread> m_delivery;
    std::unique_ptr<resend::ResendService> m_resends;
    std::unique_ptr<DeadCopier> m_copier; ///< null: no copies are made
    std::uint64_t m_deadSeen = 0;         ///< deadRevision that the copier was told of
    SnapshotBuilder m_builder;
    Phase m_phase = Phase::Running;
    SteadyTime m_nextSnapshot{};
    std::optional<SteadyTime> m_deadline;
    CancelToken m_hurry;
    Accounting m_lastAccounting;
    std::atomic<bool> m_roomForEncoded{true};
};

} // namespace dashstream::engine
