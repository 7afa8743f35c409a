#include "core/config/loader.h"

#include "core/config/apply.h"
#include "core/config/effective_values.h"
#include "core/config/given.h"
#include "core/config/layers.h"
#include "core/config/rules.h"
#include "core/config/small_file.h"
#include "core/config/toml_reader.h"

#include <sys/stat.h>

#include <algorithm>
#include <system_error>

namespace dashstream::config {

namespace {

constexpr std::size_t kLargestFile = 1U << 20U;

bool isThere(const LoadRequest& request) {
    std::error_code ignored;
    return request.file && (request.fileRequired || std::filesystem::exists(*request.file, ignored));
}

Result<TomlDocument> readProfile(const LoadRequest& request, const std::string& fileName, FindingList& findings) {
    const auto text = readSmallFile(*request.file, kLargestFile);
    if (!text) {
        return fail(ErrorClass::Usage, "config.cannot_read",
                    "The configuration file " + request.file->string() + " cannot be read: " + text.error(),
                    "Give the path of a file that this user may read");
    }
    TomlDocument document = readToml(*text);
    if (document.problem) {
        const std::string line = std::to_string(document.problem->line);
        findings.addAt(Rule::FileNotToml, {}, {}, fileName + ":" + line,
                       {document.problem->text, line, std::to_string(document.problem->column)});
    }
    return document;
}

/// A secret that stands in the file itself is readable by whoever may read the file.
void checkFileRights(const LoadRequest& request, const GivenValues& given, FindingList& findings) {
    struct stat status {};
    if (::stat(request.file->c_str(), &status) != 0 || (status.st_mode & (S_IRGRP | S_IROTH)) == 0) {
        return;
    }
    for (const auto& [key, value] : given) {
        const std::string text = value.raw.text();
        const bool reference = text.starts_with("env:") || text.starts_with("file:") || text.starts_with("keyring:");
        if (isSecretKey(key) && !text.empty() && !reference) {
            findings.add(Rule::SecretFileRights, key, {request.file->string()});
        }
    }
}

/// Only where each setting is good by itself: the library names one mistake at a time.
void checkTogether(const LoadRequest& request, const Config& config, FindingList& findings) {
    if (!request.checkClient || findings.hasErrors()) {
        return;
    }
    if (const auto problem = request.checkClient(config)) {
        findings.addAt(Rule::ExtraTogether, "kafka", {}, {}, {*problem});
    }
}

} // namespace

bool Loaded::usable() const {
    return std::none_of(findings.begin(), findings.end(),
                        [](const Finding& finding) { return finding.severity == Severity::Error; });
}

Result<Loaded> load(const LoadRequest& request) {
    GivenValues given;
    FindingList findings(given);
    TomlDocument document;
    const std::string fileName = request.file ? request.file->filename().string() : std::string();
    if (isThere(request)) {
        auto profile = readProfile(request, fileName, findings);
        if (!profile) {
            return fail(profile.error());
        }
        document = std::move(*profile);
        addFileLayer(document, fileName, given, findings);
        checkFileRights(request, given, findings);
    }
    addEnvironmentLayer(request, given, findings);
    addSetLayer(request, given, findings);

    Loaded loaded;
    applyOptions(request, given, loaded, findings);
    applyExtra(request, given, loaded, findings);
    applyOverrides(given, loaded, findings);
    applySources(request, document, loaded, findings);
    checkNames(loaded.config, findings);
    checkSecurity(loaded.config, findings);
    checkTlsFiles(loaded.config, request.now ? *request.now : SystemClock().utcNow(), findings);
    checkDelivery(loaded.config, findings);
    checkRate(loaded.config, findings);
    checkTogether(request, loaded.config, findings);
    addEffectiveValues(given, findings, loaded);
    loaded.findings = findings.take();
    return loaded;
}

} // namespace dashstream::config
