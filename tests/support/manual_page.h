// Compares a part of a page of the manual with what the program's tables say.
#pragma once

#include <string>

namespace dashstream::testing {

/// The text of resources/docs/`page` between "<!-- `part`: begin -->" and "<!-- `part`: end -->" is `expected`; else
/// the test fails. With DASHSTREAM_WRITE_MANUAL=1 it is written there instead.
void expectInManual(const std::string& page, const std::string& part, const std::string& expected);

} // namespace dashstream::testing
