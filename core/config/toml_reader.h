// The text of a profile file as flat keys with their lines. The only place that knows the TOML library. Pure; any
// thread.
#pragma once

#include "core/config/option_value.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dashstream::config {

struct TomlEntry {
    std::string key; ///< "kafka.topic"; quoted parts stand as they are: "kafka.extra.socket.timeout.ms"
    RawValue value;
    unsigned line = 0; ///< the first is 1
};

/// One [[sources]] table; its keys stand without a prefix.
struct TomlSource {
    std::vector<TomlEntry> fields;
    unsigned line = 0;
};

/// Why the text is not TOML. Holds nothing of the text but single characters and keys, since that may be secret.
struct TomlProblem {
    std::string text;
    unsigned line = 0;
    unsigned column = 0;
};

struct TomlDocument {
    std::vector<TomlEntry> entries;
    std::vector<TomlSource> sources;
    std::optional<TomlProblem> problem; ///< then there are no entries
};

[[nodiscard]] TomlDocument readToml(std::string_view text);

} // namespace dashstream::config
