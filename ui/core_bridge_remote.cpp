// The bridge's part for dead letter topics of others: reading one, and one record of it. A thread of its own; a new
// question ends the one before.
#include "core/decode/record.h"
#include "core/filter/parse.h"
#include "core/resend/remote_record.h"
#include "core/resend/remote_scan.h"
#include "ui/core_bridge.h"
#include "ui/models/remote_detail.h"

#include <QCoreApplication>
#include <QPointer>
#include <QThreadPool>

namespace dashstream::ui {
namespace {

constexpr milliseconds kFirstAnswer{10'000};
constexpr milliseconds kPoll{100};
constexpr milliseconds kRecordPatience{10'000};
constexpr std::chrono::milliseconds kToldEvery{200};
constexpr std::size_t kRowsShown = 100'000; ///< some 100 MB in the model; further ones are counted
constexpr std::size_t kRowsAtOnce = 2'000;  ///< a few milliseconds of the GUI thread

void onGuiThread(std::function<void()> call) {
    QMetaObject::invokeMethod(QCoreApplication::instance(), std::move(call), Qt::QueuedConnection);
}

/// Reads on its thread and tells the bridge.
class RemoteRun {
public:
    RemoteRun(QPointer<CoreBridge> bridge, RemoteQuestion question, kafka::QueryOptions query, CancelToken cancel)
        : m_bridge(std::move(bridge)), m_question(std::move(question)), m_query(std::move(query)),
          m_cancel(std::move(cancel)) {
        m_end.number = m_question.number;
        m_end.countedAt = m_clock.utcNow();
        m_news.number = m_question.number;
    }

    void run() {
        if (!m_cancel.cancelled()) {
            if (auto done = read(); !done && !m_cancel.cancelled()) {
                m_end.error = done.error();
            }
        }
        tell();
        onGuiThread([bridge = m_bridge, end = m_end] {
            if (bridge) {
                Q_EMIT bridge->remoteEnded(end);
            }
        });
    }

private:
    Result<void> read() {
        filter::TimeContext times = filter::systemTime(m_clock);
        times.now = m_end.countedAt;
        auto where = filter::parse(m_question.filter, times);
        if (!where) {
            return fail(ErrorClass::Usage, "usage.where", where.error().text(), "");
        }
        auto scan = resend::RemoteScan::open(m_query, {m_question.topic, std::move(*where), {}, {}}, kFirstAnswer);
        if (!scan) {
            return fail(scan.error());
        }
        while (!m_cancel.cancelled()) {
            const auto done = (*scan)->step(kPoll, [this](const auto&, const auto& letter) { take(letter); });
            if (!done) {
                return fail(done.error());
            }
            m_news.read = (*scan)->read();
            m_news.total = (*scan)->total();
            m_news.trouble = (*scan)->trouble();
            if (*done) {
                m_end.complete = true;
                m_end.ends = {(*scan)->ends().begin(), (*scan)->ends().end()};
                break;
            }
            if (m_news.rows.size() >= kRowsAtOnce || m_clock.steadyNow() - m_told >= kToldEvery) {
                tell();
            }
        }
        return {};
    }

    void take(const resend::RemoteLetter& letter) {
        const decode::OriginalMessage& original = letter.takenApart().original;
        if (original.whole) {
            ++m_end.whole;
            m_end.bytes += original.value ? original.value->size() : 0;
            ++m_end.failedIn[original.topic.value_or("")];
        } else {
            ++m_end.notWhole;
        }
        if (m_news.passed++ < kRowsShown) {
            m_news.rows.push_back(letter.row());
        }
    }

    void tell() {
        m_told = m_clock.steadyNow();
        onGuiThread([bridge = m_bridge, news = m_news] {
            if (bridge) {
                Q_EMIT bridge->remoteProgress(news);
            }
        });
        m_news.rows.clear();
    }

    SystemClock m_clock;
    QPointer<CoreBridge> m_bridge; ///< GUI thread only
    RemoteQuestion m_question;
    kafka::QueryOptions m_query;
    CancelToken m_cancel;
    RemoteProgress m_news;
    RemoteEnd m_end;
    SteadyTime m_told{};
};

Result<MessageDetail> readOne(const kafka::QueryOptions& query, PartitionId partition, Offset offset,
                              const CancelToken& cancel) {
    kafka::ConsumerOptions options;
    options.cluster = query;
    options.partitions = {partition};
    options.startAt = kafka::StartAt::FromOffset;
    options.offset = offset;
    options.untilEnd = true;
    options.limit = 1;
    auto consumer = kafka::TopicConsumer::open(options, kFirstAnswer);
    if (!consumer) {
        return fail(consumer.error());
    }
    const SystemClock clock;
    const SteadyTime until = clock.steadyNow() + kRecordPatience;
    while (!cancel.cancelled() && clock.steadyNow() < until) {
        auto batch = (*consumer)->poll(kPoll);
        if (!batch) {
            return fail(batch.error());
        }
        if (!batch->records.empty() && batch->records.front().offset == offset) {
            return remoteDetailOf(query.topic, batch->records.front());
        }
        if (!batch->records.empty() || batch->finished) {
            return fail(ErrorClass::Usage, "dead.none", "The record is not in the topic any more", "Read it anew");
        }
    }
    return fail(ErrorClass::Retriable, "kafka.silent", "The topic did not answer", "Try again");
}

} // namespace

void CoreBridge::readRemote(const RemoteQuestion& question) {
    m_remoteCancel.cancel();
    if (!attached() || m_closing) {
        return;
    }
    m_remoteCancel = CancelToken();
    const config::Config& config = m_backend->loaded.config;
    const kafka::QueryOptions query{config.kafka, config.tls, config.sasl, question.topic};
    auto run = std::make_shared<RemoteRun>(this, question, query, m_remoteCancel);
    m_remote->start([run] { run->run(); });
}

void CoreBridge::stopRemote() {
    m_remoteCancel.cancel();
}

void CoreBridge::readRemoteRecord(const QString& topic, PartitionId partition, Offset offset) {
    m_recordCancel.cancel();
    if (!attached() || m_closing) {
        return;
    }
    m_recordCancel = CancelToken();
    const config::Config& config = m_backend->loaded.config;
    const kafka::QueryOptions query{config.kafka, config.tls, config.sasl, topic.toStdString()};
    m_remoteRecords->start([self = QPointer<CoreBridge>(this), query, partition, offset, cancel = m_recordCancel] {
        if (cancel.cancelled()) {
            return;
        }
        auto detail = readOne(query, partition, offset, cancel);
        onGuiThread([self, cancel, detail = std::move(detail)] {
            if (self && !cancel.cancelled()) {
                Q_EMIT self->remoteRecord(detail);
            }
        });
    });
}

} // namespace dashstream::ui
