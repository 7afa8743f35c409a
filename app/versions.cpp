#include "app/versions.h"

#include "core/kafka/librdkafka_producer.h"

#include <google/protobuf/stubs/common.h>
#include <sqlite3.h>
#include <zstd.h>

namespace dashstream::app {

std::string programVersion() {
    return DASHSTREAM_VERSION;
}

std::string librdkafkaVersion() {
    return kafka::librdkafkaVersion();
}

std::vector<std::pair<std::string, std::string>> libraryVersions() {
    return {{"librdkafka", kafka::librdkafkaVersion()},
            {"protobuf", google::protobuf::internal::VersionString(GOOGLE_PROTOBUF_VERSION)},
            {"zstd", ZSTD_versionString()},
            {"SQLite", sqlite3_libversion()}};
}

std::string versionText() {
    std::string text = "dashstreamctl " + programVersion();
    for (const auto& [name, version] : libraryVersions()) {
        text.append("\n").append(name).append(" ").append(version);
    }
    return text;
}

std::string versionLine() {
    std::string text = "DashStream " + programVersion();
    for (const auto& [name, version] : libraryVersions()) {
        text.append(", ").append(name).append(" ").append(version);
    }
    return text;
}

} // namespace dashstream::app
