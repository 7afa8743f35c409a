// One small message of each type as an operator begins to write it. Pure; any thread.
#pragma once

#include <span>
#include <string_view>

namespace dashstream::source {

struct MessageTemplate {
    std::string_view type; ///< name of the oneof field
    std::string_view text; ///< JSON over several lines; its thread is kTemplateThread
};

inline constexpr std::string_view kTemplateThread = "thread-1";

/// In the order of the schema, all nine types.
[[nodiscard]] std::span<const MessageTemplate> messageTemplates();

} // namespace dashstream::source
