// The stored vectors of the DashStream family (tests/data/wire-vectors/README.md), read for tests.
#pragma once

#include "core/wire/dashstream.pb.h"

#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

namespace dashstream::wire::test {

inline std::filesystem::path vectorFolder() {
    const char* root = std::getenv("DASHSTREAM_SOURCE_DIR");
    return std::filesystem::path(root == nullptr ? "." : root) / "tests/data/wire-vectors";
}

inline std::string readVector(const std::string& name) {
    std::ifstream file(vectorFolder() / name, std::ios::binary);
    EXPECT_TRUE(file.good()) << "missing vector " << name;
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// The rows of a table of tab-separated columns, without its head.
inline std::vector<std::vector<std::string>> readTable(const std::string& name) {
    std::istringstream lines(readVector(name));
    std::vector<std::vector<std::string>> rows;
    std::string line;
    std::getline(lines, line);
    while (std::getline(lines, line)) {
        std::istringstream cells(line);
        std::vector<std::string>& row = rows.emplace_back();
        for (std::string cell; std::getline(cells, cell, '\t');) {
            row.push_back(cell);
        }
    }
    return rows;
}

inline std::vector<std::string> vectorNames() {
    return {"checkpoint",  "error",           "event_attr", "event_batch", "event_nested_big", "event_plain",
            "event_unset", "execution_trace", "metrics",    "state_diff",  "token_chunk",      "tool_execution"};
}

inline v1::DashStreamMessage messageOf(const std::string& vector) {
    v1::DashStreamMessage message;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(readVector(vector + ".txtpb"), &message)) << vector;
    return message;
}

} // namespace dashstream::wire::test
