#include "core/decode/protobuf_cost.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>

namespace dashstream::decode {

namespace {

namespace pb = google::protobuf;
using WireFormat = pb::internal::WireFormatLite;

// As protobuf 3.21 lays out a dynamic message, rounded up.
constexpr std::uint64_t kMessageBytes = 64;
constexpr std::uint64_t kFieldBytes = 32;
constexpr std::uint64_t kMapBytes = 192;
constexpr std::uint64_t kTextBytes = 64; ///< of a string with its place in a list
constexpr std::uint64_t kNumberBytes = 16;
constexpr int kDeepest = 100; // where protobuf's reader gives up

class Counter {
public:
    explicit Counter(std::uint64_t limit) : m_limit(limit) {}

    void message(const pb::Descriptor* type) {
        m_bytes += kMessageBytes;
        for (int index = 0; type != nullptr && index < type->field_count(); ++index) {
            m_bytes += type->field(index)->is_map() ? kMapBytes : kFieldBytes;
        }
    }

    /// False: damaged, or the limit is passed. Ends with the input, or behind the end of a group.
    bool fields(pb::io::CodedInputStream& in, const pb::Descriptor* type, int depth) {
        if (depth >= kDeepest) {
            return false;
        }
        while (const std::uint32_t tag = in.ReadTag()) {
            const pb::FieldDescriptor* field =
                type == nullptr ? nullptr : type->FindFieldByNumber(WireFormat::GetTagFieldNumber(tag));
            const pb::Descriptor* inner = field == nullptr ? nullptr : field->message_type();
            switch (WireFormat::GetTagWireType(tag)) {
            case WireFormat::WIRETYPE_END_GROUP:
                return true;
            case WireFormat::WIRETYPE_START_GROUP:
                message(inner);
                if (!within() || !fields(in, inner, depth + 1)) {
                    return false;
                }
                break;
            case WireFormat::WIRETYPE_LENGTH_DELIMITED:
                if (!delimited(in, inner, depth)) {
                    return false;
                }
                break;
            default:
                m_bytes += kNumberBytes;
                if (!WireFormat::SkipField(&in, tag)) {
                    return false;
                }
            }
            if (!within()) {
                return false;
            }
        }
        return true;
    }

    [[nodiscard]] bool within() const { return m_bytes <= m_limit; }

private:
    bool delimited(pb::io::CodedInputStream& in, const pb::Descriptor* inner, int depth) {
        std::uint32_t length = 0;
        if (!in.ReadVarint32(&length) || length > INT32_MAX) {
            return false;
        }
        if (inner == nullptr) {
            m_bytes += kTextBytes + std::uint64_t{length} * sizeof(std::uint64_t); // or a list of packed numbers
            return in.Skip(static_cast<int>(length));
        }
        message(inner);
        if (!within()) {
            return false;
        }
        const auto outer = in.PushLimit(static_cast<int>(length));
        const bool whole = fields(in, inner, depth + 1) && in.BytesUntilLimit() == 0;
        in.PopLimit(outer);
        return whole;
    }

    std::uint64_t m_limit;
    std::uint64_t m_bytes = 0;
};

} // namespace

bool fitsInMemory(std::string_view encoding, const pb::Descriptor& type, std::uint64_t limit) {
    if (encoding.size() > INT32_MAX) {
        return false;
    }
    pb::io::CodedInputStream in(reinterpret_cast<const std::uint8_t*>(encoding.data()),
                                static_cast<int>(encoding.size()));
    Counter counter(limit);
    counter.message(&type);
    static_cast<void>(counter.fields(in, &type, 0));
    return counter.within();
}

} // namespace dashstream::decode
