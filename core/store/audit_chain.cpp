#include "core/store/audit_chain.h"

#include "core/store/row_io.h"

#include <openssl/evp.h>

#include <array>
#include <vector>

namespace dashstream::store {

namespace {

constexpr std::string_view kTag = "dashstream-audit/1";
constexpr std::size_t kPage = 1000; ///< entries that are chained at once

// An entry is written once. REPLACE would delete without asking the trigger on DELETE.
constexpr const char* kGuards = R"sql(
CREATE TRIGGER audit_not_changed BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'entries of the audit log are not changed'); END;
CREATE TRIGGER audit_not_deleted BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'entries of the audit log are not deleted'); END;
CREATE TRIGGER audit_not_replaced BEFORE INSERT ON audit WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'entries of the audit log are not replaced'); END;
)sql";

void appendNumber(std::string& to, std::uint64_t number) {
    for (int shift = 56; shift >= 0; shift -= 8) {
        to.push_back(static_cast<char>((number >> static_cast<unsigned>(shift)) & 0xFFU));
    }
}

void appendNumber(std::string& to, std::int64_t number) {
    appendNumber(to, static_cast<std::uint64_t>(number));
}

void appendBytes(std::string& to, std::string_view bytes) {
    appendNumber(to, std::uint64_t{bytes.size()});
    to += bytes;
}

Result<std::vector<AuditEntry>> entriesAfter(Database& database, std::int64_t id) {
    auto query = database.prepare("SELECT " DASHSTREAM_AUDIT_COLUMNS " FROM audit WHERE id > ? ORDER BY id LIMIT ?");
    if (!query) {
        return fail(query.error());
    }
    query->bind(id).bind(static_cast<std::int64_t>(kPage));
    std::vector<AuditEntry> entries;
    for (;;) {
        const Result<bool> row = query->step();
        if (!row) {
            return fail(row.error());
        }
        if (!*row) {
            return entries;
        }
        entries.push_back(readAudit(*query));
    }
}

/// Sets the hash of the entry and moves the head to it.
Result<void> chain(Statement& update, const AuditEntry& entry, AuditHead& head) {
    auto hash = auditHash(head.store, head.hash, entry);
    if (!hash) {
        return fail(hash.error());
    }
    head.hash = std::move(*hash);
    head.id = entry.id;
    return update.bindBlob(head.hash).bind(entry.id).run();
}

} // namespace

Result<std::string> auditHash(std::int64_t store, std::string_view previous, const AuditEntry& entry) {
    std::string bytes(kTag);
    appendNumber(bytes, store);
    appendBytes(bytes, previous);
    appendNumber(bytes, entry.id);
    appendNumber(bytes, toMicros(entry.at));
    appendNumber(bytes, entry.count);
    for (const std::string* text : {&entry.user, &entry.action, &entry.detail, &entry.filter, &entry.result}) {
        appendBytes(bytes, *text);
    }
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned length = 0;
    if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &length, EVP_sha256(), nullptr) != 1) {
        return fail(ErrorClass::Local, "store.digest", "OpenSSL gives no SHA-256, which chains the audit log",
                    "Check the OpenSSL of this system and its configuration");
    }
    return std::string(reinterpret_cast<const char*>(digest.data()), length);
}

Result<AuditHead> readAuditHead(Database& database) {
    const auto store = database.queryInteger("SELECT value FROM meta WHERE key = 'audit_store'");
    const auto given =
        database.queryInteger("SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'audit'), 0)");
    auto last = database.prepare("SELECT id, hash FROM audit ORDER BY id DESC LIMIT 1");
    if (!store || !given || !last) {
        return fail(!store ? store.error() : !given ? given.error() : last.error());
    }
    AuditHead head{.store = *store, .given = *given};
    const Result<bool> row = last->step();
    if (!row) {
        return fail(row.error());
    }
    if (*row) {
        head.id = last->integer(0);
        head.hash = last->bytes(1);
    }
    return head;
}

Result<void> chainAuditEntries(Database& database) {
    const auto store = database.queryInteger("SELECT value FROM meta WHERE key = 'audit_store'");
    auto update = database.prepare("UPDATE audit SET hash = ? WHERE id = ?");
    if (!store || !update) {
        return fail(!store ? store.error() : update.error());
    }
    AuditHead head{.store = *store};
    for (;;) {
        const auto entries = entriesAfter(database, head.id);
        if (!entries) {
            return fail(entries.error());
        }
        if (entries->empty()) {
            return database.execute(kGuards);
        }
        for (const AuditEntry& entry : *entries) {
            if (auto chained = chain(*update, entry, head); !chained) {
                return chained;
            }
        }
    }
}

} // namespace dashstream::store
