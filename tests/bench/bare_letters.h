// What dead letters are measured against: bare SQLite tables with nothing but what a letter is made of: no index, no
// errors or causes apart. Belongs to one thread.
#pragma once

#include "core/store/records.h"

#include <sqlite3.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace dashstream::bench {

[[noreturn]] inline void die(const std::string& why) {
    std::fprintf(stderr, "%s\n", why.c_str());
    std::exit(1);
}

class BareLetters {
public:
    explicit BareLetters(const std::filesystem::path& file) {
        must(sqlite3_open(file.c_str(), &m_handle));
        run("PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
            "CREATE TABLE IF NOT EXISTS ids (id INTEGER PRIMARY KEY, died_at INTEGER);"
            "CREATE TABLE IF NOT EXISTS letters (id INTEGER PRIMARY KEY, code TEXT, text TEXT, died_at INTEGER,"
            " trace_id TEXT, message_id BLOB, thread TEXT, tenant TEXT, topic TEXT, sequence INTEGER, type INTEGER,"
            " traceparent TEXT, accepted_at INTEGER, source TEXT, value BLOB)");
    }
    ~BareLetters() { sqlite3_close(m_handle); }
    BareLetters(const BareLetters&) = delete;
    BareLetters& operator=(const BareLetters&) = delete;

    void run(const std::string& sql) { must(sqlite3_exec(m_handle, sql.c_str(), nullptr, nullptr, nullptr)); }

    void fillIds(std::int64_t rows, std::int64_t first) {
        run("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " + std::to_string(rows) +
            ") INSERT OR IGNORE INTO ids SELECT i, " + std::to_string(first) + " + i FROM n");
    }
    std::size_t readIds() {
        sqlite3_stmt* select = nullptr;
        must(sqlite3_prepare_v2(m_handle, "SELECT id FROM ids", -1, &select, nullptr));
        std::vector<std::int64_t> ids;
        while (sqlite3_step(select) == SQLITE_ROW) {
            ids.push_back(sqlite3_column_int64(select, 0));
        }
        sqlite3_finalize(select);
        return ids.size();
    }
    void insert(const std::vector<store::DeadLetter>& letters) {
        sqlite3_stmt* insert = nullptr;
        must(sqlite3_prepare_v2(m_handle, "INSERT INTO letters VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                                -1, &insert, nullptr));
        int at = 0;
        const auto text = [&](std::string_view value) {
            sqlite3_bind_text(insert, ++at, value.data(), static_cast<int>(value.size()), SQLITE_STATIC);
        };
        const auto integer = [&](std::int64_t value) { sqlite3_bind_int64(insert, ++at, value); };
        run("BEGIN");
        for (const store::DeadLetter& letter : letters) {
            at = 0;
            integer(letter.id.value);
            text(letter.errorCode);
            text(letter.errorText);
            integer(toMicros(letter.diedAt));
            text(letter.traceId);
            text(letter.message.id.raw());
            text(letter.message.thread);
            text(letter.message.tenant);
            text(letter.message.topic);
            integer(static_cast<std::int64_t>(letter.message.sequence.value));
            integer(letter.message.type);
            text(letter.message.traceparent);
            integer(toMicros(letter.message.acceptedAt));
            text(letter.message.source);
            text(letter.message.value);
            must(sqlite3_step(insert), SQLITE_DONE);
            sqlite3_reset(insert);
        }
        run("COMMIT");
        sqlite3_finalize(insert);
    }

private:
    static void must(int code, int wanted = SQLITE_OK) {
        if (code != wanted) {
            die("SQLite code " + std::to_string(code));
        }
    }

    sqlite3* m_handle = nullptr;
};

} // namespace dashstream::bench
