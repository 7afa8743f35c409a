#include "ui/core_bridge.h"

#include "core/engine/engine.h"
#include "core/source/composed_source.h"
#include "core/store/query_service.h"
#include "ui/format.h"

#include <QCoreApplication>
#include <QPointer>
#include <QThreadPool>

namespace dashstream::ui {
namespace {

constexpr std::size_t kLogPage = 2000;

/// The application object outlives every thread that posts to it.
void onGuiThread(std::function<void()> call) {
    QMetaObject::invokeMethod(QCoreApplication::instance(), std::move(call), Qt::QueuedConnection);
}

} // namespace

CoreBridge::CoreBridge(QObject* parent)
    : QObject(parent), m_worker(std::make_unique<QThreadPool>()), m_reading(std::make_unique<QThreadPool>()),
      m_exchange(std::make_unique<QThreadPool>()), m_remote(std::make_unique<QThreadPool>()),
      m_remoteRecords(std::make_unique<QThreadPool>()) {
    for (QThreadPool* pool :
         {m_worker.get(), m_reading.get(), m_exchange.get(), m_remote.get(), m_remoteRecords.get()}) {
        pool->setMaxThreadCount(1);
    }
    m_worker->setExpiryTimeout(-1);
}

CoreBridge::~CoreBridge() {
    m_seedCancel.cancel();
    m_remoteCancel.cancel();
    m_recordCancel.cancel();
    m_auditCancel.cancel();
    m_remote->clear();
    m_remoteRecords->clear();
    m_remote->waitForDone();
    m_remoteRecords->waitForDone();
    m_exchangeCancel.cancel();
    m_reading->waitForDone();
    m_exchange->waitForDone();
    m_worker->waitForDone();
}

void CoreBridge::run(Task task) {
    m_worker->start([task = std::move(task), self = QPointer<CoreBridge>(this)] {
        auto then = task();
        if (then) {
            onGuiThread([then = std::move(then), self] {
                if (self) {
                    then(*self);
                }
            });
        }
    });
}

void CoreBridge::start(StartBackend start) {
    run([start = std::move(start)]() -> OnGui {
        auto backend = start();
        if (!backend) {
            return [error = backend.error()](CoreBridge& bridge) { Q_EMIT bridge.startFailed(error); };
        }
        if (*backend == nullptr) {
            return [](CoreBridge& bridge) { Q_EMIT bridge.heldByAnother(); };
        }
        return [backend = *backend](CoreBridge& bridge) { bridge.attach(backend); };
    });
}

void CoreBridge::attach(std::shared_ptr<Backend> backend) {
    m_backend = std::move(backend);
    listen();
    for (auto& [work, cancel] : std::exchange(m_early, {})) {
        post(std::move(work), cancel);
    }
    if (m_backend->parts.demo != nullptr) {
        fetchSwitches();
    }
    Q_EMIT started(m_backend);
}

void CoreBridge::listen() {
    const auto deliver = [self = QPointer<CoreBridge>(this), box = m_box] {
        if (auto snapshot = box->take(); self && snapshot) {
            Q_EMIT self->snapshotArrived(*snapshot);
        }
    };
    m_backend->parts.engine->setSnapshotListener([box = m_box, deliver](SnapshotPtr snapshot) {
        if (box->put(std::move(snapshot))) {
            onGuiThread(deliver);
        }
    });
    run([engine = m_backend->parts.engine]() -> OnGui {
        return [snapshot = engine->snapshot()](CoreBridge& bridge) {
            if (snapshot != nullptr) {
                Q_EMIT bridge.snapshotArrived(snapshot);
            }
        };
    });
}

void CoreBridge::close(milliseconds deadline, const CancelToken& hurry) {
    if (m_backend == nullptr || m_closing) {
        return;
    }
    m_closing = true;
    m_seedCancel.cancel();
    m_remoteCancel.cancel();
    m_recordCancel.cancel();
    m_auditCancel.cancel();
    m_exchangeCancel.cancel();
    run([backend = m_backend, files = m_exchange.get(), deadline, hurry]() -> OnGui {
        files->waitForDone(); // it is cancelled, and uses the engine
        backend->close(deadline, hurry);
        backend->openSource = {}; // both let go of what they hold, here and not on the GUI thread
        backend->close = {};
        return [](CoreBridge& bridge) {
            bridge.m_backend.reset();
            Q_EMIT bridge.closed();
        };
    });
}

void CoreBridge::post(Work work, const CancelToken& cancel) {
    if (m_closing) {
        return;
    }
    if (m_backend == nullptr) {
        m_early.emplace_back(std::move(work), cancel);
        return;
    }
    m_backend->parts.queries->post(
        [work = std::move(work)](store::StoreReader& reader) {
            if (auto then = work(reader)) {
                onGuiThread(std::move(then));
            }
        },
        cancel);
}

void CoreBridge::addSource(const QString& spec) {
    openSource(spec, source::Start::Anew);
}

void CoreBridge::goOnWithSource(const QString& spec) {
    openSource(spec, source::Start::GoOn);
}

void CoreBridge::openSource(const QString& spec, source::Start start) {
    if (!attached() || m_closing) {
        return;
    }
    run([backend = m_backend, spec = spec.toStdString(), start]() -> OnGui {
        auto source = backend->openSource(spec, start);
        if (!source) {
            return [error = source.error()](CoreBridge& bridge) { Q_EMIT bridge.commandFailed(error); };
        }
        backend->parts.engine->addSource(std::move(*source));
        return {};
    });
}

void CoreBridge::compose(const QString& text) {
    if (!attached() || m_closing) {
        return;
    }
    const auto tell = [self = QPointer<CoreBridge>(this)](ComposeOutcome outcome) {
        onGuiThread([self, outcome = std::move(outcome)] {
            if (self) {
                Q_EMIT self->composed(outcome);
            }
        });
    };
    engine::SourceOptions options;
    options.rejectWhenLimited = true;
    options.onAccepted = [tell](const engine::AcceptedMessage& message) {
        tell({true, std::string(message.thread), message.sequence, message.partition, message.framedBytes, {}, {}, {}});
    };
    options.onReject = [tell](const source::SourceReject& bad) {
        tell({false, {}, {}, kUnassigned, 0, bad.cause, bad.reason, bad.retryAfter});
    };
    auto source = std::make_unique<source::ComposedSource>(text.toUtf8().toStdString());
    Q_EMIT composeTaken(m_backend->parts.engine->addSource(std::move(source), std::move(options)));
}

void CoreBridge::pauseSource(SourceId id) {
    if (attached() && !m_closing) {
        m_backend->parts.engine->pauseSource(id);
    }
}

void CoreBridge::resumeSource(SourceId id) {
    if (attached() && !m_closing) {
        m_backend->parts.engine->resumeSource(id);
    }
}

void CoreBridge::stopSource(SourceId id) {
    if (attached() && !m_closing) {
        m_backend->parts.engine->stopSource(id);
    }
}

void CoreBridge::retryNow(std::vector<RetryId> entries) {
    if (attached() && !m_closing) {
        m_backend->parts.engine->retryNow(std::move(entries));
    }
}

void CoreBridge::giveUp(std::vector<RetryId> entries) {
    if (attached() && !m_closing) {
        m_backend->parts.engine->giveUp(std::move(entries), m_backend->user);
    }
}

void CoreBridge::copyDead(std::vector<DeadLetterId> letters) {
    if (!attached() || m_closing) {
        return;
    }
    // Refused only where copies are switched off, and then the page offers none.
    static_cast<void>(m_backend->parts.engine->copyDead(std::move(letters), m_backend->user).has_value());
}

void CoreBridge::resend(resend::ResendRequest request) {
    if (!attached() || m_closing) {
        return;
    }
    request.requestedBy = m_backend->user;
    m_backend->parts.engine->resend(std::move(request),
                                    [self = QPointer<CoreBridge>(this)](const Result<ResendJobId>& job) {
                                        if (!job) {
                                            onGuiThread([self, error = job.error()] {
                                                if (self) {
                                                    Q_EMIT self->commandFailed(error);
                                                }
                                            });
                                        }
                                    });
}

void CoreBridge::pauseResend(ResendJobId job) {
    if (attached() && !m_closing) {
        m_backend->parts.engine->pauseResend(job, m_backend->user);
    }
}

void CoreBridge::resumeResend(ResendJobId job) {
    if (attached() && !m_closing) {
        m_backend->parts.engine->resumeResend(job, m_backend->user);
    }
}

void CoreBridge::setResendRate(ResendJobId job, double perSecond) {
    if (attached() && !m_closing) {
        m_backend->parts.engine->setResendRate(job, perSecond, m_backend->user);
    }
}

void CoreBridge::cancelResend(ResendJobId job) {
    if (attached() && !m_closing) {
        m_backend->parts.engine->cancelResend(job, m_backend->user);
    }
}

void CoreBridge::changeDemo(std::function<Result<void>(kafka::DemoCluster& demo)> change) {
    if (!attached() || m_closing || m_backend->parts.demo == nullptr) {
        return;
    }
    run([demo = m_backend->parts.demo, change = std::move(change)]() -> OnGui {
        const auto changed = change(*demo);
        if (changed) {
            return {};
        }
        return [error = changed.error()](CoreBridge& bridge) { Q_EMIT bridge.commandFailed(error); };
    });
    fetchSwitches();
}

void CoreBridge::fetchSwitches() {
    run([demo = m_backend->parts.demo]() -> OnGui {
        return [switches = demo->switches()](CoreBridge& bridge) { Q_EMIT bridge.demoSwitchesArrived(switches); };
    });
}

void CoreBridge::setBrokerDown(BrokerId broker, bool down) {
    changeDemo([broker, down](kafka::DemoCluster& demo) { return demo.setBrokerDown(broker, down); });
}

void CoreBridge::setBrokerSlow(BrokerId broker, bool slow) {
    changeDemo([broker, slow](kafka::DemoCluster& demo) { return demo.setBrokerSlow(broker, slow); });
}

void CoreBridge::setRefuseWrites(bool refuse) {
    changeDemo([refuse](kafka::DemoCluster& demo) { return demo.setRefuseWrites(refuse); });
}

void CoreBridge::setLeaderLost(bool lost) {
    changeDemo([lost](kafka::DemoCluster& demo) { return demo.setLeaderLost(lost); });
}

void CoreBridge::fetchLog(std::uint64_t after) {
    if (!attached() || m_closing) {
        return;
    }
    run([logger = m_backend->parts.logger, after]() -> OnGui {
        return [lines = logger->linesAfter(after, kLogPage)](CoreBridge& bridge) {
            if (!lines.empty()) {
                Q_EMIT bridge.logLines(lines);
            }
        };
    });
}

} // namespace dashstream::ui
