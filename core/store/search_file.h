// search.db beside the store: the full-text index of dead letters. It holds nothing that the store does not, so it has
// a connection of its own (filling it holds up no commit of the store), may be lost at any time, and is then filled
// anew. SQLite FTS5 without content: the words alone. A letter's words stay when the letter goes, until all begins
// anew; queries ask the store too.
#pragma once

#include "core/store/reader.h"
#include "core/store/sqlite.h"

#include <cstdint>
#include <filesystem>
#include <span>

namespace dashstream::store {

/// `folder`/search.db
[[nodiscard]] std::filesystem::path searchPath(const std::filesystem::path& folder);

/// Its writer. One thread; one process, the one that holds the store.
class SearchFile {
public:
    /// Makes it, or makes it anew where it is of another store, of another version, broken, or knows letters from
    /// `nextLetter` on, which this store never had. Errors: as Database's ("store.cannot_open", "store.io", …).
    [[nodiscard]] static Result<SearchFile> open(const std::filesystem::path& folder, std::int64_t storeId,
                                                 DeadLetterId nextLetter);

    /// Every letter up to this one is in it.
    [[nodiscard]] DeadLetterId upTo() const { return m_upTo; }
    /// How many letters' words are in it, of those that are gone too.
    [[nodiscard]] std::int64_t letters() const { return m_letters; }
    /// Empty, as a new one is; whoever reads it goes on.
    [[nodiscard]] Result<void> clear();
    /// All of them or none, durable against a crash of the program. `upTo`: what upTo() is then.
    [[nodiscard]] Result<void> add(std::span<const SearchDocument> documents, DeadLetterId upTo);

private:
    SearchFile(Database database, DeadLetterId upTo, std::int64_t letters)
        : m_database(std::move(database)), m_upTo(upTo), m_letters(letters) {}
    static Result<SearchFile> tryOpen(const std::filesystem::path& file, std::int64_t storeId, DeadLetterId nextLetter);

    Database m_database;
    DeadLetterId m_upTo;
    std::int64_t m_letters;
};

} // namespace dashstream::store
