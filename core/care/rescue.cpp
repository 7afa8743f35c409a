#include "core/care/rescue.h"

#include <algorithm>
#include <map>
#include <unordered_set>

namespace dashstream::care {

namespace {
constexpr std::uint64_t kSayEvery = 10'000;

class Rescue {
public:
    Rescue(journal::FileLayer& files, const std::filesystem::path& folder, const ValueVisitor& visit,
           const CareOptions& options)
        : m_files(files), m_folder(folder), m_visit(visit), m_options(options) {}

    Result<RescueReport> run(RescueWhat what);

private:
    struct Row {
        SequenceNo sequence;
        RetryId id;
    };
    using Rows = std::vector<Row>; ///< of one thread, by sequence; those that were given are taken out from the front

    /// Nothing done where neither can be read.
    Result<void> openBoth();
    Result<void> readNames();
    Result<void> giveJournal();
    /// Those that come before this number.
    Result<void> giveRows(const std::string& thread, SequenceNo before);
    Result<void> giveRow(RetryId id);
    Result<void> giveRest();
    Result<void> giveDead();
    Result<void> give(ByteView value, std::uint64_t RescueReport::*from);

    journal::FileLayer& m_files;
    const std::filesystem::path& m_folder;
    const ValueVisitor& m_visit;
    const CareOptions& m_options;
    std::unique_ptr<journal::Inspection> m_journal;
    std::optional<store::Salvage> m_store;
    std::map<std::string, Rows, std::less<>> m_rows; ///< whose values the store has
    std::unordered_set<std::uint64_t> m_dead;        ///< entries of the journal
    std::unordered_set<std::int64_t> m_resending;    ///< dead letters that the retry queue has
    RescueReport m_report;
};

Result<void> Rescue::openBoth() {
    auto journal = inspectJournal(m_files, m_folder, m_options);
    if (journal) {
        m_journal = std::move(*journal);
    } else if (journal.error().errorClass == ErrorClass::Cancelled) {
        return fail(journal.error());
    } else {
        m_report.troubles.push_back(journal.error());
    }
    auto store = store::Salvage::open(m_folder);
    if (store) {
        m_store.emplace(std::move(*store));
        return {};
    }
    const bool newer = store.error().errorClass == ErrorClass::Usage && store.error().code != "store.missing";
    if (newer || !m_journal) {
        return fail(store.error());
    }
    m_report.troubles.push_back(store.error());
    return {};
}

Result<void> Rescue::readNames() {
    const auto waiting = m_store->waiting(
        [this](const store::WaitingName& message) {
            if (message.hasValue) {
                m_rows[message.thread].push_back({message.sequence, message.id});
            } else if (!m_journal || !m_journal->isUnsettled(journal::EntryId{message.entry})) {
                ++m_report.rowsWithoutMessage;
            }
            if (message.resendOf && message.hasValue) {
                m_resending.insert(message.resendOf->value);
            }
            return Result<void>();
        },
        m_options.cancel);
    if (!waiting) {
        return fail(waiting.error());
    }
    for (auto& [thread, rows] : m_rows) {
        std::stable_sort(rows.begin(), rows.end(),
                         [](const Row& left, const Row& right) { return left.sequence < right.sequence; });
    }
    const auto dead = m_store->dead(
        [this](const store::DeadName& letter) {
            if (letter.entry != 0) {
                m_dead.insert(letter.entry);
            }
            return Result<void>();
        },
        m_options.cancel);
    m_report.unreadable += static_cast<std::uint64_t>(waiting->unreadable);
    return dead ? Result<void>() : fail(dead.error());
}

Result<void> Rescue::give(ByteView value, std::uint64_t RescueReport::*from) {
    ++m_report.messages;
    ++(m_report.*from);
    if (m_report.messages % kSayEvery == 0) {
        tell(m_options, std::to_string(m_report.messages) + " messages saved");
    }
    return m_visit(value);
}

Result<void> Rescue::giveRow(RetryId id) {
    const auto message = m_store->waitingMessage(id);
    if (!message) {
        ++m_report.unreadable;
        return {};
    }
    return *message ? give(asBytes((*message)->value), &RescueReport::fromStore) : Result<void>();
}

Result<void> Rescue::giveRows(const std::string& thread, SequenceNo before) {
    const auto found = m_rows.find(thread);
    if (found == m_rows.end()) {
        return {};
    }
    Rows& rows = found->second;
    const auto end =
        std::find_if(rows.begin(), rows.end(), [before](const Row& row) { return row.sequence >= before; });
    for (auto row = rows.begin(); row != end; ++row) {
        if (auto given = giveRow(row->id); !given) {
            return given;
        }
    }
    rows.erase(rows.begin(), end);
    return {};
}

Result<void> Rescue::giveJournal() {
    auto visited = m_journal->visitUnsettled([this](const journal::UnsettledMessage& message) -> Result<void> {
        if (m_dead.count(message.record.entry.value) != 0) {
            return {};
        }
        if (!m_rows.empty()) {
            if (auto given = giveRows(std::string(message.record.thread), message.record.sequence); !given) {
                return given;
            }
        }
        return give(message.record.value, &RescueReport::fromJournal);
    });
    const journal::InspectionReport& found = m_journal->report();
    m_report.damage = found.damage;
    m_report.unreadable += std::max(found.recordsSkipped, found.messagesMissing);
    return visited;
}

Result<void> Rescue::giveRest() {
    std::vector<RetryId> rest;
    for (const auto& [thread, rows] : m_rows) {
        for (const Row& row : rows) {
            rest.push_back(row.id);
        }
    }
    std::sort(rest.begin(), rest.end()); // as they would be sent
    for (const RetryId id : rest) {
        if (m_options.cancel.cancelled()) {
            return fail(ErrorClass::Cancelled, "store.cancelled", "Stopped before the end");
        }
        if (auto given = giveRow(id); !given) {
            return given;
        }
    }
    return {};
}

Result<void> Rescue::giveDead() {
    const auto walked = m_store->openDeadMessages(
        [this](std::int64_t id, const store::StoredMessage& message) {
            return m_resending.count(id) == 0 ? give(asBytes(message.value), &RescueReport::fromStore) : Result<void>();
        },
        m_options.cancel);
    m_report.unreadable += walked ? static_cast<std::uint64_t>(walked->unreadable) : 0;
    return walked ? Result<void>() : fail(walked.error());
}

Result<RescueReport> Rescue::run(RescueWhat what) {
    auto done = openBoth();
    done = done && m_store ? readNames() : done;
    done = done && m_journal ? giveJournal() : done;
    done = done && m_store ? giveRest() : done;
    done = done && m_store && what == RescueWhat::UnsettledAndDead ? giveDead() : done;
    return done ? Result<RescueReport>(std::move(m_report)) : fail(done.error());
}
} // namespace

Result<RescueReport> rescueMessages(journal::FileLayer& files, const std::filesystem::path& dataFolder, RescueWhat what,
                                    const ValueVisitor& visit, const CareOptions& options) {
    return Rescue(files, dataFolder, visit, options).run(what);
}

} // namespace dashstream::care
