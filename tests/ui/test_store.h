// A real store in a temporary folder, asked as the console asks it: reads run when the event loop does.
#pragma once

#include "core/store/reader.h"
#include "core/store/store.h"
#include "core/wire/codec.h"
#include "ui/store_access.h"

#include <QTemporaryDir>
#include <QTimer>

#include <memory>
#include <string>

namespace dashstream::ui::testing {

class TestStore : public StoreAccess {
public:
    TestStore() {
        m_store = std::move(*store::Store::open(folder()));
        m_reader = std::move(*store::StoreReader::open(folder()));
    }

    void post(Work work, const CancelToken& cancel) override {
        QTimer::singleShot(0, &m_context, [this, work = std::move(work), cancel] {
            if (cancel.cancelled()) {
                return;
            }
            if (const auto then = work(*m_reader)) {
                then();
            }
        });
    }

    void addDeadLetters(int first, int count) {
        store::WriteBatch batch;
        for (int at = first; at < first + count; ++at) {
            store::DeadLetter letter;
            letter.id = DeadLetterId(at);
            letter.message = message(at);
            letter.errorCode = "TOPIC_AUTHORIZATION_FAILED";
            letter.errorText = "Not authorised";
            letter.diedAt = utcFromMicros(1'000'000 + at);
            letter.traceId = "00000000-0000-7000-8000-000000000000";
            letter.attempts = {{1, letter.diedAt, letter.errorCode, "no right to write", false, PartitionId(0)}};
            batch.add(store::op::PutDead{letter});
        }
        commit(std::move(batch));
    }

    void addRetries(int first, int count, UtcTime nextTry) {
        store::WriteBatch batch;
        for (int at = first; at < first + count; ++at) {
            store::RetryEntry entry;
            entry.id = RetryId(at);
            entry.message = message(at);
            entry.cause = "MSG_TIMED_OUT";
            entry.waitingSince = utcFromMicros(90'000'000);
            entry.nextTry = nextTry;
            entry.attempts = {{1, utcFromMicros(90'000'000), "MSG_TIMED_OUT", "no answer", true, PartitionId(0)}};
            batch.add(store::op::PutRetry{entry});
        }
        commit(std::move(batch));
    }

    void addThreads(int count) {
        store::WriteBatch batch;
        for (int at = 1; at <= count; ++at) {
            store::ThreadRecord record;
            record.thread = "thread-" + std::to_string(at);
            record.next = SequenceNo(static_cast<std::uint64_t>(at) + 1);
            record.reservedUntil = record.next;
            record.updatedAt = utcFromMicros(at);
            batch.add(store::op::PutThread{record});
        }
        commit(std::move(batch));
    }

    /// The W3C trace id of message `number`.
    static std::string traceIdOf(int number) {
        const std::string digits = std::to_string(number);
        return "4bf92f3577b34da6" + std::string(16 - digits.size(), '0') + digits;
    }

private:
    [[nodiscard]] std::filesystem::path folder() const { return m_folder.path().toStdString(); }

    static store::StoredMessage message(int number) {
        store::StoredMessage message;
        message.thread = "thread-" + std::to_string(number);
        message.tenant = "default";
        message.topic = "dashstream-events";
        message.sequence = SequenceNo(static_cast<std::uint64_t>(number));
        message.type = 1;
        message.traceparent = "00-" + traceIdOf(number) + "-00f067aa0ba902b7-01";
        wire::v1::DashStreamMessage content;
        content.mutable_event()->mutable_header()->set_thread_id(message.thread);
        content.mutable_event()->set_node_id("plan");
        wire::Encoder encoder({});
        ByteArena arena;
        message.value = std::string(asText(*encoder.encode(content, arena)));
        return message;
    }

    void commit(store::WriteBatch batch) {
        const auto done = m_store->commit(std::move(batch));
        Q_ASSERT(done.has_value());
        static_cast<void>(done);
    }

    QTemporaryDir m_folder;
    QObject m_context;
    std::unique_ptr<store::Store> m_store;
    std::unique_ptr<store::StoreReader> m_reader;
};

} // namespace dashstream::ui::testing
