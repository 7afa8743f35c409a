// encode: JSON Lines to frames.
#include "app/commands/commands.h"
#include "core/base/message_id.h"
#include "core/flow/message_shape.h"
#include "core/source/source.h"
#include "core/wire/codec.h"
#include "core/wire/frames.h"

#include <unistd.h>

#include <unordered_map>

namespace dashstream::app {

namespace {

constexpr std::size_t kBatchMessages = 256;

class EncodeRun {
public:
    EncodeRun(const EncodeOptions& options, CommandContext& context, const config::MessageSettings& message)
        : m_options(options), m_context(context), m_message(message), m_encoder(flow::encodeSettingsOf(message)) {}

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
    if (const auto fault = flow::shapeFaultOf(*from.message)) {
        reject(from.position, fault->reason);
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

/// No store is asked here: a given number stays, a missing one follows the thread's last one in this input.
void EncodeRun::complete(wire::v1::DashStreamMessage& message) {
    const wire::v1::Header& header = *wire::headerOf(message);
    std::uint64_t& last = m_lastNumber[header.thread_id()];
    last = header.sequence() != 0 ? header.sequence() : last + 1;
    flow::fillHeader(message, m_message.tenant, SequenceNo{last}, m_clock.utcNow(), m_ids);
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
