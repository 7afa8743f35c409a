// BatchWriter's part for dead letters that come in from outside.
#include "core/store/batch_writer_sql.h"

namespace dashstream::store {

/// Whole, with what a letter that just died cannot have.
Result<void> BatchWriter::write(const op::ImportDead& import) {
    const DeadLetter& letter = import.letter;
    Result<void> done = write(op::PutDead{letter});
    done = done ? write(op::SetDeadCopy{letter.id, letter.copyState, letter.copyCode, letter.copyError, letter.copyAt})
                : done;
    Statement& settled = statement(Sql::SetSettled)
                             .bind(letter.id.value)
                             .bind(letter.settledAt)
                             .bindText(letter.settledBy)
                             .bindText(letter.settleReason);
    return done ? runOnExisting(settled, "dead letter", letter.id.value) : done;
}

} // namespace dashstream::store
