// The recount again, by other means, to check it and what a program says after a fault: the journal read as a start
// reads it, from a copy; the rest SQL. Nobody may write the profile meanwhile.
#pragma once

#include "core/care/recount.h"

#include <filesystem>
#include <map>
#include <string>

namespace dashstream::care::test {

/// By thread; reports its own failures to GoogleTest.
[[nodiscard]] std::map<std::string, OpenCounts> sqlRecount(const std::filesystem::path& dataFolder);
[[nodiscard]] OpenCounts sumOf(const std::map<std::string, OpenCounts>& threads);

} // namespace dashstream::care::test
