// What the store must hold: the operations of every batch that it said it committed, applied in order. Compared with
// what a new start finds. Plain data.
#pragma once

#include "core/store/reader.h"
#include "core/store/write_batch.h"

#include <map>
#include <optional>
#include <set>
#include <string>

namespace dashstream::simulation {

class StoreModel {
public:
    void committed(const store::WriteBatch& batch);
    /// It failed, or the program died while it was being committed: should that be the last, it is there or not.
    void inDoubt(const store::WriteBatch& batch);
    /// Takes what is there for what is; returns what is wrong with it. Empty: nothing.
    [[nodiscard]] std::string compare(store::StoreReader& reader);

    [[nodiscard]] std::size_t retries() const { return m_rows.retries.size(); }
    [[nodiscard]] std::size_t openDead() const { return m_rows.dead.size(); }
    [[nodiscard]] bool holds(const MessageId& id) const;

private:
    struct Rows {
        std::map<std::int64_t, MessageId> retries;
        std::map<std::int64_t, MessageId> dead;        ///< open ones
        std::map<std::string, std::uint64_t> reserved; ///< by thread: the first number that is not
        bool operator==(const Rows&) const = default;
    };
    static void apply(Rows& rows, const store::WriteBatch& batch);
    [[nodiscard]] static Result<Rows> read(store::StoreReader& reader);

    Rows m_rows;
    std::optional<Rows> m_otherwise;
};

} // namespace dashstream::simulation
