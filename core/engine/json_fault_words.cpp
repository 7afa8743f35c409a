#include "core/engine/json_fault_words.h"

#include "core/config/text_tools.h"
#include "core/wire/message_access.h"
#include "core/wire/utf8.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>

#include <algorithm>
#include <vector>

namespace dashstream::engine {

namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;
using wire::JsonFaultKind;

constexpr std::size_t kShownBytes = 60;
constexpr std::size_t kNamesListed = 12;

std::string nameOnly(std::string_view part) {
    return std::string(part.substr(0, part.find('[')));
}

const FieldDescriptor* fieldIn(const Descriptor& of, const std::string& name) {
    const FieldDescriptor* field = of.FindFieldByName(name);
    return field != nullptr ? field : of.FindFieldByCamelcaseName(name);
}

/// Of a path: the message type that holds its last name, and that field; either may be null.
struct Resolved {
    const Descriptor* holder = wire::v1::DashStreamMessage::descriptor();
    const FieldDescriptor* field = nullptr;
    std::string name;
    std::string holderName = "the message"; ///< as the text calls it
};

Resolved resolve(std::string_view path) {
    Resolved at;
    while (!path.empty() && at.holder != nullptr) {
        const std::size_t end = std::min(path.find('.'), path.size());
        at.name = nameOnly(path.substr(0, end));
        path.remove_prefix(std::min(end + 1, path.size()));
        at.field = fieldIn(*at.holder, at.name);
        if (path.empty()) {
            break;
        }
        if (!at.holder->options().map_entry()) {
            at.holderName = at.name;
        }
        at.holder = at.field != nullptr ? at.field->message_type() : nullptr;
    }
    return at;
}

/// Without case and underscores, so that nodeid is as near to node_id as nodeId.
std::string loose(std::string_view name) {
    std::string plain = config::toLower(name);
    std::erase(plain, '_');
    return plain;
}

std::string nearest(const std::string& given, const std::vector<std::string>& names) {
    const std::string wanted = loose(given);
    std::string best;
    std::size_t distance = std::max<std::size_t>(2, wanted.size() / 3) + 1;
    for (const std::string& name : names) {
        const std::string plain = loose(name);
        const bool part = wanted.size() >= 3 && (plain.ends_with(wanted) || plain.starts_with(wanted));
        const std::size_t away = part ? 1 : config::editDistance(wanted, plain);
        if (away < distance) {
            distance = away;
            best = name;
        }
    }
    return best;
}

std::string list(const std::vector<std::string>& names) {
    std::string text;
    for (std::size_t i = 0; i < std::min(names.size(), kNamesListed); ++i) {
        text += (i == 0 ? "" : ", ") + names[i];
    }
    return names.size() > kNamesListed ? text + ", …" : text;
}

std::vector<std::string> namesOf(const Descriptor& type) {
    std::vector<std::string> names;
    names.reserve(static_cast<std::size_t>(type.field_count()));
    for (int i = 0; i < type.field_count(); ++i) {
        names.push_back(type.field(i)->name());
    }
    return names;
}

std::vector<std::string> namesOf(const EnumDescriptor& type) {
    std::vector<std::string> names;
    names.reserve(static_cast<std::size_t>(type.value_count()));
    for (int i = 0; i < type.value_count(); ++i) {
        names.push_back(type.value(i)->name());
    }
    return names;
}

std::string kindOf(const FieldDescriptor& field) {
    switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
    case FieldDescriptor::CPPTYPE_INT64:
        return "a whole number";
    case FieldDescriptor::CPPTYPE_UINT32:
    case FieldDescriptor::CPPTYPE_UINT64:
        return "a whole number that is not negative";
    case FieldDescriptor::CPPTYPE_DOUBLE:
    case FieldDescriptor::CPPTYPE_FLOAT:
        return "a number";
    case FieldDescriptor::CPPTYPE_BOOL:
        return "true or false";
    case FieldDescriptor::CPPTYPE_ENUM:
        return "one of the names that the schema has";
    case FieldDescriptor::CPPTYPE_STRING:
        return field.type() == FieldDescriptor::TYPE_BYTES ? "bytes, written as base64 in quotation marks"
                                                           : "a text in quotation marks";
    case FieldDescriptor::CPPTYPE_MESSAGE:
        return "an object, { … }";
    }
    return "another value";
}

std::string quoted(std::string_view text, const std::optional<wire::TextRange>& where) {
    return where ? wire::showable(text.substr(where->at, where->bytes), kShownBytes) : std::string("this");
}

FaultWords unknownName(const Resolved& at) {
    const std::vector<std::string> names = namesOf(*at.holder);
    const std::string guess = nearest(at.name, names);
    const bool top = at.holder == wire::v1::DashStreamMessage::descriptor();
    FaultWords words;
    words.text = top ? "There is no message type " + at.name : at.holderName + " has no field " + at.name;
    words.remedy = guess.empty() ? (top ? "Types are: " : "Its fields: ") + list(names) : "Did you mean " + guess + "?";
    return words;
}

FaultWords wrongValue(std::string_view text, const Resolved& at, const std::optional<wire::TextRange>& where) {
    if (at.field == nullptr) {
        return {};
    }
    const std::string given = quoted(text, where);
    FaultWords words;
    if (at.field->cpp_type() != FieldDescriptor::CPPTYPE_ENUM) {
        words.text = at.name + " takes " + kindOf(*at.field) + ", not " + given;
        return words;
    }
    const std::vector<std::string> names = namesOf(*at.field->enum_type());
    std::string plain = given;
    std::erase(plain, '"');
    const std::string guess = nearest(plain, names);
    words.text = at.name + " knows no " + given;
    words.remedy = guess.empty() ? "It is one of " + list(names) : "Did you mean " + guess + "?";
    return words;
}

FaultWords secondOfOne(const Resolved& at) {
    if (at.holder == wire::v1::DashStreamMessage::descriptor()) {
        return {"A message holds one type, and another stands before " + at.name, "Take one of them out"};
    }
    return {at.holderName + " holds one value, and another stands before " + at.name, "Take one of them out"};
}

} // namespace

FaultWords wordsFor(std::string_view text, const wire::JsonFault& fault) {
    const Resolved at = resolve(fault.path);
    switch (fault.kind) {
    case JsonFaultKind::UnknownName:
        return at.holder != nullptr ? unknownName(at) : FaultWords{};
    case JsonFaultKind::WrongValue:
        return wrongValue(text, at, placeOf(text, fault));
    case JsonFaultKind::NoObject:
        return at.field != nullptr ? FaultWords{at.name + " takes " + kindOf(*at.field) + ", not an object", {}}
                                   : FaultWords{};
    case JsonFaultKind::NoList:
        return {at.name + " takes one value, not a list", "Write it without [ and ]"};
    case JsonFaultKind::SecondOfOne:
        return secondOfOne(at);
    case JsonFaultKind::NoMessage:
        return {"A message is an object: it begins with { and ends with }", {}};
    case JsonFaultKind::Syntax:
        break;
    }
    return {};
}

std::optional<wire::TextRange> placeOf(std::string_view text, const wire::JsonFault& fault) {
    const bool isName = fault.kind == JsonFaultKind::UnknownName || fault.kind == JsonFaultKind::SecondOfOne;
    if (fault.path.empty()) {
        const std::size_t first = text.find_first_not_of(" \t\r\n");
        return first == std::string_view::npos ? std::nullopt : std::optional(wire::TextRange{first, 1});
    }
    return isName ? wire::findJsonName(text, fault.path) : wire::findJsonValue(text, fault.path);
}

} // namespace dashstream::engine
