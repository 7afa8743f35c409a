#include "core/observe/rotated_logs.h"

#include <algorithm>
#include <charconv>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace dashstream::observe {

namespace {

/// The number in "stem.number.extension"; 0: it is named otherwise.
unsigned numberOf(std::string_view name, std::string_view stem, std::string_view extension) {
    if (name.size() <= stem.size() + extension.size() + 1 || !name.starts_with(stem) || name[stem.size()] != '.' ||
        !name.ends_with(extension)) {
        return 0;
    }
    name.remove_prefix(stem.size() + 1);
    name.remove_suffix(extension.size());
    unsigned number = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
    return error == std::errc{} && end == name.data() + name.size() ? number : 0;
}

} // namespace

std::vector<std::filesystem::path> rotatedLogs(const std::filesystem::path& file) {
    std::vector<std::pair<unsigned, std::filesystem::path>> found;
    std::error_code failure;
    const auto folder = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
    const std::string stem = file.stem().string();
    const std::string extension = file.extension().string();
    std::filesystem::directory_iterator entry(folder, failure);
    for (; !failure && entry != std::filesystem::directory_iterator(); entry.increment(failure)) {
        const unsigned number = numberOf(entry->path().filename().string(), stem, extension);
        if (number > 0) {
            found.emplace_back(number, entry->path());
        }
    }
    std::ranges::sort(found, [](const auto& one, const auto& other) { return one.first > other.first; });
    std::vector<std::filesystem::path> files;
    files.reserve(found.size() + 1);
    for (auto& [number, path] : found) {
        files.push_back(std::move(path));
    }
    if (std::filesystem::exists(file, failure)) {
        files.push_back(file);
    }
    return files;
}

} // namespace dashstream::observe
