// A message's content as a JSON document that can be edited, and back. Only content that comes back the same, byte for
// meaning, is given: what an edit does not touch must not change. Foreign bytes, bounded before they are parsed. One
// thread.
#pragma once

#include "core/mend/field_path.h"
#include "core/wire/codec.h"

#include <optional>
#include <string>
#include <string_view>

namespace dashstream::mend {

struct Document {
    bool dashstream = false; ///< a framed DashStreamMessage in protobuf's JSON mapping; else plain JSON
    Json json;
};

class Documents {
public:
    explicit Documents(wire::EncodeSettings settings);

    /// Errors (PermanentMessage): "edit.content": it is neither, or JSON would lose something of it (fields of a newer
    /// schema, numbers with more digits than a double has, a member that stands twice, deep nesting).
    [[nodiscard]] Result<Document> read(std::string_view value);

    struct Written {
        std::string value;
        std::optional<wire::v1::DashStreamMessage> message; ///< of a DashStream document that changed
        bool otherThread = false;                           ///< it belongs to another thread than before
    };
    /// A DashStream document is checked as admission checks a message, gets `newId` and the id it had as its parent;
    /// its message_id, parent_id and sequence must be those of `before`. Errors (PermanentMessage): "edit.result",
    /// "edit.owned", and those of the encoder ("wire.too_large").
    [[nodiscard]] Result<Written> write(const Document& before, const Json& after, std::string_view newId);

private:
    [[nodiscard]] Result<Written> writeMessage(const Json& before, const Json& after, std::string_view newId);

    wire::Decoder m_decoder;
    wire::Encoder m_encoder;
};

} // namespace dashstream::mend
