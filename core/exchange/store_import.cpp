#include "core/exchange/store_import.h"

#include "core/store/dead_import.h"

namespace dashstream::exchange {

StoreImport::StoreImport(store::Store& store, const Clock& clock, std::unique_ptr<store::StoreReader> reader,
                         std::string file, std::string user)
    : m_store(store), m_clock(clock), m_reader(std::move(reader)), m_file(std::move(file)), m_user(std::move(user)),
      m_next(store.summary().nextDead) {}

Result<std::unique_ptr<StoreImport>> StoreImport::open(store::Store& store, const Clock& clock, std::string file,
                                                       std::string user) {
    auto reader = store::StoreReader::open(store.databasePath().parent_path());
    if (!reader) {
        return fail(reader.error());
    }
    return std::unique_ptr<StoreImport>(
        new StoreImport(store, clock, std::move(*reader), std::move(file), std::move(user)));
}

Result<PageOutcome> StoreImport::write(std::vector<store::DeadLetter> page) {
    const std::size_t all = page.size();
    if (auto kept = store::leaveOutKnown(page, *m_reader); !kept) {
        return fail(kept.error());
    }
    const PageOutcome outcome{page.size(), all - page.size()};
    if (page.empty()) {
        return outcome;
    }
    store::WriteBatch batch;
    for (store::DeadLetter& letter : page) {
        letter.id = m_next;
        m_next = m_next.next();
        batch.add(store::op::ImportDead{std::move(letter)});
    }
    batch.add(
        store::op::AppendAudit{store::importEntry(m_clock.utcNow(), m_user, m_file, outcome.imported, outcome.known)});
    if (auto written = m_store.commit(std::move(batch)); !written) {
        return fail(written.error());
    }
    return outcome;
}

} // namespace dashstream::exchange
