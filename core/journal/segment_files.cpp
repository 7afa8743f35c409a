#include "core/journal/segment_files.h"

#include <algorithm>
#include <charconv>
#include <cstdio>

namespace dashstream::journal {

namespace {
constexpr std::string_view kSuffix = ".seg";
constexpr std::string_view kFailed = ".failed";
constexpr std::string_view kSpare = "spare-";
constexpr std::size_t kDigits = 16;

std::string digitsOf(Generation generation) {
    std::array<char, kDigits + 1> digits{};
    std::snprintf(digits.data(), digits.size(), "%016llx", static_cast<unsigned long long>(generation.value));
    return digits.data();
}

std::optional<Generation> generationOf(std::string_view name, std::string_view suffix) {
    if (name.size() != kDigits + suffix.size() || !name.ends_with(suffix)) {
        return std::nullopt;
    }
    std::uint64_t value = 0;
    const char* end = name.data() + kDigits;
    const auto [stopped, error] = std::from_chars(name.data(), end, value, 16);
    // No second spelling: a generation has one file.
    if (error != std::errc() || stopped != end || !name.starts_with(digitsOf(Generation{value}))) {
        return std::nullopt;
    }
    return Generation{value};
}
} // namespace

Result<std::vector<FoundSegment>> segmentsIn(const FileLayer& files, const std::filesystem::path& folder) {
    auto names = files.list(folder);
    if (!names) {
        return fail(names.error());
    }
    std::vector<FoundSegment> found;
    for (std::string& name : *names) {
        if (const auto generation = generationOf(name, kSuffix)) {
            found.push_back({*generation, std::move(name)});
        }
    }
    std::sort(found.begin(), found.end(),
              [](const FoundSegment& left, const FoundSegment& right) { return left.generation < right.generation; });
    return found;
}

std::string SegmentFiles::nameOf(Generation generation) {
    return digitsOf(generation) + std::string(kSuffix);
}

Result<std::vector<SegmentFiles::Found>> SegmentFiles::scan() {
    if (auto made = m_files.makeFolder(m_folder); !made) {
        return fail(made.error());
    }
    auto names = m_files.list(m_folder);
    if (!names) {
        return fail(names.error());
    }
    for (const std::string& name : *names) {
        const auto failed = generationOf(name, kFailed);
        if (failed && std::ranges::find(*names, nameOf(*failed)) != names->end()) {
            m_failed.insert(*failed);
        } else if (failed || name.starts_with(kSpare)) {
            // Whether a spare was written to its end is not known.
            if (auto removed = m_files.remove(path(name)); !removed) {
                return fail(removed.error());
            }
        }
    }
    return segmentsIn(m_files, m_folder);
}

Result<std::shared_ptr<File>> SegmentFiles::open(const Found& segment) {
    auto file = m_files.open(path(segment.name));
    if (!file) {
        return fail(file.error());
    }
    return std::shared_ptr<File>(std::move(*file));
}

std::string SegmentFiles::newSpareName() {
    return std::string(kSpare) + std::to_string(++m_spareNumber) + std::string(kSuffix);
}

bool SegmentFiles::wantsSpare() const {
    const std::lock_guard lock(m_mutex);
    return m_spares.size() < kSpares;
}

Result<void> SegmentFiles::prepareSpare() {
    std::string name;
    {
        const std::lock_guard lock(m_mutex);
        if (m_spares.size() >= kSpares) {
            return {};
        }
        name = newSpareName();
    }
    auto file = m_files.create(path(name), m_segmentBytes);
    if (!file) {
        return fail(file.error());
    }
    const std::lock_guard lock(m_mutex);
    m_spares.push_back(std::move(name));
    return {};
}

Result<std::shared_ptr<File>> SegmentFiles::begin(Generation generation, const JournalId& journal, EntryId firstEntry) {
    if (wantsSpare()) {
        std::unique_lock lock(m_mutex);
        const bool none = m_spares.empty();
        lock.unlock();
        if (none) {
            if (auto made = prepareSpare(); !made) {
                return fail(made.error());
            }
        }
    }
    std::string spare;
    {
        const std::lock_guard lock(m_mutex);
        spare = std::move(m_spares.front());
        m_spares.pop_front();
    }
    const std::string name = nameOf(generation);
    if (auto named = m_files.rename(path(spare), path(name)); !named) {
        return fail(named.error());
    }
    if (auto durable = m_files.syncFolder(m_folder); !durable) {
        return fail(durable.error());
    }
    auto file = m_files.open(path(name));
    if (!file) {
        return fail(file.error());
    }
    std::array<std::byte, kBlockBytes> block{};
    writeSegmentHeader({generation, m_segmentBytes, journal, firstEntry}, block);
    if (auto written = (*file)->write(0, block); !written) {
        return fail(written.error());
    }
    return std::shared_ptr<File>(std::move(*file));
}

void SegmentFiles::noteFailed(Generation generation) {
    (void)m_files.create(path(digitsOf(generation) + std::string(kFailed)), 0);
    (void)m_files.syncFolder(m_folder);
}

Result<void> SegmentFiles::retire(Generation generation) {
    const std::string name = nameOf(generation);
    if (!wantsSpare()) {
        return m_files.remove(path(name));
    }
    std::string spare;
    {
        const std::lock_guard lock(m_mutex);
        spare = newSpareName();
    }
    if (auto renamed = m_files.rename(path(name), path(spare)); !renamed) {
        return fail(renamed.error());
    }
    const std::lock_guard lock(m_mutex);
    m_spares.push_back(std::move(spare));
    return {};
}

} // namespace dashstream::journal
