#include "core/wire/search_text.h"

#include "core/base/message_id.h"
#include "core/base/utf8.h"
#include "core/wire/dashstream.pb.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <algorithm>
#include <cstdio>
#include <vector>

namespace dashstream::wire {

namespace {
using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

constexpr std::size_t kIdBytes = 16;

class Words {
public:
    void fields(const Message& message, std::size_t depth) {
        if (depth > kSearchDepth) {
            return;
        }
        const Reflection& values = *message.GetReflection();
        std::vector<const FieldDescriptor*> set;
        values.ListFields(message, &set);
        for (const FieldDescriptor* field : set) {
            const int count = field->is_repeated() ? values.FieldSize(message, field) : 1;
            for (int i = 0; i < count && !full(); ++i) {
                value(message, *field, field->is_repeated() ? i : -1, depth);
            }
        }
    }
    void add(std::string_view text) {
        if (full() || text.empty()) {
            return;
        }
        m_text += m_text.empty() ? "" : " ";
        std::size_t end = std::min(text.size(), kSearchTextBytes - std::min(m_text.size(), kSearchTextBytes));
        while (end > 0 && end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) {
            --end;
        }
        m_text += text.substr(0, end);
    }
    [[nodiscard]] std::string take() { return std::move(m_text); }

private:
    [[nodiscard]] bool full() const { return m_text.size() >= kSearchTextBytes; }

    /// `at`: of a list; -1: of a single value.
    void value(const Message& message, const FieldDescriptor& field, int at, std::size_t depth) {
        const Reflection& values = *message.GetReflection();
        switch (field.cpp_type()) {
        case FieldDescriptor::CPPTYPE_MESSAGE:
            fields(at < 0 ? values.GetMessage(message, &field) : values.GetRepeatedMessage(message, &field, at),
                   depth + 1);
            break;
        case FieldDescriptor::CPPTYPE_STRING: {
            std::string scratch;
            text(field, at < 0 ? values.GetStringReference(message, &field, &scratch)
                               : values.GetRepeatedStringReference(message, &field, at, &scratch));
            break;
        }
        case FieldDescriptor::CPPTYPE_ENUM: {
            const EnumValueDescriptor* name =
                at < 0 ? values.GetEnum(message, &field) : values.GetRepeatedEnum(message, &field, at);
            add(name->name());
            break;
        }
        default:
            add(number(message, field, at));
        }
    }

    void text(const FieldDescriptor& field, const std::string& value) {
        if (field.type() == FieldDescriptor::TYPE_BYTES && value.size() == kIdBytes) {
            add(MessageId::fromRaw(value).text());
        } else if (findInvalidUtf8(value) == std::string_view::npos) {
            add(value);
        }
    }

    static std::string number(const Message& message, const FieldDescriptor& field, int at) {
        const Reflection& values = *message.GetReflection();
        switch (field.cpp_type()) {
        case FieldDescriptor::CPPTYPE_INT32:
            return std::to_string(at < 0 ? values.GetInt32(message, &field)
                                         : values.GetRepeatedInt32(message, &field, at));
        case FieldDescriptor::CPPTYPE_INT64:
            return std::to_string(at < 0 ? values.GetInt64(message, &field)
                                         : values.GetRepeatedInt64(message, &field, at));
        case FieldDescriptor::CPPTYPE_UINT32:
            return std::to_string(at < 0 ? values.GetUInt32(message, &field)
                                         : values.GetRepeatedUInt32(message, &field, at));
        case FieldDescriptor::CPPTYPE_UINT64:
            return std::to_string(at < 0 ? values.GetUInt64(message, &field)
                                         : values.GetRepeatedUInt64(message, &field, at));
        case FieldDescriptor::CPPTYPE_DOUBLE:
            return real(at < 0 ? values.GetDouble(message, &field) : values.GetRepeatedDouble(message, &field, at));
        case FieldDescriptor::CPPTYPE_FLOAT:
            return real(at < 0 ? values.GetFloat(message, &field) : values.GetRepeatedFloat(message, &field, at));
        default:
            return {}; // true and false are in every second message
        }
    }
    static std::string real(double value) {
        char text[40];
        std::snprintf(text, sizeof text, "%.15g", value);
        return text;
    }

    std::string m_text;
};
} // namespace

std::string searchText(Decoder& decoder, ByteView framed) {
    v1::DashStreamMessage message;
    Words words;
    if (decoder.decode(framed, message)) {
        words.fields(message, 0);
        return words.take();
    }
    const std::string_view plain = asText(framed);
    if (findInvalidUtf8(plain) == std::string_view::npos) {
        words.add(plain);
    }
    return words.take();
}

} // namespace dashstream::wire
