// BatchWriter's part for dead letters that an operator discards or restores, and for what is removed for good.
#include "core/store/batch_writer_sql.h"

#include <set>

namespace dashstream::store {

namespace {
/// "discarded 1000 (letters 2001 to 3000 of 12345)": pages of one request tell which they are.
std::string resultText(const DeadChange& change, const DeadChanged& changed) {
    std::string text = changeText(change.action, changed);
    if (change.total > change.letters.size()) {
        text += " (letters " + std::to_string(change.before + 1) + " to " +
                std::to_string(change.before + change.letters.size()) + " of " + std::to_string(change.total) + ")";
    }
    return text;
}
} // namespace

Result<void> BatchWriter::write(const op::ChangeDead& change) {
    DeadChanged changed;
    for (const DeadLetterId letter : change.change.letters) {
        Result<void> done = changeOne(change, letter, changed);
        if (!done) {
            return done;
        }
    }
    *change.outcome = changed; // a batch that is written once more counts anew
    AuditEntry entry;
    entry.at = change.at;
    entry.user = change.change.by;
    entry.action = auditName(change.change.action);
    entry.detail = change.change.reason;
    entry.count = static_cast<std::int64_t>(changed.changed);
    entry.filter = change.change.filter;
    entry.result = resultText(change.change, changed);
    return write(op::AppendAudit{std::move(entry)});
}

Result<void> BatchWriter::changeOne(const op::ChangeDead& change, DeadLetterId letter, DeadChanged& changed) {
    const bool discard = change.change.action == DeadAction::Discard;
    Statement& update = statement(discard ? Sql::DiscardDead : Sql::RestoreDead).bind(letter.value);
    if (discard) {
        update.bind(change.at).bindText(change.change.by).bindText(change.change.reason);
    }
    Result<void> done = update.run();
    if (!done) {
        return done;
    }
    if (m_database->changes() > 0) {
        ++changed.changed;
        return {};
    }
    const StatementUse look(statement(Sql::LookAtDead));
    const Result<bool> found = look->bind(letter.value).step();
    if (!found) {
        return fail(found.error());
    }
    const bool open = *found && look->integer(0) < static_cast<std::int64_t>(DeadState::Resent);
    ++(!*found ? changed.gone : discard && open ? changed.atHand : changed.other);
    return {};
}

Result<void> BatchWriter::write(const op::RemoveDiscarded& remove) {
    std::vector<std::int64_t> letters;
    std::set<std::int64_t> errors;
    {
        const StatementUse due(statement(Sql::DueDiscarded));
        due->bind(remove.before).bind(static_cast<std::int64_t>(remove.limit));
        for (;;) {
            const Result<bool> row = due->step();
            if (!row) {
                return fail(row.error());
            }
            if (!*row) {
                break;
            }
            letters.push_back(due->integer(0));
            errors.insert(due->integer(1));
        }
    }
    *remove.removed = letters.size();
    if (letters.empty()) {
        return {};
    }
    for (const std::int64_t letter : letters) { // value, attempts and places in resend jobs go with it
        Result<void> done = statement(Sql::DropDead).bind(letter).run();
        if (!done) {
            return done;
        }
    }
    for (const std::int64_t error : errors) {
        Result<void> done = forgetError(error);
        if (!done) {
            return done;
        }
    }
    AuditEntry entry;
    entry.at = remove.at;
    entry.user = remove.by;
    entry.action = "dead.remove";
    entry.detail = "discarded before " + toRfc3339(remove.before);
    entry.count = static_cast<std::int64_t>(letters.size());
    entry.result = "removed " + std::to_string(letters.size());
    return write(op::AppendAudit{std::move(entry)});
}

/// An error, and with it its cause, where no letter has it any more.
Result<void> BatchWriter::forgetError(std::int64_t error) {
    std::int64_t cause = 0;
    {
        const StatementUse look(statement(Sql::CauseOfError));
        const Result<bool> row = look->bind(error).step();
        if (!row || !*row) {
            return row ? Result<void>() : fail(row.error());
        }
        cause = look->integer(0);
    }
    Result<void> done = statement(Sql::DropError).bind(error).run();
    return done ? statement(Sql::DropCause).bind(cause).run() : done;
}

} // namespace dashstream::store
