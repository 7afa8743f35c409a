// Loads a configuration from a text, a set of variables and --set, as a test gives them.
#pragma once

#include "core/config/loader.h"

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dashstream::config::test {

/// A folder of its own, removed at the end.
class Folder {
public:
    Folder();
    ~Folder();
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    /// Readable by its owner only.
    std::filesystem::path write(const std::string& name, std::string_view text) const;
    [[nodiscard]] const std::filesystem::path& path() const { return m_path; }

private:
    std::filesystem::path m_path;
};

struct Input {
    std::string toml; ///< of "profile.toml"
    std::map<std::string, std::string> environment;
    std::vector<std::pair<std::string, std::string>> sets;
};

/// Stops the test when load() itself fails.
Loaded loadFrom(const Input& input);
Loaded loadToml(const std::string& toml);

/// The first finding about `key`; stops the test when there is none.
Finding findingOf(const Loaded& loaded, std::string_view key);
bool hasFinding(const Loaded& loaded, std::string_view key);
/// Stops the test when `key` is not shown.
EffectiveValue valueOf(const Loaded& loaded, std::string_view key);
/// All findings and values in one text, to look for what must not be in it.
std::string everythingShown(const Loaded& loaded);

} // namespace dashstream::config::test
