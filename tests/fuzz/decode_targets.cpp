#include "tests/fuzz/decode_targets.h"

#include "core/base/utf8.h"
#include "core/decode/failure_table.h"
#include "core/decode/record.h"
#include "core/wire/dashstream.pb.h"

#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/message.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace dashstream::fuzz {

namespace {

constexpr decode::TreeLimits kLimits{.depth = 16, .nodes = 300, .textBytes = 500, .totalBytes = 5000};
constexpr std::size_t kNull = 65535;

void require(bool holds, const char* what) {
    if (!holds) {
        std::fprintf(stderr, "broken promise: %s\n", what);
        std::abort();
    }
}

void requireText(const std::string& text, std::size_t most) {
    require(findInvalidUtf8(text) == std::string_view::npos, "what is shown is UTF-8");
    require(text.size() <= most, "texts are bounded");
}

void requireTree(const decode::TreeNode& node, std::size_t depth, std::size_t& count) {
    require(++count <= kLimits.nodes + 300, "the tree is bounded");
    require(depth <= 3 * kLimits.depth + 4, "its depth, too");
    requireText(node.name, 3 * kLimits.textBytes + 100);
    requireText(node.value, 3 * kLimits.textBytes + 100);
    requireText(node.type, 1000);
    for (const decode::TreeNode& child : node.children) {
        requireTree(child, depth + 1, count);
    }
}

void requireDecoded(const decode::Decoded& decoded) {
    std::size_t count = 0;
    requireTree(decoded.tree, 1, count);
    requireText(decoded.summary, 3000);
    for (const std::string& remark : decoded.remarks) {
        requireText(remark, 3000);
    }
    if (decoded.error) {
        require(!decoded.error->code.empty() && !decoded.error->message.empty(), "a refusal says why");
        requireText(decoded.error->text(), 3000);
    }
}

// Our own schema in the part of somebody else's.
const std::shared_ptr<const decode::DescriptorSet>& ourSchema() {
    static const auto set = [] {
        google::protobuf::FileDescriptorSet file;
        v1::DashStreamMessage::descriptor()->file()->CopyTo(file.add_file());
        return decode::DescriptorSet::fromBytes(file.SerializeAsString(), "ours").value();
    }();
    return set;
}

/// Takes up to `count` bytes off the front.
std::string_view take(std::string_view& bytes, std::size_t count) {
    const std::string_view taken = bytes.substr(0, count);
    bytes.remove_prefix(taken.size());
    return taken;
}

std::size_t takeNumber(std::string_view& bytes, std::size_t width) {
    std::size_t number = 0;
    for (const char byte : take(bytes, width)) {
        number = number << 8U | static_cast<std::uint8_t>(byte);
    }
    return number;
}

} // namespace

void tryContent(std::string_view bytes) {
    decode::DecodeOptions options;
    options.limits = kLimits;
    options.descriptors = ourSchema();
    options.messageType = "DashStreamMessage";
    requireDecoded(decode::decodeContent(bytes, options));
    for (std::uint8_t kind = 0; kind <= static_cast<std::uint8_t>(decode::ContentKind::Bytes); ++kind) {
        options.as = static_cast<decode::ContentKind>(kind);
        const decode::Decoded decoded = decode::decodeContent(bytes, options);
        requireDecoded(decoded);
        require(decoded.error || decoded.kind == *options.as || kind < 2 || bytes.empty(),
                "it is what was asked for, or says why not");
    }
}

void tryForeignRecord(std::string_view packed) {
    const decode::ForeignRecord record = unpackRecord(packed);
    const decode::DecodedRecord decoded = decode::decodeRecord(record, {.limits = kLimits});
    requireDecoded(decoded.key);
    requireDecoded(decoded.value);
    require(!decoded.original.topic || decode::isTopicName(*decoded.original.topic), "no other topic is sent to");
    require(!decoded.original.partition || *decoded.original.partition >= 0, "nor any other partition");
    for (const auto& text : {decoded.failure.message, decoded.failure.stacktrace, decoded.failure.exceptionClass,
                             decoded.failure.causeClass, decoded.failure.consumerGroup}) {
        requireText(text.value_or(std::string()), 800'000);
    }
    for (const std::string& fault : decoded.failure.faults) {
        requireText(fault, 1000);
    }
    require(std::none_of(
                decoded.original.headers.begin(), decoded.original.headers.end(),
                [](const decode::RecordHeader& header) { return decode::findFailureHeader(header.name) != nullptr; }),
            "no header of a failure is sent again");
}

void tryDescriptorSet(std::string_view bytes) {
    const auto set = decode::DescriptorSet::fromBytes(bytes, "fuzzed");
    if (!set) {
        require(!set.error().message.empty(), "a refusal says why");
        requireText(set.error().text(), 3000);
        return;
    }
    decode::DecodeOptions options;
    options.limits = kLimits;
    options.descriptors = *set;
    options.as = decode::ContentKind::Protobuf;
    for (std::size_t index = 0; index < std::min<std::size_t>((*set)->messageTypes().size(), 20); ++index) {
        options.messageType = (*set)->messageTypes()[index];
        requireDecoded(decode::decodeContent(bytes, options)); // a set is a message as good as any
    }
}

std::string packRecord(const decode::ForeignRecord& record) {
    std::string packed(1, static_cast<char>(record.headers.size()));
    for (const decode::RecordHeader& header : record.headers) {
        const std::size_t length = header.value ? header.value->size() : kNull;
        packed += static_cast<char>(header.name.size());
        packed += header.name;
        packed += static_cast<char>(length >> 8U);
        packed += static_cast<char>(length);
        packed += header.value.value_or(std::string());
    }
    return packed + record.value.value_or(std::string());
}

decode::ForeignRecord unpackRecord(std::string_view packed) {
    decode::ForeignRecord record;
    for (std::size_t left = takeNumber(packed, 1); left > 0; --left) {
        decode::RecordHeader& header = record.headers.emplace_back();
        header.name = take(packed, takeNumber(packed, 1));
        if (const std::size_t length = takeNumber(packed, 2); length != kNull) {
            header.value = take(packed, length);
        }
    }
    record.key = packed.substr(0, 8);
    record.value = packed;
    return record;
}

} // namespace dashstream::fuzz
