// What the store's tests share: a folder that goes away, a store and a reader in it, and batches to write.
#pragma once

#include "core/filter/parse.h"
#include "core/store/store.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <utility>

namespace dashstream::store::test {

/// A new folder under the system's temporary one; removed at the end.
class TempFolder {
public:
    explicit TempFolder(const std::filesystem::path& under = std::filesystem::temp_directory_path()) {
        std::string pattern = (under / "dashstream-store-XXXXXX").string();
        const char* made = ::mkdtemp(pattern.data());
        m_path = made == nullptr ? std::string() : made;
        EXPECT_FALSE(m_path.empty());
    }
    ~TempFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(m_path, ignored);
    }
    TempFolder(const TempFolder&) = delete;
    TempFolder& operator=(const TempFolder&) = delete;

    /// The data folder inside; it does not exist yet.
    [[nodiscard]] std::filesystem::path data() const { return m_path / "data"; }
    [[nodiscard]] const std::filesystem::path& path() const { return m_path; }

private:
    std::filesystem::path m_path;
};

/// Where syncing costs nothing, for tests whose disk is simulated.
inline std::filesystem::path folderInMemory() {
    const std::filesystem::path memory = "/dev/shm";
    return std::filesystem::is_directory(memory) ? memory : std::filesystem::temp_directory_path();
}

inline std::unique_ptr<Store> openStore(const std::filesystem::path& folder, const StoreOptions& options = {}) {
    auto store = Store::open(folder, options);
    EXPECT_TRUE(store) << (store ? "" : store.error().text());
    return store ? std::move(*store) : nullptr;
}

inline std::unique_ptr<StoreReader> openReader(const std::filesystem::path& folder) {
    auto reader = StoreReader::open(folder);
    EXPECT_TRUE(reader) << (reader ? "" : reader.error().text());
    return reader ? std::move(*reader) : nullptr;
}

inline filter::Expression filterOf(const std::string& text) {
    auto read = filter::parse(text, {});
    EXPECT_TRUE(read) << text << ": " << (read ? "" : read.error().text());
    return read ? std::move(*read) : filter::Expression{};
}

template <typename... Ops>
WriteBatch batchOf(Ops... ops) {
    WriteBatch batch;
    (batch.add(std::move(ops)), ...);
    return batch;
}

template <typename Op, typename Make>
WriteBatch manyOf(std::int64_t first, std::int64_t last, Make make) {
    WriteBatch batch;
    for (std::int64_t number = first; number <= last; ++number) {
        batch.add(Op{make(number)});
    }
    return batch;
}

inline void expectStored(const Result<void>& result) {
    EXPECT_TRUE(result) << (result ? "" : result.error().text());
}

} // namespace dashstream::store::test
