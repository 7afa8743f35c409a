#include "core/care/recount.h"

#include <unordered_set>

namespace dashstream::care {

namespace {
/// The journal is read before the store: what goes from the one to the other meanwhile is then found in both, and the
/// store's word counts.
class Counter {
public:
    Counter(journal::FileLayer& files, const std::filesystem::path& folder, const CareOptions& options, bool byThread)
        : m_files(files), m_folder(folder), m_options(options), m_byThread(byThread) {}

    Result<Recount> run();

private:
    struct Row {
        std::uint64_t entry = 0;
        std::string thread;
    };
    Result<void> countStore(store::Salvage& salvage);
    Result<void> countWaiting(store::Salvage& salvage);
    Result<void> countDead(store::Salvage& salvage);
    Result<void> countThreadsInJournal();
    [[nodiscard]] bool isUnsettled(std::uint64_t entry) const {
        return m_journal && m_journal->isUnsettled(journal::EntryId{entry});
    }
    void count(const std::string& thread, std::uint64_t OpenCounts::*column) {
        ++(m_count.all.*column);
        if (m_byThread) {
            ++(m_count.byThread[thread].*column);
        }
    }

    journal::FileLayer& m_files;
    const std::filesystem::path& m_folder;
    const CareOptions& m_options;
    bool m_byThread;
    std::unique_ptr<journal::Inspection> m_journal;
    std::unordered_set<std::uint64_t>
        m_elsewhere;                              ///< entries that are unsettled in the journal, and that the store has
    std::vector<Row> m_rows;                      ///< of the retry queue whose messages the journal has
    std::unordered_set<std::int64_t> m_resending; ///< dead letters
    Recount m_count;
};

Result<void> Counter::countDead(store::Salvage& salvage) {
    const auto walked = salvage.dead(
        [this](const store::DeadName& letter) {
            if (isUnsettled(letter.entry)) {
                m_elsewhere.insert(letter.entry);
            }
            const bool open = letter.state == store::DeadState::Open || letter.state == store::DeadState::Resending;
            if (open && m_resending.count(letter.id.value) == 0) {
                count(letter.thread, &OpenCounts::dead);
            }
            return Result<void>();
        },
        m_options.cancel);
    m_count.unreadable += walked ? walked->unreadable : 0;
    return walked ? Result<void>() : fail(walked.error());
}

Result<void> Counter::countWaiting(store::Salvage& salvage) {
    const auto walked = salvage.waiting(
        [this](const store::WaitingName& message) {
            if (message.resendOf) {
                m_resending.insert(message.resendOf->value);
            }
            if (message.entry == 0) {
                count(message.thread, &OpenCounts::retrying);
            } else {
                m_rows.push_back({message.entry, m_byThread ? message.thread : std::string()});
            }
            return Result<void>();
        },
        m_options.cancel);
    m_count.unreadable += walked ? walked->unreadable : 0;
    return walked ? Result<void>() : fail(walked.error());
}

Result<void> Counter::countStore(store::Salvage& salvage) {
    m_count.store = true;
    m_count.threads = salvage.threads().value_or(0);
    if (auto counted = countWaiting(salvage); !counted) {
        return counted;
    }
    if (auto counted = countDead(salvage); !counted) {
        return counted;
    }
    for (const Row& row : m_rows) {
        // Where its message is settled or dead, the row is only left over.
        if (isUnsettled(row.entry) && m_elsewhere.insert(row.entry).second) {
            count(row.thread, &OpenCounts::retrying);
        }
    }
    return {};
}

Result<void> Counter::countThreadsInJournal() {
    return m_journal->visitUnsettled([this](const journal::UnsettledMessage& message) {
        if (m_elsewhere.count(message.record.entry.value) == 0) {
            ++m_count.byThread[std::string(message.record.thread)].inFlight;
        }
        return Result<void>();
    });
}

Result<Recount> Counter::run() {
    auto journal = inspectJournal(m_files, m_folder, m_options);
    if (!journal) {
        return fail(journal.error());
    }
    m_journal = std::move(*journal);
    auto salvage = store::Salvage::open(m_folder);
    if (!salvage && salvage.error().code != "store.missing") {
        return fail(salvage.error());
    }
    if (salvage) {
        if (auto counted = countStore(*salvage); !counted) {
            return fail(counted.error());
        }
    }
    if (m_journal) {
        m_count.all.inFlight = m_journal->report().unsettled - m_elsewhere.size();
        if (m_byThread) {
            if (auto counted = countThreadsInJournal(); !counted) {
                return fail(counted.error());
            }
        }
        m_count.journal = m_journal->report();
    }
    return std::move(m_count);
}
} // namespace

Result<Recount> recount(journal::FileLayer& files, const std::filesystem::path& dataFolder, const CareOptions& options,
                        bool byThread) {
    return Counter(files, dataFolder, options, byThread).run();
}

} // namespace dashstream::care
