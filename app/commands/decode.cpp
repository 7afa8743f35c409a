// decode: frames to JSON Lines or text. It asks no settings: what it needs stands on the command line.
#include "app/commands/commands.h"
#include "app/terminal_text.h"
#include "core/source/input_file.h"
#include "core/wire/codec.h"
#include "core/wire/frames.h"
#include "core/wire/json_lines.h"

#include <vector>

namespace dashstream::app {

namespace {

constexpr std::size_t kPieceBytes = 64 * 1024;

wire::DecodeSettings decodeSettings(const DecodeOptions& options) {
    wire::DecodeSettings settings;
    settings.mode = options.compatible ? wire::DecodeMode::Compatible : wire::DecodeMode::Strict;
    settings.maxBytes = options.maxBytes == 0 ? wire::kDefaultDecodeLimit : options.maxBytes;
    return settings;
}

class DecodeRun {
public:
    DecodeRun(const DecodeOptions& options, CommandContext& context)
        : m_options(options), m_context(context), m_settings(decodeSettings(options)), m_decoder(m_settings) {}

    [[nodiscard]] ExitCode run(source::InputFile& input) {
        return m_options.single ? runSingle(input) : runSequence(input);
    }

private:
    /// The next piece; empty: the end.
    [[nodiscard]] Result<std::string_view> piece(source::InputFile& input);
    [[nodiscard]] ExitCode runSequence(source::InputFile& input);
    [[nodiscard]] ExitCode runSingle(source::InputFile& input);
    /// False: no further frame can be found.
    [[nodiscard]] bool takeAll(wire::FrameReader& reader);
    void show(ByteView value, const std::string& place);
    void bad(const std::string& place, const Error& error);
    [[nodiscard]] ExitCode result() const { return m_bad == 0 ? ExitCode::Done : ExitCode::Found; }

    const DecodeOptions& m_options;
    CommandContext& m_context;
    wire::DecodeSettings m_settings;
    wire::Decoder m_decoder;
    wire::v1::DashStreamMessage m_message;
    std::vector<char> m_piece = std::vector<char>(kPieceBytes);
    std::uint64_t m_frames = 0;
    std::uint64_t m_bad = 0;
};

Result<std::string_view> DecodeRun::piece(source::InputFile& input) {
    constexpr milliseconds kPatience{1000};
    const CancelToken never; // a signal ends the program, as with any filter
    while (true) {
        auto got = input.read(m_piece, kPatience, never);
        if (!got) {
            return fail(got.error());
        }
        if (got->bytes > 0 || got->ended) {
            return std::string_view(m_piece.data(), got->bytes);
        }
    }
}

ExitCode DecodeRun::runSequence(source::InputFile& input) {
    // A frame above --max-bytes is one bad frame, and the next is found; only past the common limit there is no next.
    wire::FrameReader reader(std::max(m_settings.maxBytes, wire::kDefaultFrameLimit));
    while (true) {
        auto bytes = piece(input);
        if (!bytes) {
            const ExitCode code = refuse(m_context, bytes.error());
            return m_frames == 0 ? code : ExitCode::Found;
        }
        if (bytes->empty()) {
            break;
        }
        reader.feed(asBytes(*bytes));
        if (!takeAll(reader)) {
            return ExitCode::Found;
        }
    }
    if (auto whole = reader.finish(); !whole) {
        bad("frame " + std::to_string(m_frames + 1), whole.error());
    }
    return result();
}

bool DecodeRun::takeAll(wire::FrameReader& reader) {
    while (true) {
        const std::string place =
            "frame " + std::to_string(m_frames + 1) + " (byte " + std::to_string(reader.offset()) + ")";
        auto value = reader.next();
        if (!value) {
            bad(place, value.error());
            return false;
        }
        if (!*value) {
            return true;
        }
        ++m_frames;
        show(**value, place);
    }
}

ExitCode DecodeRun::runSingle(source::InputFile& input) {
    std::string value;
    // One byte above the limit is enough for the decoder to refuse it.
    while (value.size() <= m_settings.maxBytes) {
        auto bytes = piece(input);
        if (!bytes) {
            return refuse(m_context, bytes.error());
        }
        if (bytes->empty()) {
            break;
        }
        value += *bytes;
    }
    show(asBytes(value), "the value");
    return result();
}

void DecodeRun::show(ByteView value, const std::string& place) {
    auto info = m_decoder.decode(value, m_message);
    if (!info) {
        bad(place, info.error());
        return;
    }
    if (!info->framed) {
        m_context.out.note(place + ": an unframed protobuf encoding");
    }
    if (m_options.text) {
        m_context.out.data(escapeInJson(wire::toText(m_message)) + "\n");
        return;
    }
    auto line = wire::toJsonLine(m_message);
    if (!line) {
        bad(place, line.error());
        return;
    }
    m_context.out.dataLine(*line);
}

void DecodeRun::bad(const std::string& place, const Error& error) {
    ++m_bad;
    m_context.out.complain(place + ": " + error.text());
}

} // namespace

ExitCode run(const DecodeOptions& options, CommandContext& context) {
    auto input = options.file == "-" ? Result<source::InputFile>(source::InputFile::standardInput())
                                     : source::InputFile::open(options.file);
    if (!input) {
        return refuse(context, input.error());
    }
    return DecodeRun(options, context).run(*input);
}

} // namespace dashstream::app
