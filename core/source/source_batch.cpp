#include "core/source/source_batch.h"

#include "core/wire/utf8.h"

#include <algorithm>
#include <utility>

namespace dashstream::source {

SourceBatch makeBatch(std::size_t maxMessages) {
    constexpr std::size_t perMessage = 600;
    google::protobuf::ArenaOptions options;
    options.start_block_size = std::clamp<std::size_t>(maxMessages * perMessage, 4096, 64U * 1024);
    options.max_block_size = 256U * 1024;
    SourceBatch batch;
    batch.arena = std::make_unique<google::protobuf::Arena>(options);
    batch.messages.reserve(std::min<std::size_t>(maxMessages, 4096));
    return batch;
}

SourceReject makeReject(std::uint64_t position, std::string reason, std::string_view raw) {
    return {position,
            std::move(reason),
            wire::showable(raw, kRejectExcerptBytes),
            std::string(raw.substr(0, kRejectRawBytes)),
            RejectCause::Invalid,
            {}};
}

} // namespace dashstream::source
