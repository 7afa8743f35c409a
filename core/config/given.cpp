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

void FindingList::add(Rule rule, std::string_view key, const std::vector<std::string>& fill) {
    std::string value;
    std::string place;
    if (const auto given = m_given.find(key); given != m_given.end()) {
        value = shown(key, given->second.raw.text());
        place = given->second.place;
    } else if (const OptionSpec* option = find(key)) {
        value = option->defaultText();
    }
    addAt(rule, std::string(key), std::move(value), std::move(place), fill);
}

void FindingList::addAt(Rule rule, std::string key, std::string value, std::string place,
                        const std::vector<std::string>& fill) {
    const RuleSpec& spec = specOf(rule);
    Finding finding{
        spec.severity,    std::move(key),      std::move(value), fillIn(spec.text, fill), fillIn(spec.remedy, fill),
        std::move(place), std::string(spec.id)};
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

bool FindingList::hasErrors() const {
    return std::ranges::any_of(m_findings, [](const Finding& found) { return found.severity == Severity::Error; });
}

std::vector<Finding> FindingList::take() {
    std::stable_sort(m_findings.begin(), m_findings.end(), [](const Finding& a, const Finding& b) {
        return std::tuple(rank(a.severity), std::string_view(a.key)) <
               std::tuple(rank(b.severity), std::string_view(b.key));
    });
    return std::move(m_findings);
}

} // namespace dashstream::config
