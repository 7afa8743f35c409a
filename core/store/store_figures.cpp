#include "core/store/store_figures.h"

#include <system_error>

namespace dashstream::store {

void measureSizes(const std::filesystem::path& database, StoreFigures& figures) {
    std::error_code failed;
    const auto data = std::filesystem::file_size(database, failed);
    if (failed) {
        return;
    }
    const auto log = std::filesystem::file_size(database.string() + "-wal", failed);
    figures.bytes = data + (failed ? 0 : log); // no log: it was just emptied
    const auto disk = std::filesystem::space(database.parent_path(), failed);
    if (!failed) {
        figures.freeBytes = disk.available;
        figures.measured = true;
    }
}

} // namespace dashstream::store
