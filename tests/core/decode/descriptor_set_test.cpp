#include "core/decode/descriptor_set.h"
#include "core/decode/protobuf_cost.h"
#include "tests/core/decode/schemas.h"

#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <string>
#include <thread>
#include <vector>

namespace dashstream::decode {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string codeOf(const std::string& bytes) {
    const auto set = DescriptorSet::fromBytes(bytes, "shop.pb");
    return set ? "" : set.error().code;
}

TEST(DescriptorSet, ReadsFilesInAnyOrderAndKnowsTheCommonTypes) {
    const auto set = DescriptorSet::fromBytes(test::shopSet(), "shop.pb");

    ASSERT_TRUE(set) << set.error().text();
    EXPECT_THAT((*set)->messageTypes(),
                ElementsAre("shop.v1.Money", "shop.v1.Order", "shop.v1.Order.Line", "shop.v1.Orders"));
    const auto order = (*set)->newMessage("shop.v1.Order");
    ASSERT_TRUE(order) << order.error().text();
    EXPECT_EQ((*order)->GetTypeName(), "shop.v1.Order");
    EXPECT_EQ((*(*set)->newMessage("Line"))->GetTypeName(), "shop.v1.Order.Line") << "the last part is enough";
}

TEST(DescriptorSet, UnknownTypeNamesTheNearest) {
    const auto set = DescriptorSet::fromBytes(test::shopSet(), "shop.pb").value();

    const auto order = set->newMessage("shop.v2.oder");
    const auto none = set->newMessage("");

    ASSERT_FALSE(order);
    EXPECT_EQ(order.error().code, "descriptors.type");
    EXPECT_THAT(order.error().message, HasSubstr("no message type shop.v2.oder"));
    EXPECT_THAT(order.error().remedy, HasSubstr("nearest are: shop.v1.Order, "));
    EXPECT_THAT(none.error().message, HasSubstr("No message type is chosen"));
    EXPECT_FALSE(set->newMessage(std::string(1'000'000, 'x')));
    EXPECT_FALSE(set->newMessage("shop.v1.Order.NotesEntry")) << "made for a map";
}

TEST(DescriptorSet, AmbiguousLastPartIsNotGuessed) {
    google::protobuf::FileDescriptorSet set;
    for (const char* package : {"a", "b"}) {
        auto& file = test::addFile(set, package);
        file.set_package(package);
        file.add_message_type()->set_name("M");
    }
    const auto read = DescriptorSet::fromBytes(set.SerializeAsString(), "x").value();

    EXPECT_FALSE(read->newMessage("M"));
    EXPECT_TRUE(read->newMessage("b.M"));
}

TEST(DescriptorSet, FileIsRead) {
    const auto set = DescriptorSet::fromFile(test::setPath("shop_whole.pb"));
    const auto missing = DescriptorSet::fromFile(test::setPath("not-there.pb"));
    const auto folder = DescriptorSet::fromFile(DASHSTREAM_TEST_SCHEMAS);

    ASSERT_TRUE(set) << set.error().text();
    EXPECT_EQ((*set)->messageTypes().size(), 5U) << "and the timestamp";
    EXPECT_EQ(missing.error().code, "descriptors.read");
    EXPECT_EQ(missing.error().errorClass, ErrorClass::Usage);
    EXPECT_EQ(folder.error().code, "descriptors.read");
}

TEST(DescriptorSet, WhatIsNoSetSaysSo) {
    EXPECT_EQ(codeOf(""), "descriptors.not_a_set");
    EXPECT_EQ(codeOf("syntax = \"proto3\"; message M {}"), "descriptors.not_a_set")
        << "a .proto file instead of what protoc makes";
    EXPECT_EQ(codeOf("{\"a\":1}"), "descriptors.not_a_set");
    EXPECT_EQ(codeOf(std::string(kMaxDescriptorSetBytes + 1, 'x')), "descriptors.too_large");
    EXPECT_THAT(DescriptorSet::fromBytes("x", "shop.pb").error().text(), HasSubstr("protoc --include_imports"));
}

TEST(DescriptorSet, MissingImportIsNamed) {
    const auto read = DescriptorSet::fromFile(test::setPath("order_alone.pb"));

    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, "descriptors.broken");
    EXPECT_THAT(read.error().message, HasSubstr("shop/money.proto"));
    EXPECT_THAT(read.error().remedy, HasSubstr("--include_imports"));
}

