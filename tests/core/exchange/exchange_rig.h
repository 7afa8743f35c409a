// A store to export from, a store to import into, and a file between them.
#pragma once

#include "core/exchange/export_letters.h"
#include "core/exchange/letter_line.h"
#include "core/exchange/store_import.h"
#include "tests/core/exchange/random_letter.h"
#include "tests/core/store/store_support.h"

#include <fstream>
#include <sstream>

namespace dashstream::exchange::test {

using store::test::openReader;
using store::test::openStore;
using store::test::TempFolder;

inline void fill(const std::filesystem::path& folder, int letters, std::uint64_t seed = 1) {
    source::Random random(seed);
    const auto store = openStore(folder);
    store::WriteBatch batch;
    for (int number = 1; number <= letters; ++number) {
        store::DeadLetter letter = randomLetter(random);
        letter.id = DeadLetterId(number);
        batch.add(store::op::ImportDead{std::move(letter)});
    }
    store::test::expectStored(store->commit(std::move(batch)));
}

inline std::vector<DeadLetterId> allIds(store::StoreReader& reader) {
    store::DeadQuery query;
    query.openOnly = false;
    query.sortBy = store::DeadQuery::Column::Id;
    query.order = store::SortOrder::Ascending;
    return reader.deadIds(query).value();
}

inline std::string exported(const std::filesystem::path& folder) {
    const auto reader = openReader(folder);
    std::string text;
    ExportHooks hooks;
    hooks.write = [&text](std::string_view lines) {
        text += lines;
        return Result<void>();
    };
    const auto outcome = exportLetters(*reader, allIds(*reader), hooks);
    EXPECT_TRUE(outcome) << (outcome ? "" : outcome.error().text());
    return text;
}

inline std::string fileWith(const TempFolder& folder, const std::string& text) {
    const std::string path = (folder.path() / "letters.jsonl").string();
    std::ofstream(path, std::ios::binary) << text;
    return path;
}

inline LetterFile openFile(const std::string& path) {
    auto file = LetterFile::open(path);
    EXPECT_TRUE(file) << (file ? "" : file.error().text());
    return std::move(*file);
}

/// As `dead import` without a holder.
inline ImportOutcome imported(const std::filesystem::path& folder, const std::string& path,
                              bool leaveOutWrong = false) {
    const SystemClock clock;
    const auto store = openStore(folder);
    auto writer = StoreImport::open(*store, clock, path, "ops");
    EXPECT_TRUE(writer) << (writer ? "" : writer.error().text());
    LetterFile file = openFile(path);
    ImportHooks hooks;
    hooks.leaveOutWrong = leaveOutWrong;
    hooks.write = [&writer](std::vector<store::DeadLetter> page) { return (*writer)->write(std::move(page)); };
    return importPages(file, hooks);
}

} // namespace dashstream::exchange::test
