// Sets of descriptors as protoc writes them (CMakeLists.txt here), and others made by hand.
#pragma once

#include <google/protobuf/descriptor.pb.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

namespace dashstream::decode::test {

/// "shop.pb": order.proto, then money.proto, which it imports; without google/protobuf/timestamp.proto.
/// "shop_whole.pb": with everything that they import. "order_alone.pb": without any import.
inline std::string setPath(const std::string& name) {
    return std::string(DASHSTREAM_TEST_SCHEMAS) + "/" + name;
}

inline std::string readSet(const std::string& name) {
    std::ifstream file(setPath(name), std::ios::binary);
    EXPECT_TRUE(file) << setPath(name);
    return {std::istreambuf_iterator<char>(file), {}};
}

inline std::string shopSet() {
    return readSet("shop.pb");
}

inline google::protobuf::FileDescriptorProto& addFile(google::protobuf::FileDescriptorSet& set, const std::string& name,
                                                      const std::string& import = {}) {
    google::protobuf::FileDescriptorProto& file = *set.add_file();
    file.set_name(name);
    if (!import.empty()) {
        file.add_dependency(import);
    }
    return file;
}

} // namespace dashstream::decode::test
