// Runs reads on one thread of its own, so that whoever asks (the GUI) never touches the disk. Opened and closed by the
// composition root; close() cancels what waits and joins after the read that runs.
#pragma once

#include "core/store/reader.h"

#include <filesystem>
#include <functional>
#include <memory>

namespace dashstream::store {

class QueryService {
public:
    using Query = std::function<void(StoreReader& reader)>;

    [[nodiscard]] static Result<std::unique_ptr<QueryService>> start(const std::filesystem::path& folder);
    ~QueryService();
    QueryService(const QueryService&) = delete;
    QueryService& operator=(const QueryService&) = delete;

    /// Any thread; `query` runs later on the reader thread, in order of arrival, unless `cancel` is set by then.
    /// It must hand its result on by itself (the GUI's bridge posts it to the event loop).
    /// A query that passes `cancel` on to its reads ends soon after it is set, and so does close().
    void post(Query query, CancelToken cancel = {});
    void close();

private:
    QueryService();
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace dashstream::store
