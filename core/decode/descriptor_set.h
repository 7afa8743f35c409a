// The schemas that an operator chose to read plain protobuf with: a file that `protoc --descriptor_set_out` made
// (google.protobuf.FileDescriptorSet). Foreign bytes. Immutable once read; any thread, shared by pointer.
#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace google::protobuf {
class Message;
}

namespace dashstream::decode {

/// The schemas of a large company take a few MiB.
inline constexpr std::size_t kMaxDescriptorSetBytes = 16U * 1024 * 1024;
/// Imports that hang on one another in a row, and message types that hang together: protobuf follows both on the stack.
inline constexpr std::size_t kMaxImportChain = 200;
inline constexpr std::size_t kMaxLinkedTypes = 3000;

class DescriptorSet {
public:
    ~DescriptorSet();
    DescriptorSet(const DescriptorSet&) = delete;
    DescriptorSet& operator=(const DescriptorSet&) = delete;

    /// Errors (Usage): "descriptors.read" (no such file, may not be read), "descriptors.too_large",
    /// "descriptors.not_a_set", "descriptors.broken" (a schema contradicts itself, or one that it imports is missing),
    /// "descriptors.too_deep" (the imports).
    [[nodiscard]] static Result<std::shared_ptr<const DescriptorSet>> fromFile(const std::string& path);
    /// The same of the file's content; `name` is what errors call it.
    [[nodiscard]] static Result<std::shared_ptr<const DescriptorSet>> fromBytes(std::string_view bytes,
                                                                                const std::string& name);

    /// Full names of all message types ("shop.v1.Order"), sorted; those made for maps are left out.
    [[nodiscard]] const std::vector<std::string>& messageTypes() const;

    /// An empty message of this type; it keeps what it needs of the set. `type` is the full name, or its last part
    /// where that is unambiguous. Errors (Usage): "descriptors.type" names the nearest; "descriptors.too_deep": more
    /// than kMaxLinkedTypes hang on it.
    [[nodiscard]] Result<std::shared_ptr<google::protobuf::Message>> newMessage(std::string_view type) const;

private:
    struct Impl;
    explicit DescriptorSet(std::shared_ptr<const Impl> impl);
    std::shared_ptr<const Impl> m_impl; ///< with those messages that are still in use
};

} // namespace dashstream::decode
