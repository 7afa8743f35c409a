// Pages of letters into a store that this process holds alone, without an engine. Each page is one commit with its
// entry in the audit log. One thread; every call waits for the disk.
#pragma once

#include "core/base/clock.h"
#include "core/exchange/import_pages.h"
#include "core/store/store.h"

#include <memory>
#include <string>
#include <vector>

namespace dashstream::exchange {

class StoreImport {
public:
    /// `store` and `clock` must outlive it. `file`: for the audit log. Errors: of the store.
    [[nodiscard]] static Result<std::unique_ptr<StoreImport>> open(store::Store& store, const Clock& clock,
                                                                   std::string file, std::string user);

    [[nodiscard]] Result<PageOutcome> write(std::vector<store::DeadLetter> page);

private:
    StoreImport(store::Store& store, const Clock& clock, std::unique_ptr<store::StoreReader> reader, std::string file,
                std::string user);

    store::Store& m_store;
    const Clock& m_clock;
    std::unique_ptr<store::StoreReader> m_reader;
    std::string m_file;
    std::string m_user;
    DeadLetterId m_next;
};

} // namespace dashstream::exchange
