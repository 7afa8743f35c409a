#include "tests/core/wire/random_message.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <cmath>
#include <string>

namespace dashstream::wire::test {

namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

constexpr int kDeepest = 4;
constexpr int kDeepestFull = 7;

/// Where the values come from: rapidcheck for any, a counter for full ones.
class Values {
public:
    virtual ~Values() = default;
    virtual bool wanted(int depth) = 0;
    virtual int count() = 0;         ///< of a repeated field
    virtual int pick(int count) = 0; ///< which one of a choice; below `count`
    virtual std::int64_t whole(std::int64_t least, std::int64_t most) = 0;
    virtual double real() = 0;
    virtual std::string text() = 0;
    virtual std::string bytes() = 0;
};

class AnyValues final : public Values {
public:
    bool wanted(int depth) override { return depth < kDeepest && *rc::gen::inRange(0, 3) != 0; }
    int count() override { return *rc::gen::inRange(0, 4); }
    int pick(int count) override { return *rc::gen::inRange(0, count); }
    std::int64_t whole(std::int64_t least, std::int64_t most) override {
        return *rc::gen::oneOf(rc::gen::inRange<std::int64_t>(least, most), rc::gen::just(least), rc::gen::just(most));
    }
    double real() override {
        const double value = *rc::gen::oneOf(rc::gen::arbitrary<double>(), rc::gen::just(1.0 / 3),
                                             rc::gen::just(std::numeric_limits<double>::infinity()));
        return std::isnan(value) || value == 0 ? 0.5 : value;
    }
    std::string text() override {
        std::string text;
        const auto points = *rc::gen::container<std::vector<std::uint32_t>>(
            rc::gen::oneOf(rc::gen::inRange<std::uint32_t>(0, 0x80), rc::gen::inRange<std::uint32_t>(0x80, 0xD800),
                           rc::gen::inRange<std::uint32_t>(0xE000, 0x110000),
                           rc::gen::element<std::uint32_t>(0, '"', '\\', '\n', 0x2028, 0xFEFF, 0xFFFF, 0x1F600)));
        for (const std::uint32_t point : points) {
            appendUtf8(point, text);
        }
        if (*rc::gen::inRange(0, 20) == 0) {
            text += std::string(static_cast<std::size_t>(*rc::gen::inRange(500, 5000)), 'x');
        }
        return text;
    }
    std::string bytes() override { return *rc::gen::container<std::string>(rc::gen::arbitrary<char>()); }

private:
    static void appendUtf8(std::uint32_t point, std::string& out) {
        const auto tail = [&out, point](int shift) {
            out += static_cast<char>(0x80U | ((point >> static_cast<unsigned>(shift)) & 0x3FU));
        };
        if (point < 0x80) {
            out += static_cast<char>(point);
        } else if (point < 0x800) {
            out += static_cast<char>(0xC0U | (point >> 6U));
            tail(0);
        } else if (point < 0x10000) {
            out += static_cast<char>(0xE0U | (point >> 12U));
            tail(6);
            tail(0);
        } else {
            out += static_cast<char>(0xF0U | (point >> 18U));
            tail(12);
            tail(6);
            tail(0);
        }
    }
};

class FullValues final : public Values {
public:
    bool wanted(int depth) override { return depth < kDeepestFull; }
    int count() override { return 15; }
    int pick(int count) override { return static_cast<int>(m_picks++ % static_cast<unsigned>(count)); }
    std::int64_t whole(std::int64_t least, std::int64_t most) override {
        return std::min(most, std::max<std::int64_t>(least, 1) + next());
    }
    double real() override { return 0.25 + static_cast<double>(next()); }
    std::string text() override { return "text " + std::to_string(next()); }
    std::string bytes() override { return std::string("\0\xFF", 2) + std::to_string(next()); }

private:
    std::int64_t next() { return m_next++; }
    std::int64_t m_next = 1;
    unsigned m_picks = 0;
};

class Filler {
public:
    explicit Filler(Values& values) : m_values(values) {}

