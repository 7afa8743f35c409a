#include "tests/core/config/load_helper.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <fstream>
#include <stdexcept>
#include <system_error>

namespace dashstream::config::test {

Folder::Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "dashstream-config-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) {
        throw std::runtime_error("no temporary folder");
    }
    m_path = name;
}

Folder::~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(m_path, ignored);
}

std::filesystem::path Folder::write(const std::string& name, std::string_view text) const {
    const std::filesystem::path file = m_path / name;
    std::ofstream(file, std::ios::binary) << text;
    std::filesystem::permissions(file, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    return file;
}

Loaded loadFrom(const Input& input) {
    const Folder folder;
    LoadRequest request;
    request.file = folder.write("profile.toml", input.toml);
    request.environment = [&](const std::string& name) -> std::optional<std::string> {
        const auto found = input.environment.find(name);
        return found == input.environment.end() ? std::nullopt : std::optional(found->second);
    };
    request.sets = input.sets;
    auto loaded = load(request);
    if (!loaded) {
        throw std::runtime_error(loaded.error().text());
    }
    return std::move(*loaded);
}

Loaded loadToml(const std::string& toml) {
    return loadFrom({toml, {}, {}});
}

Finding findingOf(const Loaded& loaded, std::string_view key) {
    const auto found = std::find_if(loaded.findings.begin(), loaded.findings.end(),
                                    [&](const Finding& finding) { return finding.key == key; });
    if (found == loaded.findings.end()) {
        throw std::runtime_error("no finding about " + std::string(key) + " in\n" + everythingShown(loaded));
    }
    return *found;
}

bool hasFinding(const Loaded& loaded, std::string_view key) {
    return std::any_of(loaded.findings.begin(), loaded.findings.end(),
                       [&](const Finding& finding) { return finding.key == key; });
}

EffectiveValue valueOf(const Loaded& loaded, std::string_view key) {
    const auto found = std::find_if(loaded.values.begin(), loaded.values.end(),
                                    [&](const EffectiveValue& value) { return value.key == key; });
    if (found == loaded.values.end()) {
        throw std::runtime_error("no value of " + std::string(key));
    }
    return *found;
}

std::string everythingShown(const Loaded& loaded) {
    std::string out;
    for (const Finding& f : loaded.findings) {
        out += f.key + " = " + f.value + ": " + f.rule + ". " + f.remedy + " (" + f.place + ")\n";
    }
    for (const EffectiveValue& v : loaded.values) {
        out += v.key + " = " + v.value + " [" + v.defaultValue + "] " + v.place + "\n";
    }
    return out;
}

} // namespace dashstream::config::test
