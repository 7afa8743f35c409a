#include "core/config/given.h"

#include "core/config/kafka_extra.h"
#include "core/config/option_table.h"
#include "core/config/text_tools.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace dashstream::config {

namespace {

int rank(Severity severity) {
    return severity == Severity::Error ? 0 : severity == Severity::Warning ? 1 : 2;
}

std::string shown(std::string_view key, std::string value) {
    return !value.empty() && isSecretKey(key) ? std::string(kHidden) : std::move(value);
}

} // namespace

bool isSecretKey(std::string_view key) {
    if (const OptionSpec* option = find(key)) {
        return option->secret;
    }
    return key.starts_with(kExtraPrefix) && isSecretProperty(key.substr(kExtraPrefix.size()));
}

void FindingList::add(Severity severity, std::string_view key, std::string rule, std::string remedy) {
    Finding finding{severity, std::string(key), {}, std::move(rule), std::move(remedy), {}};
    if (const auto given = m_given.find(key); given != m_given.end()) {
        finding.value = shown(key, given->second.raw.text());
        finding.place = given->second.place;
    } else if (const OptionSpec* option = find(key)) {
        finding.value = option->defaultText();
    }
    addAt(std::move(finding));
}

void FindingList::addAt(Finding finding) {
    for (std::string* text : {&finding.key, &finding.value, &finding.rule, &finding.remedy, &finding.place}) {
        *text = printable(*text);
    }
    m_findings.push_back(std::move(finding));
}

bool FindingList::hasError(std::string_view key) const {
    return std::any_of(m_findings.begin(), m_findings.end(), [&](const Finding& finding) {
        return finding.severity == Severity::Error && finding.key == key;
    });
}

std::vector<Finding> FindingList::take() {
    std::stable_sort(m_findings.begin(), m_findings.end(), [](const Finding& a, const Finding& b) {
        return std::tuple(rank(a.severity), std::string_view(a.key)) <
               std::tuple(rank(b.severity), std::string_view(b.key));
    });
    return std::move(m_findings);
}

} // namespace dashstream::config
