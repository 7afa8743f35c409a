#include "core/engine/engine.h"

#include "core/engine/engine_loop.h"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace dashstream::engine {

namespace {
constexpr milliseconds kDestructorDeadline{2'000};
constexpr milliseconds kRoomCheck{2};

std::unique_ptr<MessageBatch> copyOf(std::span<const EncodedMessage> messages) {
    auto batch = std::make_unique<MessageBatch>(messages.size());
    batch->source = "encoded";
    ByteArena& arena = batch->arena();
    for (const EncodedMessage& from : messages) {
        Message& message = *batch->add();
        message.threadName = arena.store(from.thread);
        message.value = arena.store(from.value);
        message.sequence = from.sequence;
        message.id = from.id;
        message.type = static_cast<std::uint8_t>(from.type);
    }
    return batch;
}
} // namespace

struct Engine::Impl {
    std::unique_ptr<EngineLoop> loop;
    std::thread thread;
    mutable std::mutex mutex; ///< of what follows
    SnapshotPtr snapshot = std::make_shared<const Snapshot>();
    SnapshotListener listener;
    bool closed = false;
    bool copiesMade = false; ///< from start on
    std::condition_variable room;
    std::atomic<std::int32_t> lastSource{0};
    std::atomic<std::size_t> encodedOnTheWay{0};
    std::mutex closing;