TEST(DescriptorSet, HostileSetsAreRefused) {
    google::protobuf::FileDescriptorSet circle;
    test::addFile(circle, "a.proto", "b.proto");
    test::addFile(circle, "b.proto", "a.proto");
    google::protobuf::FileDescriptorSet row; // would take a stack of gigabytes
    for (int index = 0; index < 100'000; ++index) {
        test::addFile(row, std::to_string(index), std::to_string(index + 1));
    }
    row.mutable_file(99'999)->clear_dependency();
    google::protobuf::FileDescriptorSet twice;
    test::addFile(twice, "a.proto").add_message_type()->set_name("M");
    test::addFile(twice, "b.proto").add_message_type()->set_name("M");
    std::string empties; // two bytes each that take hundreds
    for (int index = 0; index < 8'000'000; ++index) {
        empties.append("\x0A\x00", 2);
    }

    EXPECT_EQ(codeOf(circle.SerializeAsString()), "descriptors.broken");
    EXPECT_EQ(codeOf(row.SerializeAsString()), "descriptors.too_deep");
    EXPECT_EQ(codeOf(twice.SerializeAsString()), "descriptors.broken");
    EXPECT_EQ(codeOf(empties), "descriptors.too_large");
}

TEST(DescriptorSet, TypesThatHangTogetherWithoutEndAreRefused) {
    google::protobuf::FileDescriptorSet set;
    auto& file = test::addFile(set, "a.proto");
    for (int index = 0; index < 10'000; ++index) {
        auto* type = file.add_message_type();
        type->set_name("M" + std::to_string(index));
        if (index + 1 < 10'000) {
            auto* field = type->add_field();
            field->set_name("f");
            field->set_number(1);
            field->set_label(google::protobuf::FieldDescriptorProto::LABEL_OPTIONAL);
            field->set_type(google::protobuf::FieldDescriptorProto::TYPE_MESSAGE);
            field->set_type_name(".M" + std::to_string(index + 1));
        }
    }
    const auto read = DescriptorSet::fromBytes(set.SerializeAsString(), "x");

    ASSERT_TRUE(read) << read.error().text();
    EXPECT_EQ((*read)->newMessage("M0").error().code, "descriptors.too_deep");
    EXPECT_TRUE((*read)->newMessage("M7001")) << "hangs on as many as may be";
}

TEST(DescriptorSet, AMessageOutlivesTheSet) {
    auto set = DescriptorSet::fromBytes(test::shopSet(), "shop.pb").value();
    const auto message = set->newMessage("Order").value();
    set.reset();

    ASSERT_TRUE(message->ParseFromString(std::string("\x38\x07", 2)));
    EXPECT_EQ(message->ShortDebugString(), "duration_us: 7");
}

TEST(DescriptorSet, ServesSeveralThreads) {
    const auto set = DescriptorSet::fromBytes(test::shopSet(), "shop.pb").value();
    std::vector<std::thread> threads;
    for (int index = 0; index < 4; ++index) {
        threads.emplace_back([set] {
            for (int round = 0; round < 200; ++round) {
                EXPECT_TRUE(set->newMessage(round % 2 == 0 ? "Order" : "Money"));
            }
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
}

TEST(ProtobufCost, CountsWhatAHostileEncodingWouldTake) {
    const auto set = DescriptorSet::fromBytes(test::shopSet(), "shop.pb").value();
    const auto message = set->newMessage("Orders").value();
    const google::protobuf::Descriptor& type = *message->GetDescriptor();
    std::string empties;
    for (int index = 0; index < 100'000; ++index) {
        empties.append("\x0A\x00", 2);
    }
    ASSERT_TRUE(message->ParseFromString(empties));

    EXPECT_TRUE(fitsInMemory("", type, 1000));
    EXPECT_TRUE(fitsInMemory(empties, type, 200'000'000));
    EXPECT_FALSE(fitsInMemory(empties, type, 20'000'000));
    EXPECT_FALSE(fitsInMemory(empties, type, message->SpaceUsedLong())) << "never less than what it takes";
    EXPECT_TRUE(fitsInMemory("\x0A\xFF\xFF\xFF\xFF\x7F", type, 1000)) << "damaged: the reader stops there";
    EXPECT_TRUE(fitsInMemory(std::string(1'000'000, '\x0B'), type, 100'000)) << "groups without end";
}

} // namespace
} // namespace dashstream::decode
