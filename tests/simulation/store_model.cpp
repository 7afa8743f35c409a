#include "tests/simulation/store_model.h"

#include <algorithm>

namespace dashstream::simulation {

void StoreModel::apply(Rows& rows, const store::WriteBatch& batch) {
    for (const store::WriteOp& operation : batch.ops) {
        if (const auto* put = std::get_if<store::op::PutRetry>(&operation)) {
            rows.retries[put->entry.id.value] = put->entry.message.id;
        } else if (const auto* drop = std::get_if<store::op::DropRetry>(&operation)) {
            rows.retries.erase(drop->id.value);
        } else if (const auto* dead = std::get_if<store::op::PutDead>(&operation)) {
            rows.dead[dead->letter.id.value] = dead->letter.message.id;
        } else if (const auto* thread = std::get_if<store::op::PutThread>(&operation)) {
            rows.reserved[thread->record.thread] = thread->record.reservedUntil.value;
        }
    }
}

void StoreModel::committed(const store::WriteBatch& batch) {
    apply(m_rows, batch);
    m_otherwise.reset();
}

void StoreModel::inDoubt(const store::WriteBatch& batch) {
    m_otherwise = m_rows;
    apply(*m_otherwise, batch);
}

bool StoreModel::holds(const MessageId& id) const {
    const auto isIt = [&id](const auto& row) { return row.second == id; };
    return std::any_of(m_rows.retries.begin(), m_rows.retries.end(), isIt) ||
           std::any_of(m_rows.dead.begin(), m_rows.dead.end(), isIt);
}

Result<StoreModel::Rows> StoreModel::read(store::StoreReader& reader) {
    Rows rows;
    const auto retries = reader.retriesAfter(RetryId(0), 100'000);
    const auto dead = reader.deadIds({});
    const auto threads = reader.threadIds({});
    if (!retries || !dead || !threads) {
        return fail(!retries ? retries.error() : !dead ? dead.error() : threads.error());
    }
    for (const store::RetryEntry& entry : *retries) {
        rows.retries[entry.id.value] = entry.message.id;
    }
    for (const DeadLetterId id : *dead) {
        const auto letter = reader.deadLetter(id);
        if (!letter) {
            return fail(letter.error());
        }
        rows.dead[id.value] = letter->message.id;
    }
    const auto records = reader.threadRows(*threads);
    if (!records) {
        return fail(records.error());
    }
    for (const store::ThreadRecord& record : *records) {
        rows.reserved[record.thread] = record.reservedUntil.value;
    }
    return rows;
}

std::string StoreModel::compare(store::StoreReader& reader) {
    const auto found = read(reader);
    if (!found) {
        return "the store cannot be read: " + found.error().text();
    }
    const bool same = *found == m_rows || (m_otherwise && *found == *m_otherwise);
    const auto counts = [](const Rows& rows) {
        return std::to_string(rows.retries.size()) + " retries, " + std::to_string(rows.dead.size()) + " dead";
    };
    std::string text = same ? ""
                            : "the store holds " + counts(*found) + " or other numbers, committed were " +
                                  counts(m_rows) + (m_otherwise ? " or " + counts(*m_otherwise) : "");
    m_rows = *found;
    m_otherwise.reset();
    return text;
}

} // namespace dashstream::simulation
