// Fills the full-text index behind the store, on a thread of its own that gives way: half of its time it waits, and
// longer while the store has much to write. Opened by whoever holds the store, closed before it; close() waits for the
// few hundred letters under way.
#pragma once

#include "core/base/result.h"

#include <filesystem>
#include <functional>
#include <memory>

namespace dashstream::store {

class SearchIndexer {
public:
    struct Parts {
        std::filesystem::path folder;
        std::function<bool()> busy;             ///< the store has much to write; any thread; empty: never
        std::function<void(const Error&)> told; ///< of a failure, once a kind; on its thread; may be empty
    };

    /// Nothing fails here: what cannot be read or written is told of, and tried again.
    explicit SearchIndexer(Parts parts);
    ~SearchIndexer();
    SearchIndexer(const SearchIndexer&) = delete;
    SearchIndexer& operator=(const SearchIndexer&) = delete;

    void close();

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace dashstream::store
