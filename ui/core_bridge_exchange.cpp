// The bridge's part for dead letters in files: reading, checking and writing them has a thread of its own; pages of an
// import go to the engine one by one, each when the one before is durable.
#include "core/engine/engine.h"
#include "core/exchange/atomic_file.h"
#include "core/exchange/export_letters.h"
#include "core/exchange/import_pages.h"
#include "core/store/reader.h"
#include "ui/core_bridge.h"

#include <QCoreApplication>
#include <QPointer>
#include <QThreadPool>

#include <future>

namespace dashstream::ui {
namespace {

constexpr milliseconds kLookEvery{50};

void onGuiThread(std::function<void()> call) {
    QMetaObject::invokeMethod(QCoreApplication::instance(), std::move(call), Qt::QueuedConnection);
}

template <typename T>
std::future<Result<T>> futureOf(std::function<void(Result<T>)>& done) {
    auto told = std::make_shared<std::promise<Result<T>>>();
    done = [told](Result<T> result) { told->set_value(std::move(result)); };
    return told->get_future();
}

/// What the engine answers; an engine that ends, or whose disk is full, does not.
template <typename T>
Result<T> waitFor(std::future<Result<T>> future, const CancelToken& cancel) {
    while (future.wait_for(kLookEvery) != std::future_status::ready) {
        if (cancel.cancelled()) {
            return fail(ErrorClass::Cancelled, "exchange.cancelled", "It was cancelled while the store was writing");
        }
    }
    return future.get();
}

std::string localName(const QString& file) {
    return file.toLocal8Bit().toStdString();
}

struct Told {
    std::function<void(ExchangeProgress)> progress;
    CancelToken cancel;
};

Result<exchange::ExportOutcome> exportNow(const Backend& backend, const DeadExport& request, const Told& told) {
    auto reader = store::StoreReader::open(backend.dataFolder);
    auto file = exchange::AtomicFile::open(localName(request.file), true);
    if (!reader || !file) {
        return fail(reader ? file.error() : reader.error());
    }
    exchange::ExportHooks hooks;
    hooks.cancel = told.cancel;
    hooks.write = [&file](std::string_view lines) { return file->write(lines); };
    hooks.progress = [&told](const exchange::ExportProgress& at) {
        told.progress({ExchangeKind::Export, at.done, at.total});
    };
    auto outcome = exchange::exportLetters(**reader, request.letters, hooks);
    if (!outcome) {
        return outcome;
    }
    if (auto committed = file->commit(); !committed) {
        return fail(committed.error());
    }
    std::function<void(Result<void>)> done;
    auto noted = futureOf(done);
    backend.parts.engine->noteExport({localName(request.file), request.filter.toStdString(),
                                      request.chosen.toStdString(), outcome->exported, backend.user},
                                     done);
    auto written = waitFor(std::move(noted), told.cancel);
    return written ? outcome : Result<exchange::ExportOutcome>(fail(written.error()));
}

Result<exchange::ImportCheck> checkNow(const Backend& backend, const QString& name, const Told& told) {
    auto reader = store::StoreReader::open(backend.dataFolder);
    auto file = exchange::LetterFile::open(localName(name), told.cancel);
    if (!reader || !file) {
        return fail(reader ? file.error() : reader.error());
    }
    exchange::CheckHooks hooks;
    hooks.cancel = told.cancel;
    hooks.progress = [&told](const exchange::ImportProgress& at) {
        told.progress({ExchangeKind::Check, at.readBytes, at.totalBytes});
    };
    return exchange::checkImport(*file, reader->get(), hooks);
}

Result<exchange::ImportOutcome> importNow(const Backend& backend, const QString& name, bool leaveOutWrong,
                                          const Told& told) {
    auto file = exchange::LetterFile::open(localName(name), told.cancel);
    if (!file) {
        return fail(file.error());
    }
    exchange::ImportHooks hooks;
    hooks.cancel = told.cancel;
    hooks.leaveOutWrong = leaveOutWrong;
    hooks.progress = [&told](const exchange::ImportProgress& at) {
        told.progress({ExchangeKind::Import, at.readBytes, at.totalBytes});
    };
    hooks.write = [&](std::vector<store::DeadLetter> page) -> Result<exchange::PageOutcome> {
        std::function<void(Result<engine::ImportOutcome>)> done;
        auto answer = futureOf(done);
        backend.parts.engine->importDead({std::move(page), localName(name), backend.user}, done);
        const auto outcome = waitFor(std::move(answer), told.cancel);
        if (!outcome) {
            return fail(outcome.error());
        }
        return exchange::PageOutcome{outcome->imported, outcome->known};
    };
    return exchange::importPages(*file, hooks);
}

bool isCancelled(const std::optional<Error>& error) {
    return error && error->errorClass == ErrorClass::Cancelled;
}

ExchangeEnd failedEnd(ExchangeKind kind, const QString& file, const Error& error) {
    ExchangeEnd end{kind, file, 0, 0, 0, error.errorClass == ErrorClass::Cancelled, std::nullopt};
    if (!end.cancelled) {
        end.error = error;
    }
    return end;
}

ExchangeEnd endOf(const QString& file, const exchange::ImportOutcome& outcome) {
    ExchangeEnd end{ExchangeKind::Import, file, outcome.imported, outcome.known, outcome.wrong, outcome.cancelled,
                    outcome.stoppedBy};
    if (isCancelled(end.error)) {
        end.error.reset();
        end.cancelled = true;
    }
    return end;
}

} // namespace

void CoreBridge::runExchange(std::function<OnGui(const Backend& backend, const CancelToken& cancel)> task) {
    if (!attached() || m_closing) {
        return;
    }
    m_exchangeCancel = CancelToken();
    m_exchange->start([self = QPointer<CoreBridge>(this), backend = m_backend, task = std::move(task),
                       cancel = m_exchangeCancel]() mutable {
        auto then = task(*backend, cancel);
        backend.reset(); // close() waits for this thread, and whoever lets go last must not be it
        onGuiThread([self, then = std::move(then)] {
            if (self) {
                then(*self);
            }
        });
    });
}

std::function<void(ExchangeProgress)> CoreBridge::progressTeller() {
    return [self = QPointer<CoreBridge>(this)](const ExchangeProgress& progress) {
        onGuiThread([self, progress] {
            if (self) {
                Q_EMIT self->exchangeProgress(progress);
            }
        });
    };
}

void CoreBridge::exportDead(const DeadExport& request) {
    runExchange([request, tell = progressTeller()](const Backend& backend, const CancelToken& cancel) -> OnGui {
        const auto outcome = exportNow(backend, request, {tell, cancel});
        ExchangeEnd end = outcome ? ExchangeEnd{ExchangeKind::Export, request.file, outcome->exported, 0, 0, false, {}}
                                  : failedEnd(ExchangeKind::Export, request.file, outcome.error());
        return [end = std::move(end)](CoreBridge& bridge) { Q_EMIT bridge.exchangeEnded(end); };
    });
}

void CoreBridge::checkImport(const QString& file) {
    runExchange([file, tell = progressTeller()](const Backend& backend, const CancelToken& cancel) -> OnGui {
        auto check = checkNow(backend, file, {tell, cancel});
        if (!check) {
            return [end = failedEnd(ExchangeKind::Check, file, check.error())](CoreBridge& bridge) {
                Q_EMIT bridge.exchangeEnded(end);
            };
        }
        return [preview = ImportPreview{file, std::move(*check)}](CoreBridge& bridge) {
            Q_EMIT bridge.importChecked(preview);
        };
    });
}

void CoreBridge::importDead(const QString& file, bool leaveOutWrong) {
    runExchange(
        [file, leaveOutWrong, tell = progressTeller()](const Backend& backend, const CancelToken& cancel) -> OnGui {
            const auto outcome = importNow(backend, file, leaveOutWrong, {tell, cancel});
            const ExchangeEnd end =
                outcome ? endOf(file, *outcome) : failedEnd(ExchangeKind::Import, file, outcome.error());
            return [end](CoreBridge& bridge) { Q_EMIT bridge.exchangeEnded(end); };
        });
}

void CoreBridge::cancelExchange() {
    m_exchangeCancel.cancel();
}

} // namespace dashstream::ui