    void fill(Message& message, int depth) {
        for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
            const FieldDescriptor& field = *message.GetDescriptor()->field(i);
            if (field.real_containing_oneof() != nullptr) {
                continue;
            }
            const bool isMessage = field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
            if (m_values.wanted(isMessage ? depth : 0)) {
                set(message, field, depth);
            }
        }
        for (int i = 0; i < message.GetDescriptor()->real_oneof_decl_count(); ++i) {
            const auto& choice = *message.GetDescriptor()->oneof_decl(i);
            const FieldDescriptor& field = *choice.field(m_values.pick(choice.field_count()));
            const bool isMessage = field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
            if (m_values.wanted(isMessage ? depth : 0)) {
                set(message, field, depth);
            }
        }
    }

private:
    void set(Message& message, const FieldDescriptor& field, int depth) {
        if (!field.is_repeated()) {
            setOne(message, field, depth);
            return;
        }
        for (int left = m_values.count(); left > 0; --left) {
            addOne(message, field, depth);
        }
    }

    void setOne(Message& message, const FieldDescriptor& field, int depth) {
        const Reflection& to = *message.GetReflection();
        switch (field.cpp_type()) {
        case FieldDescriptor::CPPTYPE_INT64:
            return to.SetInt64(&message, &field, m_values.whole(INT64_MIN, INT64_MAX));
        case FieldDescriptor::CPPTYPE_UINT64:
            return to.SetUInt64(&message, &field, static_cast<std::uint64_t>(m_values.whole(INT64_MIN, INT64_MAX)));
        case FieldDescriptor::CPPTYPE_UINT32:
            return to.SetUInt32(&message, &field, static_cast<std::uint32_t>(m_values.whole(0, UINT32_MAX)));
        case FieldDescriptor::CPPTYPE_DOUBLE:
            return to.SetDouble(&message, &field, m_values.real());
        case FieldDescriptor::CPPTYPE_FLOAT:
            return to.SetFloat(&message, &field, smallReal());
        case FieldDescriptor::CPPTYPE_BOOL:
            return to.SetBool(&message, &field, true);
        case FieldDescriptor::CPPTYPE_ENUM:
            return to.SetEnumValue(&message, &field, enumValue(field));
        case FieldDescriptor::CPPTYPE_STRING:
            return to.SetString(&message, &field, textOf(field));
        case FieldDescriptor::CPPTYPE_MESSAGE:
            return fill(*to.MutableMessage(&message, &field), depth + 1);
        default:
            RC_FAIL("the schema has a type of field that this generator does not know");
        }
    }

    void addOne(Message& message, const FieldDescriptor& field, int depth) {
        const Reflection& to = *message.GetReflection();
        if (field.is_map()) {
            addEntry(message, field, depth);
        } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
            fill(*to.AddMessage(&message, &field), depth + 1);
        } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
            to.AddString(&message, &field, textOf(field));
        } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_UINT32) {
            to.AddUInt32(&message, &field, static_cast<std::uint32_t>(m_values.whole(0, UINT32_MAX)));
        } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_FLOAT) {
            to.AddFloat(&message, &field, smallReal());
        } else {
            RC_FAIL("the schema has a type of repeated field that this generator does not know");
        }
    }

    /// A key stands once in a map: the entry's number makes it differ.
    void addEntry(Message& message, const FieldDescriptor& field, int depth) {
        const Reflection& to = *message.GetReflection();
        const int number = to.FieldSize(message, &field);
        Message& entry = *to.AddMessage(&message, &field);
        const auto& type = *entry.GetDescriptor();
        entry.GetReflection()->SetString(&entry, type.map_key(), m_values.text() + std::to_string(number));
        setOne(entry, *type.map_value(), depth);
    }

    std::string textOf(const FieldDescriptor& field) {
        return field.type() == FieldDescriptor::TYPE_BYTES ? m_values.bytes() : m_values.text();
    }
    int enumValue(const FieldDescriptor& field) {
        const int count = field.enum_type()->value_count();
        return field.enum_type()->value(static_cast<int>(m_values.whole(0, count - 1)))->number();
    }
    float smallReal() {
        const auto value = static_cast<float>(m_values.real());
        return value == 0 ? 0.5F : value;
    }

    Values& m_values;
};

v1::DashStreamMessage made(int type, Values& values) {
    v1::DashStreamMessage message;
    const FieldDescriptor* field = message.GetDescriptor()->FindFieldByNumber(type);
    Message* body = message.GetReflection()->MutableMessage(&message, field);
    Filler(values).fill(*body, 1);
    return message;
}

} // namespace

rc::Gen<v1::DashStreamMessage> anyMessage() {
    return rc::gen::exec([] {
        AnyValues values;
        return made(*rc::gen::inRange(1, 10), values);
    });
}

v1::DashStreamMessage fullMessage(int type) {
    FullValues values;
    return made(type, values);
}

} // namespace dashstream::wire::test
