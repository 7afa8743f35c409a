#include "core/store/search_file.h"

#include "core/store/data_folder.h"

#include <array>

namespace dashstream::store {

namespace {
constexpr std::int64_t kVersion = 2;

// Its numbers are of no use without the store's, so the log of a lost moment is worth no sync: synchronous = NORMAL.
constexpr const char* kConnection = "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA mmap_size = 0;"
                                    " PRAGMA wal_autocheckpoint = 2000";
constexpr const char* kSchema =
    "CREATE VIRTUAL TABLE dead_text USING fts5 (content, around, content = '', tokenize = 'ascii');"
    "CREATE TABLE progress (one INTEGER PRIMARY KEY CHECK (one = 1), store INTEGER NOT NULL, up_to INTEGER NOT NULL,"
    " letters INTEGER NOT NULL);";

Error otherStore() {
    return {ErrorClass::Local, "store.other_search", "The search index belongs to another store", {}};
}
} // namespace

std::filesystem::path searchPath(const std::filesystem::path& folder) {
    return folder / "search.db";
}

Result<SearchFile> SearchFile::open(const std::filesystem::path& folder, std::int64_t storeId,
                                    DeadLetterId nextLetter) {
    const std::filesystem::path file = searchPath(folder);
    auto found = tryOpen(file, storeId, nextLetter);
    if (found) {
        return found;
    }
    std::error_code ignored; // what cannot be removed is said by the next attempt
    for (const char* suffix : {"", "-wal", "-shm"}) {
        std::filesystem::remove(file.string() + suffix, ignored);
    }
    return tryOpen(file, storeId, nextLetter);
}

Result<SearchFile> SearchFile::tryOpen(const std::filesystem::path& file, std::int64_t storeId,
                                       DeadLetterId nextLetter) {
    if (Result<void> made = preparePrivateFile(file); !made) {
        return fail(made.error());
    }
    Result<Database> database = Database::open(file, Database::Mode::ReadWrite);
    if (!database) {
        return fail(database.error());
    }
    if (Result<void> ready = database->execute(kConnection); !ready) {
        return fail(ready.error());
    }
    const Result<std::int64_t> version = database->queryInteger("PRAGMA user_version");
    if (!version) {
        return fail(version.error());
    }
    if (*version == 0) {
        Result<void> made = database->execute(
            std::string("BEGIN; ") + kSchema + " INSERT INTO progress VALUES (1, " + std::to_string(storeId) +
            ", 0, 0); PRAGMA user_version = " + std::to_string(kVersion) + "; COMMIT");
        if (!made) {
            return fail(made.error());
        }
    } else if (*version != kVersion) {
        return fail(otherStore());
    }
    const Result<std::int64_t> store = database->queryInteger("SELECT store FROM progress");
    const Result<std::int64_t> upTo = database->queryInteger("SELECT up_to FROM progress");
    const Result<std::int64_t> letters = database->queryInteger("SELECT letters FROM progress");
    for (const auto* asked : {&store, &upTo, &letters}) {
        if (!*asked) {
            return fail(asked->error());
        }
    }
    if (*store != storeId || *upTo >= nextLetter.value) {
        return fail(otherStore());
    }
    return SearchFile(std::move(*database), DeadLetterId(*upTo), *letters);
}

Result<void> SearchFile::add(std::span<const SearchDocument> documents, DeadLetterId upTo) {
    Result<Transaction> transaction = Transaction::begin(m_database, Transaction::Kind::Write);
    if (!transaction) {
        return fail(transaction.error());
    }
    Result<Statement> insert = m_database.prepare("INSERT INTO dead_text (rowid, content, around) VALUES (?, ?, ?)");
    Result<Statement> mark = m_database.prepare("UPDATE progress SET up_to = ?, letters = ?");
    if (!insert || !mark) {
        return fail(insert ? mark.error() : insert.error());
    }
    for (const SearchDocument& document : documents) {
        Result<void> added =
            insert->bind(document.letter.value).bindText(document.content).bindText(document.around).run();
        if (!added) {
            return added;
        }
    }
    const std::int64_t letters = m_letters + static_cast<std::int64_t>(documents.size());
    Result<void> done = mark->bind(upTo.value).bind(letters).run();
    done = done ? transaction->commit() : done;
    if (done) {
        m_upTo = upTo;
        m_letters = letters;
    }
    return done;
}

Result<void> SearchFile::clear() {
    Result<void> done = m_database.execute("BEGIN; INSERT INTO dead_text (dead_text) VALUES ('delete-all');"
                                           " UPDATE progress SET up_to = 0, letters = 0; COMMIT");
    if (!done) {
        const Result<void> undone = m_database.inTransaction() ? m_database.execute("ROLLBACK") : Result<void>();
        static_cast<void>(undone); // the failure that matters is being reported already
        return done;
    }
    m_upTo = DeadLetterId(0);
    m_letters = 0;
    return {};
}

} // namespace dashstream::store
