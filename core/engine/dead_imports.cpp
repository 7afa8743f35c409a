#include "core/engine/dead_imports.h"

#include "core/store/dead_import.h"

#include <algorithm>

namespace dashstream::engine {

namespace {

bool isOpen(const store::DeadLetter& letter) {
    return letter.state == store::DeadState::Open || letter.state == store::DeadState::Resending;
}

std::optional<Error> whyNot(std::size_t count, const StoreGateway& gateway) {
    if (count == 0) {
        return Error{ErrorClass::Usage, "import.nothing", "There is no dead letter to import", "Give at least one."};
    }
    if (count > kImportedAtOnce) {
        return Error{ErrorClass::Usage, "import.too_many",
                     std::to_string(count) + " dead letters are too many for one request",
                     "Ask for at most " + std::to_string(kImportedAtOnce) + " at once."};
    }
    return gateway.trouble(); // a page that waits for the disk is not told apart from one that is lost
}

} // namespace

void DeadImports::take(ImportRequest request, const std::function<void(Result<ImportOutcome>)>& done) {
    if (auto problem = whyNot(request.letters.size(), m_state.gateway)) {
        done(fail(std::move(*problem)));
        return;
    }
    const std::size_t all = request.letters.size();
    if (auto kept = store::leaveOutKnown(request.letters, m_reader, m_state.gateway.unwrittenDead()); !kept) {
        done(fail(kept.error()));
        return;
    }
    const ImportOutcome outcome{request.letters.size(), all - request.letters.size()};
    if (outcome.imported == 0) {
        m_state.gateway.whenDurable([outcome, done] { done(outcome); }); // those that are on their way count as known
        return;
    }
    const auto open = static_cast<std::uint64_t>(std::ranges::count_if(request.letters, isOpen));
    const auto discarded = static_cast<std::uint64_t>(
        std::ranges::count(request.letters, store::DeadState::Discarded, &store::DeadLetter::state));
    for (store::DeadLetter& letter : request.letters) {
        letter.id = m_state.nextDead;
        m_state.nextDead = m_state.nextDead.next();
        m_state.gateway.add(store::op::ImportDead{std::move(letter)});
    }
    m_state.gateway.add(store::op::AppendAudit{store::importEntry(m_state.clock.utcNow(), request.requestedBy,
                                                                  request.file, outcome.imported, outcome.known)});
    m_state.events.note(Urgency::Notice, std::to_string(outcome.imported) + " dead letters are imported from " +
                                             request.file + " by " + request.requestedBy);
    m_state.gateway.whenDurable([this, open, discarded, outcome, done] {
        enter(open, discarded);
        done(outcome);
    });
}

/// As a start would find them: those that were sent again are no business of the books.
void DeadImports::enter(std::uint64_t open, std::uint64_t discarded) {
    m_state.ledger.carryIn(0, 0, open, discarded);
    ++m_state.deadRevision;
}

void DeadImports::noteExport(const ExportNote& note, const std::function<void(Result<void>)>& done) {
    m_state.gateway.add(store::op::AppendAudit{
        store::exportEntry(m_state.clock.utcNow(), note.requestedBy, note.file, note.filter, note.chosen, note.count)});
    m_state.gateway.whenDurable([done] { done({}); });
}

} // namespace dashstream::engine
