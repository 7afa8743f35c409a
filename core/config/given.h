// What file, environment and command line give, before it is checked, and the findings about it. Inside core/config.
#pragma once

#include "core/config/loader.h"
#include "core/config/option_value.h"

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

    /// About a key's effective value: value and place come from what was given, else from the default.
    void add(Severity severity, std::string_view key, std::string rule, std::string remedy);
    void addAt(Finding finding);
    [[nodiscard]] bool hasError(std::string_view key) const;
    /// Errors first, then by key.
    [[nodiscard]] std::vector<Finding> take();

private:
    const GivenValues& m_given;
    std::vector<Finding> m_findings;
};

} // namespace dashstream::config
