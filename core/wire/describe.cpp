#include "core/wire/describe.h"

#include "core/base/clock.h"
#include "core/base/message_id.h"
#include "core/wire/utf8.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <google/protobuf/unknown_field_set.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <limits>

namespace dashstream::wire {

namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using google::protobuf::UnknownField;
using google::protobuf::UnknownFieldSet;

constexpr std::size_t kUuidBytes = 16;
constexpr std::size_t kNameBytes = 256; // a name from a schema, which may be as foreign as the message
constexpr int kOne = -1;                // in place of a list's index

std::string numberText(double value) {
    char text[40];
    std::snprintf(text, sizeof text, "%.15g", value);
    return text;
}

std::string durationText(std::int64_t micros) {
    if (micros == std::numeric_limits<std::int64_t>::max()) {
        return "longer than can be said";
    }
    if (micros < 1000 && micros > -1000) {
        return std::to_string(micros) + " µs";
    }
    const double value = static_cast<double>(micros);
    return micros < 1'000'000 && micros > -1'000'000 ? numberText(value / 1e3) + " ms" : numberText(value / 1e6) + " s";
}

std::string integerText(const FieldDescriptor& field, std::int64_t value) {
    constexpr std::int64_t year10000 = 253'402'300'800'000'000;
    const std::string number = std::to_string(value);
    if (field.name() == "timestamp_us" && value > 0 && value < year10000) {
        return number + " (" + toRfc3339(utcFromMicros(value)) + ")";
    }
    return field.name() == "duration_us" && value != 0 ? number + " (" + durationText(value) + ")" : number;
}

// A unit that the name tells, as this schema's names and many others' do.
std::string_view unitOf(std::string_view name) {
    return name.ends_with("_us") ? ", µs" : name.ends_with("_ms") ? ", ms" : name.ends_with("_bytes") ? ", bytes" : "";
}

std::string typeOf(const FieldDescriptor& field) {
    if (field.is_map()) {
        return "map";
    }
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
        return showable(field.message_type()->name(), kNameBytes);
    }
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_ENUM) {
        return showable(field.enum_type()->name(), kNameBytes);
    }
    const bool isNumber = field.type() != FieldDescriptor::TYPE_STRING && field.type() != FieldDescriptor::TYPE_BYTES &&
                          field.type() != FieldDescriptor::TYPE_BOOL;
    return std::string(field.type_name()).append(isNumber ? unitOf(field.name()) : "");
}

TreeNode named(std::string name, std::string type) {
    return {std::move(name), {}, {}, std::move(type)};
}

TreeNode named(const FieldDescriptor& field) {
    return named(showable(field.name(), kNameBytes), typeOf(field));
}

// Walks by reflection, so that a field added to the schema shows without a change here.
class Describer {
public:
    explicit Describer(const DescribeLimits& limits) : m_limits(limits) {}

    void fields(const Message& message, std::size_t depth, std::vector<TreeNode>& into) {
        std::vector<const FieldDescriptor*> set;
        message.GetReflection()->ListFields(message, &set);
        for (const FieldDescriptor* field : set) {
            if (!room(into)) {
                return;
            }
            if (field->is_map()) {
                map(message, *field, depth, into.emplace_back(named(*field)));
            } else if (field->is_repeated()) {
                list(message, *field, depth, into.emplace_back(named(*field)));
            } else {
                value(message, *field, kOne, depth, into.emplace_back(named(*field)));
            }
        }
        unknown(message.GetReflection()->GetUnknownFields(message), depth, into);
    }

private:
    // Counts a node; where there is room for none, the last one says so.
    bool room(std::vector<TreeNode>& into) {
        if (m_nodes < m_limits.nodes) {
            ++m_nodes;
            return true;
        }
        if (!m_full) {
            m_full = true;
            into.push_back({"…", "more is not shown (" + std::to_string(m_limits.nodes) + " entries are)", {}});
        }
        return false;
    }

    void list(const Message& message, const FieldDescriptor& field, std::size_t depth, TreeNode& node) {
        const int count = message.GetReflection()->FieldSize(message, &field);
        node.value = std::to_string(count) + (count == 1 ? " entry" : " entries");
        for (int index = 0; index < count && room(node.children); ++index) {
            value(message, field, index, depth + 1,
                  node.children.emplace_back(
                      named(std::to_string(index).insert(0, 1, '[').append(1, ']'), typeOf(field))));
        }
    }

    // Sorted by key: the same message always looks the same.
    void map(const Message& message, const FieldDescriptor& field, std::size_t depth, TreeNode& node) {
        const int count = message.GetReflection()->FieldSize(message, &field);
        node.value = std::to_string(count) + (count == 1 ? " entry" : " entries");
        for (int index = 0; index < count && room(node.children); ++index) {
            const Message& entry = message.GetReflection()->GetRepeatedMessage(message, &field, index);
            const FieldDescriptor& key = *entry.GetDescriptor()->map_key();
            const FieldDescriptor& held = *entry.GetDescriptor()->map_value();
            value(entry, held, kOne, depth + 1,
                  node.children.emplace_back(named(scalar(entry, key, kOne), typeOf(held))));
        }
        const auto noted = std::find_if(node.children.begin(), node.children.end(),
                                        [](const TreeNode& child) { return child.name == "…"; });
        std::sort(node.children.begin(), noted,
                  [](const TreeNode& left, const TreeNode& right) { return left.name < right.name; });
    }

