// Which dead letters are there, by what they are and not by their number.
#include "core/store/reader_impl.h"
#include "core/store/row_io.h"

namespace dashstream::store {

namespace {

/// As the index over hex(message_id) has it.
std::string upperHex(const MessageId& id) {
    static constexpr char kDigits[] = "0123456789ABCDEF";
    std::string hex;
    for (const std::uint8_t byte : id.bytes) {
        hex += kDigits[byte >> 4U];
        hex += kDigits[byte & 0x0FU];
    }
    return hex;
}

} // namespace

Result<std::vector<bool>> StoreReader::deadKnown(std::span<const DeadIdentity> letters) {
    const Result<Transaction> transaction = Transaction::begin(m_impl->database, Transaction::Kind::Read);
    if (!transaction) {
        return fail(transaction.error());
    }
    const Result<Statement*> query = m_impl->statement(
        "SELECT 1 FROM dead_letters WHERE hex(message_id) = ? AND thread = ? AND sequence = ? LIMIT 1");
    if (!query) {
        return fail(query.error());
    }
    std::vector<bool> known;
    known.reserve(letters.size());
    for (const DeadIdentity& letter : letters) {
        const StatementUse use(**query);
        const Result<bool> row =
            use->bindText(upperHex(letter.id)).bindText(letter.thread).bind(toColumn(letter.sequence.value)).step();
        if (!row) {
            return fail(row.error());
        }
        known.push_back(*row);
    }
    return known;
}

} // namespace dashstream::store
