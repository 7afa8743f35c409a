#include "core/store/search_indexer.h"

#include "core/store/search_file.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace dashstream::store {

namespace {
using std::chrono::steady_clock;

constexpr std::size_t kAtOnce = 200; ///< letters in one commit of the index: some 20 ms
constexpr milliseconds kLookEvery{500};
constexpr milliseconds kBusyWait{200};
constexpr milliseconds kAfterFailure{10'000};
constexpr int kNice = 10;
constexpr std::chrono::minutes kTidyEvery{10};
constexpr std::int64_t kQuick = 20'000; ///< letters that are read anew in seconds, and found meanwhile by reading them
constexpr std::int64_t kGoneShare = 10; ///< with more letters: begun anew once one of so many is gone

void giveWay() {
    // Of this thread alone, as Linux has it. Where it is refused the thread is only less polite.
    static_cast<void>(setpriority(PRIO_PROCESS, static_cast<id_t>(syscall(SYS_gettid)), kNice));
}
} // namespace

struct SearchIndexer::Impl {
    explicit Impl(Parts given) : parts(std::move(given)) {}

    void run();
    /// Opens what it needs. False: not now.
    bool ready();
    /// How long to wait then; nothing: all is in the index.
    Result<std::optional<milliseconds>> step();
    /// Begins anew where words of letters that are gone are not worth keeping.
    Result<void> tidy();
    void failed(const Error& error);
    void pause(milliseconds time);

    Parts parts;
    std::unique_ptr<StoreReader> reader;
    std::optional<SearchFile> index;
    steady_clock::time_point tidyAt{}; ///< the first time at once
    std::string toldOf;                ///< code of the last failure

    std::mutex mutex; ///< guards closing
    std::condition_variable wake;
    bool closing = false;
    std::thread thread;
};

void SearchIndexer::Impl::pause(milliseconds time) {
    std::unique_lock lock(mutex);
    wake.wait_for(lock, time, [this] { return closing; });
}

void SearchIndexer::Impl::failed(const Error& error) {
    if (parts.told && toldOf != error.code) {
        parts.told(error);
    }
    toldOf = error.code;
    index.reset(); // opened anew, and made anew if it is broken
    pause(kAfterFailure);
}

bool SearchIndexer::Impl::ready() {
    if (!reader) {
        auto opened = StoreReader::open(parts.folder);
        if (!opened) {
            failed(opened.error());
            return false;
        }
        reader = std::move(*opened);
    }
    if (!index) {
        const auto identity = reader->identity();
        if (!identity) {
            failed(identity.error());
            return false;
        }
        auto opened = SearchFile::open(parts.folder, identity->store, identity->nextDead);
        if (!opened) {
            failed(opened.error());
            return false;
        }
        index.emplace(std::move(*opened));
    }
    return true;
}

Result<void> SearchIndexer::Impl::tidy() {
    tidyAt = steady_clock::now() + kTidyEvery;
    const Result<SearchState> state = reader->searchState();
    if (!state) {
        return fail(state.error());
    }
    const std::int64_t there = state->total - state->missing;
    const std::int64_t gone = index->letters() - there;
    const bool worthIt = gone > 0 && (there <= kQuick || gone >= there / kGoneShare);
    return worthIt ? index->clear() : Result<void>();
}

Result<std::optional<milliseconds>> SearchIndexer::Impl::step() {
    const auto before = steady_clock::now();
    if (before >= tidyAt) {
        if (Result<void> tidied = tidy(); !tidied) {
            return fail(tidied.error());
        }
    }
    auto documents = reader->searchDocuments(index->upTo(), kAtOnce);
    if (!documents) {
        return fail(documents.error());
    }
    if (documents->empty()) {
        return std::optional<milliseconds>();
    }
    if (Result<void> added = index->add(*documents, documents->back().letter); !added) {
        return fail(added.error());
    }
    toldOf.clear();
    const auto took = std::chrono::duration_cast<milliseconds>(steady_clock::now() - before);
    return std::optional(std::max(took, milliseconds(1)));
}

void SearchIndexer::Impl::run() {
    giveWay();
    for (;;) {
        {
            const std::lock_guard lock(mutex);
            if (closing) {
                return;
            }
        }
        if (parts.busy && parts.busy()) {
            pause(kBusyWait);
        } else if (ready()) {
            const auto done = step();
            if (!done) {
                failed(done.error());
            } else {
                pause(done->value_or(kLookEvery));
            }
        }
    }
}

SearchIndexer::SearchIndexer(Parts parts) : m_impl(std::make_unique<Impl>(std::move(parts))) {
    m_impl->thread = std::thread([impl = m_impl.get()] { impl->run(); });
}

SearchIndexer::~SearchIndexer() {
    close();
}

void SearchIndexer::close() {
    {
        const std::lock_guard lock(m_impl->mutex);
        m_impl->closing = true;
    }
    m_impl->wake.notify_all();
    if (m_impl->thread.joinable()) {
        m_impl->thread.join();
    }
}

} // namespace dashstream::store
