// encode: JSON Lines to frames.
#include "app/commands/commands.h"
#include "core/base/message_id.h"
#include "core/source/source.h"
#include "core/wire/codec.h"
#include "core/wire/frames.h"

#include <unistd.h>

#include <unordered_map>

namespace dashstream::app {

namespace {

constexpr std::size_t kBatchMessages = 256;

wire::EncodeSettings encodeSettings(const config::MessageSettings& message) {
    wire::EncodeSettings settings;
    settings.compress = message.compression == config::MessageCompression::Message;
    settings.thresholdBytes = message.compressionThreshold;
    settings.level = message.compressionLevel;
    settings.maxBytes = message.maxBytes;
    return settings;
}

class EncodeRun {
public:
    EncodeRun(const EncodeOptions& options, CommandContext& context, const config::MessageSettings& message)
        : m_options(options), m_context(context), m_message(message), m_encoder(encodeSettings(message)) {}

    [[nodiscard]] ExitCode run(source::Source& source);

private:
    void take(source::SourceBatch& batch);
    void encodeOne(const source::SourceMessage& from);
    void reject(std::uint64_t position, const std::string& reason);
    void complete(wire::v1::DashStreamMessage& message);

    const EncodeOptions& m_options;
    CommandContext& m_context;
    const config::MessageSettings& m_message;
    wire::Encoder m_encoder;
    ByteArena m_arena;
    MessageIdGenerator m_ids;
    SystemClock m_clock;
    std::unordered_map<std::string, std::uint64_t> m_lastNumber; ///< by thread
    std::uint64_t m_encoded = 0;
    std::uint64_t m_rejected = 0;
};

ExitCode EncodeRun::run(source::Source& source) {
    const CancelToken never;
    bool ended = false;
    while (!ended) {
        auto batch = source.read(kBatchMessages, never);
        if (!batch) {
            const ExitCode code = refuse(m_context, batch.error());
            return m_encoded + m_rejected == 0 ? code : ExitCode::Found;
        }
        take(*batch);
        ended = batch->ended;
    }
    if (m_options.single && m_encoded + m_rejected != 1) {
        m_context.out.complain("--single needs exactly one message; there are " +
                               std::to_string(m_encoded + m_rejected));
        return ExitCode::Usage;
    }
    return m_rejected == 0 ? ExitCode::Done : ExitCode::Found;
}

void EncodeRun::take(source::SourceBatch& batch) {
    for (const source::SourceReject& bad : batch.rejects) {
        reject(bad.position, bad.reason);
    }
    for (const source::SourceMessage& message : batch.messages) {
        encodeOne(message);
    }
}

void EncodeRun::encodeOne(const source::SourceMessage& from) {
    const wire::v1::Header* header = wire::mutableHeaderOf(*from.message);
    if (header == nullptr || header->thread_id().find_first_not_of(" \t\r\n\v\f") == std::string::npos) {
        reject(from.position,
               header == nullptr ? "no message type is set" : "header.thread_id is blank: it is the key");
        return;
    }
    complete(*from.message);
    m_arena.reset();
    auto value = m_encoder.encode(*from.message, m_arena);
    if (!value) {
        reject(from.position, value.error().text());
        return;
    }
    ++m_encoded;
    if (m_options.single) {
        if (m_encoded == 1) {
            m_context.out.data(asText(*value));
        }
        return;
    }
    std::string frame;
    wire::appendFrame(*value, frame);
    m_context.out.data(frame);
}

void EncodeRun::reject(std::uint64_t position, const std::string& reason) {
    ++m_rejected;
    m_context.out.complain("line " + std::to_string(position) + ": " + reason);
}

void EncodeRun::complete(wire::v1::DashStreamMessage& message) {
    wire::v1::Header& header = *wire::mutableHeaderOf(message);
    const UtcTime now = m_clock.utcNow();
    if (header.message_id().empty()) {
        header.set_message_id(std::string(m_ids.next(now).raw()));
    }
    if (header.timestamp_us() == 0) {
        header.set_timestamp_us(toMicros(now));
    }
    if (header.tenant_id().empty()) {
        header.set_tenant_id(m_message.tenant);
    }
    if (header.schema_version() == 0) {
        header.set_schema_version(1);
    }
    header.set_type(wire::typeOf(message));
    // No store is asked here: a given number stays, a missing one follows the thread's last one in this input.
    std::uint64_t& last = m_lastNumber[header.thread_id()];
    if (header.sequence() == 0) {
        header.set_sequence(last + 1);
    }
    last = header.sequence();
}

} // namespace

ExitCode run(const EncodeOptions& options, CommandContext& context) {
    if (::isatty(STDOUT_FILENO) == 1) {
        return refuse(context, Error{ErrorClass::Usage, "encode.terminal", "Frames are bytes that no terminal can show",
                                     "Send them to a file: dashstreamctl encode FILE > FILE.frames"});
    }
    auto settings = usableSettingsOf(context);
    if (!settings) {
        return refuse(context, settings.error());
    }
    auto source = source::openSource(options.file == "-" ? "-" : "jsonl:" + options.file);
    if (!source) {
        return refuse(context, source.error());
    }
    return EncodeRun(options, context, settings->loaded.config.message).run(**source);
}

} // namespace dashstream::app
