#include "core/store/sqlite_error.h"

#include <sqlite3.h>

#include <array>
#include <cstdio>
#include <string>
#include <system_error>

namespace dashstream::store {

namespace {

std::string fileOf(sqlite3* handle) {
    const char* name = handle == nullptr ? nullptr : sqlite3_db_filename(handle, "main");
    return name == nullptr || *name == '\0' ? "store.db" : name;
}

/// "12.3 MiB free on its disk", or nothing when the system does not say.
std::string freeSpaceOf(const std::string& file) {
    std::error_code failure;
    const auto space = std::filesystem::space(std::filesystem::path(file).parent_path(), failure);
    if (failure) {
        return {};
    }
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "; %.1f MiB are free on its disk",
                  static_cast<double>(space.available) / (1024.0 * 1024.0));
    return text.data();
}

std::string reasonOf(int code) {
    std::string text = sqlite3_errstr(code & 0xFF);
    text += " (SQLite code " + std::to_string(code) + ")";
    return text;
}

Error writeFailed(const std::string& file, int code) {
    if ((code & 0xFF) == SQLITE_FULL) {
        return {ErrorClass::Local, "store.full", "The store " + file + " cannot grow: no space" + freeSpaceOf(file),
                "Free space on that disk or lift the quota; what was not stored is tried again."};
    }
    return {ErrorClass::Local, "store.io",
            "Reading or writing the store " + file + " failed: " + reasonOf(code) + freeSpaceOf(file),
            "Check the disk (full, unplugged, mounted read-only, failing) and the rights on the folder; the system log "
            "says more."};
}

} // namespace

Error sqliteError(sqlite3* handle, int code) {
    const std::string file = fileOf(handle);
    switch (code & 0xFF) {
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_NOLFS:
        return writeFailed(file, code);
    case SQLITE_CORRUPT:
        return {ErrorClass::Local, "store.corrupt", "The store " + file + " is damaged",
                "Copy the folder away, then read what can be read with: sqlite3 store.db .recover"};
    case SQLITE_NOTADB:
        return {ErrorClass::Local, "store.not_a_store", "The file " + file + " is not a DashStream store",
                "Move it away, or choose another folder with --data-dir."};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return {ErrorClass::Local, "store.busy", "The store " + file + " is locked by another program",
                "Close the program that holds it open (sqlite3, a backup) and try again."};
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
        return {ErrorClass::Local, "store.constraint",
                "The store " + file + " refused a row: " + (handle == nullptr ? "" : sqlite3_errmsg(handle)),
                "This is a defect of the program; the rest of the store is not touched."};
    case SQLITE_TOOBIG:
        return {ErrorClass::Local, "store.too_big", "A row is larger than the store " + file + " can hold",
                "Lower message.max_bytes."};
    case SQLITE_INTERRUPT:
        return {ErrorClass::Cancelled, "store.cancelled", "The query was cancelled", {}};
    default:
        return {ErrorClass::Local, "store.failed", "The store " + file + " failed: " + reasonOf(code),
                "Restart the program; if it happens again, report it with this text."};
    }
}

Error cannotOpen(const std::filesystem::path& file, int code) {
    return {ErrorClass::Local, "store.cannot_open", "Cannot open the store " + file.string() + ": " + reasonOf(code),
            "Check the rights on the folder, or choose another one with --data-dir."};
}

Error cannotOpenBecause(const std::filesystem::path& path, int errorNumber) {
    return {ErrorClass::Local, "store.cannot_open",
            "Cannot use " + path.string() + " for the store: " + std::generic_category().message(errorNumber),
            "Check the path and its rights, or choose another folder with --data-dir."};
}

bool concernsOneBatch(const Error& error) {
    return error.code == "store.constraint" || error.code == "store.too_big" || error.code == "store.no_such_entry";
}

} // namespace dashstream::store
