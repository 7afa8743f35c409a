// What a job sends again: messages of the store's dead letters, or records of another's dead letter topic, which are
// read anew when their turn comes. The loop's thread only; reading a topic blocks it for some seconds at most.
#pragma once

#include "core/kafka/producer.h"
#include "core/resend/context.h"

#include <memory>
#include <span>
#include <string>
#include <vector>

namespace dashstream::resend {

/// One message as it goes to Kafka again.
struct Content {
    DeadLetterId item;
    std::string notSent;  ///< why it cannot be sent, for a person; empty: it can
    bool byEdits = false; ///< notSent: the job's edits do not fit it
    std::optional<std::string> key;
    std::optional<std::string> value;
    std::vector<kafka::Header> headers;
    std::int64_t timestampMs = 0; ///< since the epoch; 0: the time of sending
    int rounds = 0;               ///< how often it failed after it was sent again

    [[nodiscard]] std::size_t bytes() const {
        std::size_t all = (key ? key->size() : 0) + (value ? value->size() : 0);
        for (const kafka::Header& header : headers) {
            all += header.name.size() + (header.value ? header.value->size() : 0);
        }
        return all;
    }
};

class Contents {
public:
    /// Never more at once, but for a single one that is larger.
    static constexpr std::size_t kBytesAtOnce = 16U * 1024 * 1024;

    virtual ~Contents() = default;
    /// Of these items, in ascending order: as many of the first as fit, at least one. Errors: those of the store or of
    /// Kafka; ask again later.
    [[nodiscard]] virtual Result<std::vector<Content>> read(std::span<const DeadLetterId> items) = 0;
    /// A place where a person finds it: "dead letter 7", "events-dlq, partition 2, offset 17".
    [[nodiscard]] virtual std::string placeOf(DeadLetterId item) const = 0;
};

/// Dead letters of the store, sent byte for byte as they were made.
[[nodiscard]] std::unique_ptr<Contents> letterContents(Context& context);
/// Records of `topic` that `job` noted in the store, as they stood before they failed.
[[nodiscard]] std::unique_ptr<Contents> topicContents(Context& context, std::string topic, ResendJobId job);

} // namespace dashstream::resend