    void publish(SnapshotPtr fresh) {
        SnapshotListener told;
        {
            const std::lock_guard lock(mutex);
            snapshot = fresh;
            told = listener;
        }
        if (told) {
            told(std::move(fresh));
        }
    }
    void post(std::function<void(EngineLoop&)> command) {
        (void)loop->mailbox().post([this, command = std::move(command)] { command(*loop); });
    }
};

Engine::Engine() : m_impl(std::make_unique<Impl>()) {}

Result<std::unique_ptr<Engine>> Engine::start(EngineParts parts) {
    std::unique_ptr<Engine> engine(new Engine);
    Impl* impl = engine->m_impl.get();
    impl->copiesMade = parts.config.dlq.enabled && parts.makeCopyProducer;
    auto loop = EngineLoop::make(std::move(parts), [impl](SnapshotPtr fresh) { impl->publish(std::move(fresh)); });
    if (!loop) {
        return fail(loop.error());
    }
    impl->loop = std::move(*loop);
    impl->loop->publishFirst(); // whoever asks at once sees how it starts, not nothing
    impl->thread = std::thread([impl] { impl->loop->run(); });
    return engine;
}

Engine::~Engine() {
    if (m_impl->thread.joinable()) {
        (void)close(kDestructorDeadline);
    }
}

Engine::SnapshotPtr Engine::snapshot() const {
    const std::lock_guard lock(m_impl->mutex);
    return m_impl->snapshot;
}

void Engine::setSnapshotListener(SnapshotListener listener) {
    const std::lock_guard lock(m_impl->mutex);
    m_impl->listener = std::move(listener);
}

std::optional<std::uint64_t> Engine::acceptedPosition(SourceNumber source) const {
    return m_impl->loop->sourcePositions().of(source);
}

SourceId Engine::addSource(std::unique_ptr<source::Source> source, SourceOptions options) {
    const SourceId id{++m_impl->lastSource};
    // std::function wants something that can be copied
    auto shared = std::make_shared<std::unique_ptr<source::Source>>(std::move(source));
    m_impl->post([id, shared, options = std::move(options)](EngineLoop& loop) {
        loop.sources().add(id, std::move(*shared), options);
    });
    return id;
}

void Engine::pauseSource(SourceId id) {
    m_impl->post([id](EngineLoop& loop) {
        if (SourceRunner* source = loop.sources().find(id)) {
            source->pause();
        }
    });
}

void Engine::resumeSource(SourceId id) {
    m_impl->post([id](EngineLoop& loop) {
        if (SourceRunner* source = loop.sources().find(id)) {
            source->resume();
        }
    });
}

void Engine::stopSource(SourceId id) {
    m_impl->post([id](EngineLoop& loop) {
        if (SourceRunner* source = loop.sources().find(id)) {
            loop.pipeline().state().ledger.counters().rejected.stopped += source->stop();
        }
    });
}

void Engine::retryNow(std::vector<RetryId> entries) {
    m_impl->post([entries = std::move(entries)](EngineLoop& loop) {
        const std::size_t sent = loop.pipeline().settlement().retryNow(entries);
        loop.pipeline().state().events.note(Urgency::Notice, "Try now: " + std::to_string(sent) +
                                                                 " waiting messages are sent, held partitions go on");
    });
}

void Engine::giveUp(std::vector<RetryId> entries, std::string requestedBy) {
    m_impl->post([entries = std::move(entries), by = std::move(requestedBy)](EngineLoop& loop) {
        PipelineState& state = loop.pipeline().state();
        const std::size_t wanted = entries.empty() ? state.retrying.size() : entries.size();
        const std::size_t given = loop.pipeline().settlement().giveUp(entries, by);
        std::string result = std::to_string(given) + " given up";
        std::string text = std::to_string(given) + " waiting messages are given up by " + by;
        if (given < wanted) {
            const std::string left = std::to_string(wanted - given);
            result += ", " + left + " left";
            text += "; " + left + " are inside the Kafka client or settled and stay";
        }
        state.gateway.add(store::op::AppendAudit{{0,
                                                  state.clock.utcNow(),
                                                  by,
                                                  "retries.give_up",
                                                  {},
                                                  static_cast<std::int64_t>(given),
                                                  {},
                                                  std::move(result)}});
        state.events.note(Urgency::Warning, std::move(text));
    });
}

namespace {
Error closedError() {
    return {ErrorClass::Usage, "engine.closed", "The engine is closed", "Start it again"};
}
} // namespace

void Engine::resend(resend::ResendRequest request, std::function<void(Result<ResendJobId>)> accepted) {
    auto told = std::make_shared<std::function<void(Result<ResendJobId>)>>(std::move(accepted));
    const bool posted = m_impl->loop->mailbox().post([this, request = std::move(request), told]() mutable {
        m_impl->loop->resends().make(std::move(request), *told);
    });
    if (!posted) {
        (*told)(fail(closedError()));
    }
}

void Engine::pauseResend(ResendJobId job, std::string by) {
    m_impl->post([job, by = std::move(by)](EngineLoop& loop) { loop.resends().pause(job, by); });
}

void Engine::resumeResend(ResendJobId job, std::string by) {
    m_impl->post([job, by = std::move(by)](EngineLoop& loop) { loop.resends().resume(job, by); });
}

void Engine::cancelResend(ResendJobId job, std::string by) {
    m_impl->post([job, by = std::move(by)](EngineLoop& loop) { loop.resends().cancel(job, by); });
}

void Engine::setResendRate(ResendJobId job, double perSecond, std::string by) {
    m_impl->post(
        [job, perSecond, by = std::move(by)](EngineLoop& loop) { loop.resends().setRate(job, perSecond, by); });
}

void Engine::forgetThreads(ForgetRequest request, const std::function<void(Result<ForgetOutcome>)>& done) {
    const bool posted = m_impl->loop->mailbox().post(
        [this, request = std::move(request), done] { m_impl->loop->pipeline().sequences().forget(request, done); });
    if (!posted) {
        done(fail(closedError()));
    }
}

void Engine::seedThreads(SeedRequest request, const std::function<void(Result<SeedOutcome>)>& done) {
    const bool posted = m_impl->loop->mailbox().post(
        [this, request = std::move(request), done] { m_impl->loop->pipeline().sequences().seed(request, done); });
    if (!posted) {
        done(fail(closedError()));
    }
}

void Engine::importDead(ImportRequest request, const std::function<void(Result<ImportOutcome>)>& done) {
    auto shared = std::make_shared<ImportRequest>(std::move(request)); // std::function wants something to copy
    const bool posted = m_impl->loop->mailbox().post(
        [this, shared, done] { m_impl->loop->pipeline().imports().take(std::move(*shared), done); });
    if (!posted) {
        done(fail(closedError()));
    }
}

void Engine::noteExport(ExportNote note, const std::function<void(Result<void>)>& done) {
    const bool posted = m_impl->loop->mailbox().post(
        [this, note = std::move(note), done] { m_impl->loop->pipeline().imports().noteExport(note, done); });
    if (!posted) {
        done(fail(closedError()));
    }
}

void Engine::changeDead(store::DeadChange change, const std::function<void(Result<store::DeadChanged>)>& done) {
    const bool posted = m_impl->loop->mailbox().post([this, change = std::move(change), done]() mutable {
        m_impl->loop->deadChanges().change(std::move(change), done);
    });
    if (!posted) {
        done(fail(closedError()));
    }
}

Result<void> Engine::copyDead(std::vector<DeadLetterId> letters, std::string requestedBy) {
    if (!m_impl->copiesMade) {
        return fail(ErrorClass::Usage, "dlq.disabled", "Copies of dead letters are switched off (dlq.enabled is false)",
                    "Set dlq.enabled to true and start again; the letters are whole in the store.");
    }
    m_impl->post([letters = std::move(letters), by = std::move(requestedBy)](EngineLoop& loop) mutable {
        loop.copyDead(std::move(letters), by);
    });
    return {};
}

bool Engine::submitEncoded(std::span<const EncodedMessage> messages) {
    constexpr std::size_t kBatchesOnTheWay = 8;
    auto shared = std::make_shared<std::unique_ptr<MessageBatch>>(copyOf(messages));
    for (;;) {
        std::unique_lock lock(m_impl->mutex);
        if (m_impl->closed) {
            return false;
        }
        if (m_impl->loop->roomForEncoded() && m_impl->encodedOnTheWay < kBatchesOnTheWay) {
            break;
        }
        m_impl->room.wait_for(lock, kRoomCheck);
    }
    ++m_impl->encodedOnTheWay;
    return m_impl->loop->mailbox().post([this, shared] {
        m_impl->loop->pipeline().enterEncoded(std::move(*shared));
        --m_impl->encodedOnTheWay;
        m_impl->room.notify_all();
    });
}

Accounting Engine::close(milliseconds deadline, const CancelToken& hurry) {
    const std::lock_guard once(m_impl->closing);
    if (!m_impl->thread.joinable()) {
        return m_impl->loop->lastAccounting();
    }
    {
        const std::lock_guard lock(m_impl->mutex);
        m_impl->closed = true;
    }
    m_impl->post([deadline, hurry](EngineLoop& loop) { loop.beginClose(deadline, hurry); });
    m_impl->thread.join();
    return m_impl->loop->lastAccounting();
}

} // namespace dashstream::engine
