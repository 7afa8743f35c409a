// Opening: a new store, one that is held, one from the future, and files that are none.
#include "core/store/migrations.h"
#include "tests/core/store/child_process.h"
#include "tests/core/store/sample_rows.h"
#include "tests/core/store/store_support.h"

#include <gmock/gmock.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include <fstream>

namespace dashstream::store::test {
namespace {

using ::testing::HasSubstr;

void runSql(const std::filesystem::path& file, const std::string& sql) {
    sqlite3* handle = nullptr;
    ASSERT_EQ(sqlite3_open(file.c_str(), &handle), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(handle, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(handle);
    sqlite3_close(handle);
}

unsigned modeOf(const std::filesystem::path& path) {
    struct stat status {};
    EXPECT_EQ(::stat(path.c_str(), &status), 0) << path;
    return status.st_mode & 0777U;
}

Error openError(const std::filesystem::path& folder) {
    const auto store = Store::open(folder);
    EXPECT_FALSE(store);
    return store ? Error{} : store.error();
}

TEST(StoreOpen, NewStoreHasTheLatestVersionAndReopeningKeepsIt) {
    const TempFolder folder;

    EXPECT_EQ(openStore(folder.data())->summary().schemaVersion, latestVersion());
    EXPECT_EQ(openStore(folder.data())->summary().schemaVersion, latestVersion());
}

TEST(StoreOpen, NobodyElseMayReadIt) {
    const TempFolder folder;
    const mode_t before = ::umask(0);
    const auto store = openStore(folder.data() / "deep");
    expectStored(store->commit(batchOf(op::PutRetry{sampleRetry(1)})));
    ::umask(before);

    EXPECT_EQ(modeOf(folder.data() / "deep"), 0700U);
    for (const char* name : {"store.db", "store.db-wal", "store.db-shm", "lock"}) {
        EXPECT_EQ(modeOf(folder.data() / "deep" / name), 0600U) << name;
    }
}

TEST(StoreOpen, CloseLeavesOneFileWithEverything) {
    const TempFolder folder;
    const auto store = openStore(folder.data());
    expectStored(store->commit(batchOf(op::PutRetry{sampleRetry(1)})));

    store->close();
    store->close();

    EXPECT_FALSE(std::filesystem::exists(folder.data() / "store.db-wal"));
    EXPECT_FALSE(isHeld(folder.data()));
    const auto late = store->commit(batchOf(op::PutRetry{sampleRetry(2)}));
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().code, "store.closed");
    EXPECT_EQ(openReader(folder.data())->counts()->retries, 1);
}

TEST(StoreOpen, SecondProcessIsRefusedByName) {
    const TempFolder folder;
    ChildProcess holder([&](int pipe) {
        const auto store = Store::open(folder.data());
        ChildProcess::tell(pipe, store ? 1 : 0);
        return ::pause();
    });
    ASSERT_EQ(holder.next(), 1);

    const Error refused = openError(folder.data());

    EXPECT_EQ(refused.code, "store.locked");
    EXPECT_EQ(refused.errorClass, ErrorClass::Usage);
    EXPECT_THAT(refused.message, HasSubstr("process " + std::to_string(holder.pid())));
    EXPECT_TRUE(isHeld(folder.data()));
    EXPECT_NE(openReader(folder.data()), nullptr); // reading works beside it

    holder.kill();
    EXPECT_FALSE(isHeld(folder.data()));
    EXPECT_NE(openStore(folder.data()), nullptr);
}

TEST(StoreOpen, SameProcessIsRefusedToo) {
    const TempFolder folder;
    EXPECT_FALSE(isHeld(folder.data()));
    const auto store = openStore(folder.data());

    EXPECT_EQ(openError(folder.data()).code, "store.locked");
    EXPECT_TRUE(isHeld(folder.data()));
}

TEST(StoreOpen, StoreFromTheFutureIsRefusedUntouched) {
    const TempFolder folder;
    openStore(folder.data())->close();
    const std::string future = std::to_string(latestVersion() + 1);
    runSql(folder.data() / "store.db", "PRAGMA user_version = " + future);

    const Error refused = openError(folder.data());

    EXPECT_EQ(refused.code, "store.future_version");
    EXPECT_EQ(refused.errorClass, ErrorClass::Usage);
    EXPECT_THAT(refused.message, HasSubstr("version " + future));
    EXPECT_THAT(refused.message, HasSubstr("up to " + std::to_string(latestVersion())));
    EXPECT_FALSE(isHeld(folder.data()));
    const auto reader = StoreReader::open(folder.data());
    ASSERT_FALSE(reader);
    EXPECT_EQ(reader.error().code, "store.future_version");
}

TEST(StoreOpen, ForeignDatabaseIsRefusedUntouched) {
    const TempFolder folder;
    std::filesystem::create_directory(folder.data());
    runSql(folder.data() / "store.db", "CREATE TABLE theirs (x); INSERT INTO theirs VALUES (1)");

    EXPECT_EQ(openError(folder.data()).code, "store.not_a_store");
    runSql(folder.data() / "store.db", "SELECT x FROM theirs; CREATE TABLE again (x)");
    const auto reader = StoreReader::open(folder.data());
    ASSERT_FALSE(reader);
    EXPECT_EQ(reader.error().code, "store.not_a_store");
}

TEST(StoreOpen, TextFileIsRefusedUntouched) {
    const TempFolder folder;
    std::filesystem::create_directory(folder.data());
    const std::string text(5000, 'x');
    std::ofstream(folder.data() / "store.db") << text;

    EXPECT_EQ(openError(folder.data()).code, "store.not_a_store");
    std::ifstream file(folder.data() / "store.db");
    EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), text);
}

TEST(StoreOpen, DamageIsNamed) {
    const TempFolder folder;
    {
        const auto store = openStore(folder.data());
        expectStored(store->commit(manyOf<op::PutRetry>(1, 500, [](auto n) { return sampleRetry(n); })));
    }
    {
        std::fstream file(folder.data() / "store.db", std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(8192); // behind the first page: header and schema stay
        file << std::string(static_cast<std::size_t>(std::filesystem::file_size(folder.data() / "store.db")) - 8192,
                            '\x5a');
    }
    EXPECT_EQ(openError(folder.data()).code, "store.corrupt");
}

TEST(StoreOpen, PathThatCannotHoldAStoreIsNamed) {
    const TempFolder folder;
    std::ofstream(folder.path() / "file") << "x";
    std::filesystem::create_directories(folder.data() / "store.db");

    const Error isFile = openError(folder.path() / "file");
    const Error belowFile = openError(folder.path() / "file" / "below");
    const Error isFolder = openError(folder.data());

    for (const Error& error : {isFile, belowFile, isFolder}) {
        EXPECT_EQ(error.code, "store.cannot_open");
        EXPECT_EQ(error.errorClass, ErrorClass::Local);
        EXPECT_THAT(error.message, HasSubstr(folder.path().string()));
        EXPECT_FALSE(error.remedy.empty());
    }
}

TEST(StoreOpen, ReaderOfNothingSaysSo) {
    const TempFolder folder;
    std::filesystem::create_directory(folder.data());

    const auto noFolder = StoreReader::open(folder.path() / "nowhere");
    const auto noFile = StoreReader::open(folder.data());
    std::ofstream(folder.data() / "store.db").flush();
    const auto emptyFile = StoreReader::open(folder.data());

    ASSERT_FALSE(noFolder);
    EXPECT_EQ(noFolder.error().code, "store.missing");
    ASSERT_FALSE(noFile);
    EXPECT_EQ(noFile.error().code, "store.missing");
    ASSERT_FALSE(emptyFile);
    EXPECT_EQ(emptyFile.error().code, "store.missing");
}

} // namespace
} // namespace dashstream::store::test