    void unknown(const UnknownFieldSet& set, std::size_t depth, std::vector<TreeNode>& into) {
        for (int index = 0; index < set.field_count() && room(into); ++index) {
            const UnknownField& field = set.field(index);
            TreeNode& node = into.emplace_back(named("field " + std::to_string(field.number()), "not in the schema"));
            switch (field.type()) {
            case UnknownField::TYPE_VARINT:
                node.value = std::to_string(field.varint());
                break;
            case UnknownField::TYPE_FIXED32:
                node.value = std::to_string(field.fixed32());
                break;
            case UnknownField::TYPE_FIXED64:
                node.value = std::to_string(field.fixed64());
                break;
            case UnknownField::TYPE_LENGTH_DELIMITED:
                node.value = hex(field.length_delimited());
                break;
            case UnknownField::TYPE_GROUP:
                if (depth + 1 >= m_limits.depth) {
                    node.value = "nested deeper than is shown";
                } else {
                    unknown(field.group(), depth + 1, node.children);
                }
            }
        }
    }

    void value(const Message& message, const FieldDescriptor& field, int index, std::size_t depth, TreeNode& node) {
        if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
            const Reflection& reflection = *message.GetReflection();
            const Message& inner = index == kOne ? reflection.GetMessage(message, &field)
                                                 : reflection.GetRepeatedMessage(message, &field, index);
            node.value.clear();
            if (depth + 1 >= m_limits.depth) {
                node.value = "nested deeper than is shown";
                return;
            }
            fields(inner, depth + 1, node.children);
            return;
        }
        node.value = scalar(message, field, index);
    }

    // How much of a content may be shown; it is counted.
    std::size_t share(std::size_t bytes) {
        const std::size_t count = std::min({bytes, m_limits.textBytes, m_limits.totalBytes - m_shown});
        m_shown += count;
        return count;
    }

    std::string text(const FieldDescriptor& field, const std::string& content) {
        if (field.type() == FieldDescriptor::TYPE_BYTES) {
            const bool isId = content.size() == kUuidBytes && field.name().ends_with("_id");
            return isId ? MessageId::fromRaw(content).text() : hex(content);
        }
        const std::size_t count = share(content.size());
        std::string shown = showable(content, count);
        if (count < content.size()) {
            shown += " … (" + std::to_string(content.size()) + " bytes in all)";
        }
        return shown;
    }

    std::string hex(const std::string& content) {
        constexpr std::string_view digits = "0123456789abcdef";
        const std::size_t count = share(content.size());
        std::string shown = std::to_string(content.size()) + (content.size() == 1 ? " byte:" : " bytes:");
        for (std::size_t index = 0; index < count; ++index) {
            const auto byte = static_cast<std::uint8_t>(content[index]);
            shown += index % 4 == 0 ? " " : "";
            shown += digits[byte >> 4];
            shown += digits[byte & 15U];
        }
        return count < content.size() ? shown + " …" : shown;
    }

    std::string scalar(const Message& message, const FieldDescriptor& field, int index) {
        const Reflection& read = *message.GetReflection();
        const bool one = index == kOne;
        switch (field.cpp_type()) {
        case FieldDescriptor::CPPTYPE_INT64:
            return integerText(field,
                               one ? read.GetInt64(message, &field) : read.GetRepeatedInt64(message, &field, index));
        case FieldDescriptor::CPPTYPE_UINT64:
            return std::to_string(one ? read.GetUInt64(message, &field)
                                      : read.GetRepeatedUInt64(message, &field, index));
        case FieldDescriptor::CPPTYPE_UINT32:
            return std::to_string(one ? read.GetUInt32(message, &field)
                                      : read.GetRepeatedUInt32(message, &field, index));
        case FieldDescriptor::CPPTYPE_INT32:
            return std::to_string(one ? read.GetInt32(message, &field) : read.GetRepeatedInt32(message, &field, index));
        case FieldDescriptor::CPPTYPE_DOUBLE:
            return numberText(one ? read.GetDouble(message, &field) : read.GetRepeatedDouble(message, &field, index));
        case FieldDescriptor::CPPTYPE_FLOAT: {
            char shown[32];
            std::snprintf(shown, sizeof shown, "%.7g",
                          static_cast<double>(one ? read.GetFloat(message, &field)
                                                  : read.GetRepeatedFloat(message, &field, index)));
            return shown;
        }
        case FieldDescriptor::CPPTYPE_BOOL:
            return (one ? read.GetBool(message, &field) : read.GetRepeatedBool(message, &field, index)) ? "true"
                                                                                                        : "false";
        case FieldDescriptor::CPPTYPE_ENUM:
            return enumText(field, one ? read.GetEnumValue(message, &field)
                                       : read.GetRepeatedEnumValue(message, &field, index));
        case FieldDescriptor::CPPTYPE_STRING:
            return text(field, one ? read.GetString(message, &field) : read.GetRepeatedString(message, &field, index));
        case FieldDescriptor::CPPTYPE_MESSAGE:
            break;
        }
        return {};
    }

    static std::string enumText(const FieldDescriptor& field, int number) {
        const auto* known = field.enum_type()->FindValueByNumber(number);
        return known != nullptr ? showable(known->name(), kNameBytes) : std::to_string(number) + " (unknown)";
    }

    DescribeLimits m_limits;
    std::size_t m_nodes = 1; ///< the root
    std::size_t m_shown = 0; ///< bytes of content
    bool m_full = false;
};

} // namespace

TreeNode describe(const Message& message, const DescribeLimits& limits) {
    TreeNode root = named(showable(message.GetDescriptor()->name(), kNameBytes), {});
    Describer(limits).fields(message, 0, root.children);
    return root;
}

} // namespace dashstream::wire
