// What file, environment and command line give, before it is checked, and the findings about it. Inside core/config.
#pragma once

#include "core/config/loader.h"
#include "core/config/option_value.h"
#include "core/config/rule_table.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace dashstream::config {

/// What is shown in place of a secret that is set.
inline constexpr std::string_view kHidden = "••••••";

struct Given {
    RawValue raw;
    OriginKind origin = OriginKind::Default;
    std::string place;
};
using GivenValues = std::map<std::string, Given, std::less<>>;

/// A setting whose value must never be shown.
[[nodiscard]] bool isSecretKey(std::string_view key);

/// Collects findings; values are redacted here. Lives inside one load(); refers to the given values.
class FindingList {
public:
    explicit FindingList(const GivenValues& given) : m_given(given) {}

    /// About a key's effective value: value and place come from what was given, else from the default. `fill` goes into
    /// the rule's text and remedy.
    void add(Rule rule, std::string_view key, const std::vector<std::string>& fill = {});
    /// About `value`, which must not be secret, at `place`.
    void addAt(Rule rule, std::string key, std::string value, std::string place,
               const std::vector<std::string>& fill = {});
    [[nodiscard]] bool hasError(std::string_view key) const;
    [[nodiscard]] bool hasErrors() const;
    /// Errors first, then by key.
    [[nodiscard]] std::vector<Finding> take();

private:
    const GivenValues& m_given;
    std::vector<Finding> m_findings;
};

} // namespace dashstream::config
