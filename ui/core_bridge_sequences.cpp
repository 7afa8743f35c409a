// The bridge's part for threads' numbers: forgetting, and taking them over from the topic. Requests go to the engine
// piece by piece, each when the one before is durable; reading the topic has a thread of its own.
#include "core/engine/engine.h"
#include "core/engine/topic_numbers.h"
#include "core/store/reader.h"
#include "ui/core_bridge.h"

#include <QCoreApplication>
#include <QPointer>
#include <QThreadPool>

#include <algorithm>
#include <span>

namespace dashstream::ui {
namespace {

constexpr milliseconds kFirstAnswer{10'000};

void onGuiThread(std::function<void()> call) {
    QMetaObject::invokeMethod(QCoreApplication::instance(), std::move(call), Qt::QueuedConnection);
}

/// The next piece of `all` from `at` on, which moves behind it.
template <typename T>
std::vector<T> takePiece(const std::vector<T>& all, std::size_t& at) {
    const std::size_t end = std::min(at + engine::kThreadsAtOnce, all.size());
    const auto begin = all.begin() + static_cast<std::ptrdiff_t>(std::exchange(at, end));
    return {begin, all.begin() + static_cast<std::ptrdiff_t>(end)};
}

template <typename T>
std::span<const T> pieceOf(const std::vector<T>& all, std::size_t at) {
    return std::span(all).subspan(at, std::min(engine::kThreadsAtOnce, all.size() - at));
}

/// Longest idle first, up to those that were used since.
Result<std::vector<std::string>> namesIdleSince(store::StoreReader& reader, UtcTime since) {
    store::ThreadQuery query;
    query.order = store::SortOrder::Ascending;
    const auto ids = reader.threadIds(query);
    if (!ids) {
        return fail(ids.error());
    }
    std::vector<std::string> names;
    for (std::size_t at = 0; at < ids->size(); at += engine::kThreadsAtOnce) {
        const auto rows = reader.threadRows(pieceOf(*ids, at));
        if (!rows) {
            return fail(rows.error());
        }
        for (const store::ThreadRecord& record : *rows) {
            if (record.updatedAt >= since) {
                return names;
            }
            names.push_back(record.thread);
        }
    }
    return names;
}

Result<std::vector<std::string>> namesOf(store::StoreReader& reader, const std::vector<std::int64_t>& rows) {
    std::vector<std::string> names;
    for (std::size_t at = 0; at < rows.size(); at += engine::kThreadsAtOnce) {
        const auto records = reader.threadRows(pieceOf(rows, at));
        if (!records) {
            return fail(records.error());
        }
        for (const store::ThreadRecord& record : *records) {
            names.push_back(record.thread);
        }
    }
    return names;
}

} // namespace

struct CoreBridge::ForgetRun {
    engine::Engine* engine = nullptr; ///< its thread makes the calls, so it lives
    QPointer<CoreBridge> bridge;      ///< GUI thread only
    std::vector<std::string> names;
    std::optional<UtcTime> since;
    std::string user;
    std::size_t at = 0;
    engine::ForgetOutcome total;
};

struct CoreBridge::SeedRun {
    engine::Engine* engine = nullptr;
    QPointer<CoreBridge> bridge;
    engine::TopicNumbers numbers;
    std::string topic;
    std::string user;
    CancelToken cancel;
    std::size_t at = 0;
    engine::SeedOutcome total;
};

void CoreBridge::tellLater(const Error& error) {
    Q_EMIT commandFailed(error);
}

void CoreBridge::forgetThreads(std::vector<std::int64_t> rows) {
    post(
        [rows = std::move(rows), self = QPointer<CoreBridge>(this)](store::StoreReader& reader) {
            return std::function<void()>([self, names = namesOf(reader, rows)]() mutable {
                if (self && names) {
                    self->forgetNamed(std::move(*names), std::nullopt);
                } else if (self) {
                    self->tellLater(names.error());
                }
            });
        },
        {});
}

void CoreBridge::forgetIdle(UtcTime since) {
    post(
        [since, self = QPointer<CoreBridge>(this)](store::StoreReader& reader) {
            return std::function<void()>([self, since, names = namesIdleSince(reader, since)]() mutable {
                if (self && names) {
                    self->forgetNamed(std::move(*names), since);
                } else if (self) {
                    self->tellLater(names.error());
                }
            });
        },
        {});
}

void CoreBridge::forgetNamed(std::vector<std::string> names, std::optional<UtcTime> since) {
    if (!attached() || m_closing) {
        return;
    }
    auto run = std::make_shared<ForgetRun>();
    run->engine = m_backend->parts.engine;
    run->bridge = this;
    run->names = std::move(names);
    run->since = since;
    run->user = m_backend->user;
    forgetNext(run);
}

void CoreBridge::forgetNext(const std::shared_ptr<ForgetRun>& run) {
    if (run->at >= run->names.size()) {
        onGuiThread([run] {
            if (run->bridge) {
                Q_EMIT run->bridge->threadsForgotten(run->total);
            }
        });
        return;
    }
    engine::ForgetRequest request{takePiece(run->names, run->at), run->since, run->user};
    run->engine->forgetThreads(std::move(request), [run](const Result<engine::ForgetOutcome>& outcome) {
        if (!outcome) {
            onGuiThread([run, error = outcome.error()] {
                if (run->bridge) {
                    run->bridge->tellLater(error);
                }
            });
            return;
        }
        run->total.forgotten += outcome->forgotten;
        run->total.inUse += outcome->inUse;
        run->total.active += outcome->active;
        run->total.unknown += outcome->unknown;
        forgetNext(run);
    });
}

void CoreBridge::seedFromTopic() {
    if (!attached() || m_closing) {
        return;
    }
    m_seedCancel = CancelToken();
    auto run = std::make_shared<SeedRun>();
    run->engine = m_backend->parts.engine;
    run->bridge = this;
    run->user = m_backend->user;
    run->cancel = m_seedCancel;
    const config::Config& config = m_backend->loaded.config;
    run->topic = config.kafka.topic;
    const kafka::QueryOptions query{config.kafka, config.tls, config.sasl, config.kafka.topic};
    m_reading->start([run, query] {
        const auto onProgress = [run](const engine::TopicProgress& progress) {
            onGuiThread([run, progress] {
                if (run->bridge) {
                    Q_EMIT run->bridge->seedProgress(progress.records, progress.threads);
                }
            });
        };
        auto numbers = engine::readTopicNumbers(query, kFirstAnswer, onProgress, run->cancel);
        onGuiThread([run, numbers = std::move(numbers)]() mutable {
            if (!run->bridge || !run->bridge->attached() || run->bridge->m_closing) {
                return; // the engine may be gone
            }
            if (!numbers) {
                if (numbers.error().errorClass != ErrorClass::Cancelled) {
                    run->bridge->tellLater(numbers.error());
                }
                Q_EMIT run->bridge->seedEnded(0, std::nullopt);
                return;
            }
            run->numbers = std::move(*numbers);
            seedNext(run);
        });
    });
}

void CoreBridge::cancelSeed() {
    m_seedCancel.cancel();
}

void CoreBridge::seedNext(const std::shared_ptr<SeedRun>& run) {
    const bool done = run->at >= run->numbers.threads.size();
    if (done || run->cancel.cancelled()) {
        onGuiThread([run, done] {
            if (run->bridge) {
                Q_EMIT run->bridge->seedEnded(run->numbers.records, done ? std::optional(run->total) : std::nullopt);
            }
        });
        return;
    }
    engine::SeedRequest request{takePiece(run->numbers.threads, run->at), run->topic, run->user};
    run->engine->seedThreads(std::move(request), [run](const Result<engine::SeedOutcome>& outcome) {
        if (!outcome) {
            onGuiThread([run, error = outcome.error()] {
                if (run->bridge) {
                    run->bridge->tellLater(error);
                    Q_EMIT run->bridge->seedEnded(run->numbers.records, std::nullopt);
                }
            });
            return;
        }
        run->total.raised += outcome->raised;
        run->total.kept += outcome->kept;
        seedNext(run);
    });
}

} // namespace dashstream::ui
