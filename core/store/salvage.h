// Reads what can be read of a store: whoever holds it, of whatever version, also where SQLite calls it malformed or its
// disk may not be written. Changes nothing. Belongs to one thread.
#pragma once

#include "core/store/records.h"
#include "core/store/table_walk.h"

#include <filesystem>

namespace dashstream::store {

/// A message that waits for another try, without its value.
struct WaitingName {
    RetryId id;
    std::string thread;
    SequenceNo sequence;
    std::uint64_t entry = 0; ///< of the journal; 0: none
    bool hasValue = true;    ///< false: the journal holds it
    std::optional<DeadLetterId> resendOf;
};

struct DeadName {
    DeadLetterId id;
    std::string thread;
    std::uint64_t entry = 0; ///< of the journal; 0: none
    DeadState state = DeadState::Open;
};

class Salvage {
public:
    /// Errors: "store.missing", "store.future_version" (Usage), "store.cannot_open", "store.not_a_store",
    /// "store.corrupt", "store.io" (Local).
    [[nodiscard]] static Result<Salvage> open(const std::filesystem::path& folder);

    // Each in the order of ids; what cannot be read is counted. Errors: the visitor's, "store.cancelled" (Cancelled).
    [[nodiscard]] Result<WalkReport> waiting(const std::function<Result<void>(const WaitingName&)>& visit,
                                             const CancelToken& cancel);
    /// In every state.
    [[nodiscard]] Result<WalkReport> dead(const std::function<Result<void>(const DeadName&)>& visit,
                                          const CancelToken& cancel);
    using MessageVisitor = std::function<Result<void>(std::int64_t id, const StoredMessage& message)>;
    [[nodiscard]] Result<WalkReport> waitingMessages(const MessageVisitor& visit, const CancelToken& cancel);
    [[nodiscard]] Result<WalkReport> openDeadMessages(const MessageVisitor& visit, const CancelToken& cancel);

    /// Nothing: it is gone. Error: it cannot be read.
    [[nodiscard]] Result<std::optional<StoredMessage>> waitingMessage(RetryId id);
    /// Up to this entry the store knows what the journal told; 0: it has none.
    [[nodiscard]] Result<std::uint64_t> journalCheckpoint();
    [[nodiscard]] Result<std::int64_t> threads();

    [[nodiscard]] Database& database() { return m_database; }

private:
    Salvage(Database database, int version) : m_database(std::move(database)), m_version(version) {}
    [[nodiscard]] bool namesEntries() const;
    [[nodiscard]] Result<WalkReport> messages(const TableQuery& query, const MessageVisitor& visit,
                                              const CancelToken& cancel);
    [[nodiscard]] TableQuery waitingQuery() const;

    Database m_database;
    int m_version;
};

} // namespace dashstream::store
