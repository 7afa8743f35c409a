// The bridge's part for discarding and restoring dead letters: the engine gets page after page, each when the one
// before is durable, so that it can be stopped between any two.
#include "core/engine/engine.h"
#include "ui/core_bridge.h"

#include <QCoreApplication>
#include <QPointer>

#include <algorithm>
#include <span>

namespace dashstream::ui {

struct CoreBridge::ChangeRun {
    QPointer<CoreBridge> bridge;
    std::shared_ptr<Backend> backend;
    store::DeadChange whole; ///< with all letters
    std::size_t at = 0;
    DeadProgress progress;
    CancelToken cancel;
};

void CoreBridge::changeDead(const store::DeadChange& change) {
    if (!attached() || m_closing || m_change || change.letters.empty()) {
        return;
    }
    const auto run = std::make_shared<ChangeRun>();
    run->bridge = this;
    run->backend = m_backend;
    run->whole = change;
    run->whole.by = m_backend->user;
    run->whole.total = change.letters.size();
    run->progress.action = change.action;
    run->progress.total = change.letters.size();
    run->progress.running = true;
    m_change = run;
    Q_EMIT deadChangeProgress(run->progress);
    changeNext(run);
}

void CoreBridge::cancelDeadChange() {
    if (m_change) {
        m_change->cancel.cancel();
    }
}

void CoreBridge::changeNext(const std::shared_ptr<ChangeRun>& run) {
    const std::vector<DeadLetterId>& all = run->whole.letters;
    const bool stopped = run->cancel.cancelled() || run->bridge->m_closing;
    if (stopped || run->at >= all.size() || run->progress.error) {
        run->progress.running = false;
        run->progress.cancelled = stopped && run->at < all.size();
        run->bridge->m_change.reset();
        Q_EMIT run->bridge->deadChangeProgress(run->progress);
        return;
    }
    const auto page = std::span(all).subspan(run->at, std::min(store::kChangedAtOnce, all.size() - run->at));
    store::DeadChange part{run->whole.action, {page.begin(), page.end()}, run->whole.reason,
                           run->whole.by,     run->whole.filter,          run->at,
                           run->whole.total};
    run->at += page.size();
    run->backend->parts.engine->changeDead(std::move(part), [run](Result<store::DeadChanged> changed) {
        QMetaObject::invokeMethod(
            QCoreApplication::instance(),
            [run, changed = std::move(changed)] {
                if (!run->bridge) {
                    return;
                }
                if (changed) {
                    run->progress.done += *changed;
                    Q_EMIT run->bridge->deadChangeProgress(run->progress);
                } else {
                    run->progress.error = changed.error();
                    Q_EMIT run->bridge->commandFailed(changed.error());
                }
                changeNext(run);
            },
            Qt::QueuedConnection);
    });
}

} // namespace dashstream::ui
