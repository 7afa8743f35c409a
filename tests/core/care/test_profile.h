// A profile's data folder with a real store and a real journal, made message by message, for tests of whoever looks
// after it. One thread.
#pragma once

#include "core/journal/log_writer.h"
#include "core/store/store.h"
#include "tests/core/journal/journal_rig.h"
#include "tests/core/store/sample_rows.h"
#include "tests/support/temp_dir.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace dashstream::care::test {

using journal::EntryId;
using journal::test::entries;
using journal::test::Sample;

class TestProfile {
public:
    TestProfile() { std::filesystem::create_directory(data()); }

    [[nodiscard]] std::filesystem::path data() const { return m_folder / "data"; }
    [[nodiscard]] std::filesystem::path file(std::string_view name) const { return m_folder / name; }
    [[nodiscard]] std::filesystem::path segment(std::uint64_t generation) const {
        return data() / "journal" / journal::SegmentFiles::nameOf(journal::Generation{generation});
    }
    [[nodiscard]] journal::FileLayer& files() { return *m_files; }

    /// Messages with these entries in one group of the journal, and what it settles.
    void accept(std::uint64_t first, std::uint64_t count, const std::vector<EntryId>& settled = {}) {
        openJournal();
        journal::GroupBuffer group(m_log->nextGroup());
        for (std::uint64_t number = first; number < first + count; ++number) {
            group.addMessage(Sample(number).record);
        }
        for (const EntryId entry : settled) {
            group.addSettled(entry);
        }
        group.closeGroup();
        const auto written = m_log->write(group);
        ASSERT_TRUE(written) << written.error().text();
        m_log->book(group);
    }
    /// Given back what nothing needs, as the engine would.
    void giveBack(std::uint64_t checkpoint) {
        m_log->setCheckpoint(EntryId{checkpoint});
        ASSERT_TRUE(m_log->giveBack());
        commit(store::op::SetJournalCheckpoint{checkpoint - 1});
    }
    template <typename... Ops>
    void commit(Ops... ops) {
        store::WriteBatch batch;
        (batch.add(std::move(ops)), ...);
        commit(std::move(batch));
    }
    void commit(store::WriteBatch batch) {
        openStore();
        const auto stored = m_store->commit(std::move(batch));
        ASSERT_TRUE(stored) << stored.error().text();
    }
    /// As after the end of the program.
    void close() {
        m_log.reset();
        if (m_store) {
            m_store->close();
        }
        m_store.reset();
    }

private:
    void openJournal() {
        if (!m_log) {
            auto recovered = journal::recover(m_segments, [](const journal::MessageRecord&) {});
            ASSERT_TRUE(recovered) << recovered.error().text();
            m_log = std::make_unique<journal::LogWriter>(
                m_segments, m_clock, journal::LogLimits{journal::test::kSmallSegment, 1ULL << 30, 0},
                std::move(*recovered));
        }
    }
    void openStore() {
        if (!m_store) {
            auto opened = store::Store::open(data(), {});
            ASSERT_TRUE(opened) << opened.error().text();
            m_store = std::move(*opened);
        }
    }

    dashstream::testing::TempDir m_folder;
    std::unique_ptr<journal::FileLayer> m_files = journal::realFiles();
    journal::test::HandClock m_clock;
    journal::SegmentFiles m_segments{*m_files, data() / "journal", journal::test::kSmallSegment};
    std::unique_ptr<journal::LogWriter> m_log;
    std::unique_ptr<store::Store> m_store;
};

/// The message of a journal's entry as the store keeps it.
inline store::StoredMessage storedForm(std::uint64_t entry) {
    const Sample sample(entry);
    store::StoredMessage message = store::test::sampleMessage(static_cast<std::int64_t>(entry));
    message.id = sample.record.id;
    message.thread = sample.thread;
    message.sequence = sample.record.sequence;
    message.value = sample.value;
    message.entry = entry;
    return message;
}

/// A retry whose value the journal holds.
inline store::op::PutRetry retryInJournal(std::int64_t id, std::uint64_t entry) {
    store::RetryEntry retry = store::test::sampleRetry(id);
    retry.message = storedForm(entry);
    retry.valueBytes = static_cast<std::int64_t>(retry.message.value.size());
    retry.message.value.clear();
    retry.resendOf.reset();
    return {std::move(retry)};
}

/// A retry that the journal knows nothing of.
inline store::op::PutRetry retryInStore(std::int64_t id, std::uint64_t number) {
    store::RetryEntry retry = store::test::sampleRetry(id);
    retry.message = storedForm(number);
    retry.message.entry = 0;
    retry.resendOf.reset();
    return {std::move(retry)};
}

inline store::op::PutDead letter(std::int64_t id, std::uint64_t entry,
                                 store::DeadState state = store::DeadState::Open) {
    store::DeadLetter dead = store::test::sampleDead(id);
    dead.message = storedForm(entry);
    dead.state = state;
    return {std::move(dead)};
}

} // namespace dashstream::care::test
