// The readers of core/decode, each as one function that must survive any input. Pure; one thread.
#pragma once

#include "core/decode/foreign_record.h"

#include <string>
#include <string_view>

namespace dashstream::fuzz {

/// Each aborts the program when a promise is broken; what is refused is fine.
void tryContent(std::string_view bytes);
void tryForeignRecord(std::string_view packed);
void tryDescriptorSet(std::string_view bytes);

/// A record as tryForeignRecord() takes it: the number of headers, then for each the length of its name, its name, the
/// length of its value in two bytes (65535: null) and the value; then the record's value.
[[nodiscard]] std::string packRecord(const decode::ForeignRecord& record);
/// Any bytes are a record.
[[nodiscard]] decode::ForeignRecord unpackRecord(std::string_view packed);

} // namespace dashstream::fuzz
