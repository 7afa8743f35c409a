// Every code of librdkafka and of the brokers that a producer, a reader or a question about the cluster can meet, with
// its class and its meaning for a person. Constant data; any thread.
#pragma once

#include "core/base/error.h"

#include <span>
#include <string>
#include <string_view>

namespace dashstream::kafka {

struct ErrorEntry {
    int code;
    ErrorClass errorClass; ///< when the message was not persisted
    std::string_view why;  ///< the reason for the class
    std::string_view meaning;
    std::string_view remedy;
};

/// nullptr: not listed, its outcome counts as unknown.
[[nodiscard]] const ErrorEntry* findError(int code);
/// By what codeName() says of it, which is how the store keeps it. The same nullptr.
[[nodiscard]] const ErrorEntry* findError(std::string_view name);
[[nodiscard]] std::span<const ErrorEntry> errorTable();
/// The table of the manual (resources/docs/error-classes.md), one section a class.
[[nodiscard]] std::string errorsAsMarkdown();

} // namespace dashstream::kafka
