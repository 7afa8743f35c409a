// How models and pages ask the store without touching the disk or waiting: a question runs on the reader thread, its
// answer comes back to the GUI thread. The core bridge is the one implementation besides the tests'.
#pragma once

#include "core/base/cancel_token.h"
#include "core/base/result.h"

#include <QObject>
#include <QPointer>

#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

namespace dashstream::store {
class StoreReader;
}

namespace dashstream::ui {

class StoreAccess {
public:
    using Continuation = std::function<void()>;
    /// Runs on the reader thread; what it returns runs on the GUI thread.
    using Work = std::function<Continuation(store::StoreReader& reader)>;

    virtual ~StoreAccess() = default;
    /// GUI thread. Nothing of it happens after `cancel` is set, except what runs at that moment on the reader thread.
    virtual void post(Work work, const CancelToken& cancel) = 0;
};

/// `read(StoreReader&)` gives a Result<T> on the reader thread, `done(Result<T>)` takes it on the GUI thread, unless
/// `receiver` is gone or `cancel` set by then.
template <typename Read, typename Done>
void askStore(StoreAccess& access, QObject* receiver, const CancelToken& cancel, Read read, Done done) {
    access.post(
        [read = std::move(read), done = std::move(done), alive = QPointer<QObject>(receiver),
         cancel](store::StoreReader& reader) -> StoreAccess::Continuation {
            using Answer = std::invoke_result_t<const Read&, store::StoreReader&>;
            auto answer = std::make_shared<Answer>(read(reader));
            return [answer, done, alive, cancel] {
                if (alive && !cancel.cancelled()) {
                    done(std::move(*answer));
                }
            };
        },
        cancel);
}

} // namespace dashstream::ui
