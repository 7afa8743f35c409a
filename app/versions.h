// What runs: this program and the libraries it stands on, as --version, the about box and the log's first line say it.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace dashstream::app {

[[nodiscard]] std::string programVersion(); ///< "0.1.0"
/// Name and version of the libraries that run, librdkafka first.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> libraryVersions();
[[nodiscard]] std::string librdkafkaVersion();
/// One line each, "dashstreamctl 0.1.0" first.
[[nodiscard]] std::string versionText();
/// "DashStream 0.1.0, librdkafka 2.14.2, …" in one line.
[[nodiscard]] std::string versionLine();

} // namespace dashstream::app
