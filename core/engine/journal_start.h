// Opens the journal at the start of an engine and brings it and the store together: numbers that only the journal has
// go to the store, what the store has as dead is settled in the journal. Used once, on the caller's thread; blocks.
#pragma once

#include "core/base/clock.h"
#include "core/engine/mailbox.h"
#include "core/journal/journal.h"
#include "core/store/reader.h"
#include "core/store/store.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace dashstream::engine {

class JournalStart {
public:
    struct Parts {
        journal::JournalOptions options;
        std::unique_ptr<journal::FileLayer> files;
        const Clock* clock = nullptr;
        const store::StoreSummary* found = nullptr;
        store::StoreReader* reader = nullptr;
        /// Writes to the store and waits.
        std::function<Result<void>(store::WriteBatch)> commit;
        journal::Journal::Listener listener;
    };

    /// Errors: of the file layer and of the store.
    [[nodiscard]] static Result<JournalStart> open(Parts parts);

    /// Not settled and not dead, in order.
    [[nodiscard]] const std::vector<journal::EntryId>& unsettled() const { return m_unsettled; }
    /// That its record names; kUnassigned: none.
    [[nodiscard]] PartitionId partitionOf(journal::EntryId entry) const;
    /// Where the journal's last messages of each source ended, by its number; the store may know later ones.
    [[nodiscard]] const std::unordered_map<std::uint32_t, std::uint64_t>& sourcePositions() const {
        return m_sourcePositions;
    }
    [[nodiscard]] std::unique_ptr<journal::Journal> takeJournal() { return std::move(m_journal); }

private:
    struct TextHash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>{}(text); }
    };
    struct LastOf {
        journal::EntryId entry;
        SequenceNo sequence;
    };

    void visit(const journal::MessageRecord& record, journal::EntryId checkpoint);
    [[nodiscard]] Result<void> keepPositions(const Parts& parts, store::WriteBatch& batch) const;
    void notePartition(const journal::MessageRecord& record);
    [[nodiscard]] Result<void> writeNumbers(Parts& parts);
    [[nodiscard]] Result<void> settleDead(store::StoreReader& reader);

    std::unique_ptr<journal::Journal> m_journal;
    std::unordered_map<std::string, LastOf, TextHash, std::equal_to<>> m_threads; ///< since the checkpoint
    std::unordered_map<std::uint32_t, journal::EntryId> m_sourceEntries;
    std::unordered_map<std::uint32_t, std::uint64_t> m_sourcePositions;
    std::vector<journal::EntryId> m_unsettled;
    journal::EntryId m_firstSeen;           ///< of m_partitions[0]; 0: none
    std::vector<std::int16_t> m_partitions; ///< of every entry since then: two bytes each, as there may be millions
};

/// Whether there is a journal with something in it in this folder.
[[nodiscard]] bool journalExists(const std::filesystem::path& folder);

} // namespace dashstream::engine
