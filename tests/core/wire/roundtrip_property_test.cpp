// What is encoded decodes to the same, for random messages of every type: as a framed value with and without
// compression, in a sequence of frames read in any pieces, as JSON Lines.
#include "core/wire/frames.h"
#include "core/wire/json_lines.h"
#include "core/wire/message_access.h"
#include "tests/core/wire/random_message.h"

#include <google/protobuf/util/json_util.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>

namespace dashstream::wire {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::util::MessageDifferencer;

RC_GTEST_PROP(RoundTrip, DecodeGivesBackWhatWasEncoded, (bool compress, bool strict)) {
    v1::DashStreamMessage message = *test::anyMessage();
    Encoder encoder(EncodeSettings{.compress = compress});
    ByteArena arena;

    const auto framed = encoder.encode(message, arena); // sets what the header says of the compression
    RC_ASSERT(framed.has_value());
    Decoder decoder(DecodeSettings{.mode = strict ? DecodeMode::Strict : DecodeMode::Compatible});
    v1::DashStreamMessage again;
    const auto info = decoder.decode(*framed, again);

    RC_ASSERT(info.has_value());
    RC_ASSERT(info->framed);
    RC_ASSERT(!info->compressed || compress);
    RC_ASSERT(MessageDifferencer::Equals(again, message));
    RC_CLASSIFY(info->compressed, "compressed");
    RC_TAG(std::string(typeName(typeOf(message))));
}

RC_GTEST_PROP(RoundTrip, FramesInAnyPiecesGiveBackEachValue, (bool compress)) {
    const auto messages = *rc::gen::container<std::vector<v1::DashStreamMessage>>(test::anyMessage());
    Encoder encoder(EncodeSettings{.compress = compress});
    ByteArena arena;
    std::string stream;
    std::vector<v1::DashStreamMessage> sent = messages;
    for (v1::DashStreamMessage& message : sent) {
        const auto framed = encoder.encode(message, arena);
        RC_ASSERT(framed.has_value());
        appendFrame(*framed, stream);
    }

    FrameReader reader;
    Decoder decoder;
    std::size_t found = 0;
    for (std::size_t at = 0; at < stream.size();) {
        const auto piece = std::min<std::size_t>(stream.size() - at, *rc::gen::inRange<std::size_t>(1, 700));
        reader.feed(asBytes(std::string_view(stream).substr(at, piece)));
        at += piece;
        for (auto value = reader.next(); value && *value; value = reader.next()) {
            v1::DashStreamMessage again;
            RC_ASSERT(found < sent.size());
            RC_ASSERT(decoder.decode(**value, again).has_value());
            RC_ASSERT(MessageDifferencer::Equals(again, sent[found]));
            ++found;
        }
    }
    RC_ASSERT(found == sent.size());
    RC_ASSERT(reader.finish().has_value());
}

RC_GTEST_PROP(RoundTrip, JsonLineGivesBackTheMessage, ()) {
    const v1::DashStreamMessage message = *test::anyMessage();

    const auto line = toJsonLine(message);
    RC_ASSERT(line.has_value());
    RC_ASSERT(line->find('\n') == std::string::npos);
    v1::DashStreamMessage again;
    TraceContext trace;
    const auto parsed = parseJsonLine(*line, again, trace);

    RC_ASSERT(parsed.has_value());
    RC_ASSERT(MessageDifferencer::Equals(again, message));
}

/// Every field of `type` and of the types within it.
void collectFields(const google::protobuf::Descriptor& type, std::set<std::string>& names) {
    for (int i = 0; i < type.field_count(); ++i) {
        const FieldDescriptor& field = *type.field(i);
        if (!names.insert(field.full_name()).second) {
            continue;
        }
        if (field.message_type() != nullptr) {
            collectFields(*field.message_type(), names);
        }
    }
}

/// Those of them that are set anywhere in `message`.
void collectSet(const google::protobuf::Message& message, std::set<std::string>& names) {
    std::vector<const FieldDescriptor*> fields;
    message.GetReflection()->ListFields(message, &fields);
    for (const FieldDescriptor* field : fields) {
        names.insert(field->full_name());
        if (field->message_type() == nullptr) {
            continue;
        }
        const int count = field->is_repeated() ? message.GetReflection()->FieldSize(message, field) : 1;
        for (int i = 0; i < count; ++i) {
            collectSet(field->is_repeated() ? message.GetReflection()->GetRepeatedMessage(message, field, i)
                                            : message.GetReflection()->GetMessage(message, field),
                       names);
        }
    }
}

class EveryField : public ::testing::TestWithParam<int> {};

TEST_P(EveryField, SurvivesJsonInBothNameStyles) {
    const v1::DashStreamMessage message = test::fullMessage(GetParam());
    std::set<std::string> wanted;
    std::set<std::string> present;
    const FieldDescriptor& body = *message.GetDescriptor()->FindFieldByNumber(GetParam());
    collectFields(*body.message_type(), wanted);
    collectSet(message.GetReflection()->GetMessage(message, &body), present);
    for (const std::string& name : wanted) {
        EXPECT_TRUE(present.contains(name)) << name << " is not tried";
    }

    const auto original = toJsonLine(message);
    ASSERT_TRUE(original) << original.error().text();
    std::string camel;
    ASSERT_TRUE(google::protobuf::util::MessageToJsonString(message, &camel).ok());

    EXPECT_NE(*original, camel);
    for (const std::string* text : std::initializer_list<const std::string*>{&original.value(), &camel}) {
        v1::DashStreamMessage again;
        TraceContext trace;
        const auto parsed = parseJsonLine(*text, again, trace);
        ASSERT_TRUE(parsed) << parsed.error().text();
        EXPECT_TRUE(MessageDifferencer::Equals(again, message)) << *text;
    }
}

INSTANTIATE_TEST_SUITE_P(Types, EveryField, ::testing::Range(1, 10));

} // namespace
} // namespace dashstream::wire
