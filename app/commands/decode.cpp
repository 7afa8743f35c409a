// decode: frames, or records of the dead letter topic, to JSON Lines or text. It asks no settings: what it needs stands
// on the command line.
#include "app/commands/commands.h"
#include "app/dead_letter_text.h"
#include "app/terminal_text.h"
#include "core/source/input_file.h"
#include "core/source/line_splitter.h"
#include "core/wire/codec.h"
#include "core/wire/dead_letter_reading.h"
#include "core/wire/frames.h"
#include "core/wire/json_lines.h"

#include <utility>
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

/// Whether more bytes may show that it is a dead letter record.
bool maybeLetter(std::string_view head) {
    const std::size_t first = head.find_first_not_of(" \t\r\n");
    return first == std::string_view::npos || (head[first] == '{' && !wire::beginsLikeDeadLetter(head));
}

/// One record over several lines, as jq prints it.
bool isIndented(std::string_view head) {
    const std::string_view afterBrace = head.substr(head.find('{') + 1);
    const std::size_t next = afterBrace.find_first_not_of(" \t\r");
    return next != std::string_view::npos && afterBrace[next] == '\n';
}

class DecodeRun {
public:
    DecodeRun(const DecodeOptions& options, CommandContext& context)
        : m_options(options), m_context(context), m_settings(decodeSettings(options)), m_decoder(m_settings) {}

    [[nodiscard]] ExitCode run(source::InputFile& input);

private:
    /// The next piece; empty: the end.
    [[nodiscard]] Result<std::string_view> piece(source::InputFile& input);
    /// Reads the beginning, to know what it is; piece() gives it first.
    [[nodiscard]] Result<void> peek(source::InputFile& input);
    [[nodiscard]] ExitCode runLetters(source::InputFile& input);
    void takeLetters(source::LineSplitter& lines);
    void showLetter(std::string_view json, const std::string& place);
    [[nodiscard]] ExitCode runSequence(source::InputFile& input);
    [[nodiscard]] ExitCode runSingle(source::InputFile& input, bool letter);
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
    std::string m_ahead; ///< read, and still to be given by piece()
    std::string m_given; ///< what piece() gave of it
    std::uint64_t m_frames = 0;
    std::uint64_t m_bad = 0;
};

Result<std::string_view> DecodeRun::piece(source::InputFile& input) {
    constexpr milliseconds kPatience{1000};
    const CancelToken never; // a signal ends the program, as with any filter
    if (!m_ahead.empty()) {
        m_given = std::exchange(m_ahead, {});
        return std::string_view(m_given);
    }
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

Result<void> DecodeRun::peek(source::InputFile& input) {
    std::string head;
    while (head.size() < wire::kDeadLetterHeadBytes && (head.empty() || maybeLetter(head))) {
        auto bytes = piece(input);
        if (!bytes) {
            return fail(bytes.error());
        }
        if (bytes->empty()) {
            break;
        }
        head += *bytes;
    }
    m_ahead = std::move(head);
    return {};
}

ExitCode DecodeRun::run(source::InputFile& input) {
    if (auto known = peek(input); !known) {
        return refuse(m_context, known.error());
    }
    const bool letters = wire::beginsLikeDeadLetter(std::string_view(m_ahead).substr(0, wire::kDeadLetterHeadBytes));
    if (m_options.single || (letters && isIndented(m_ahead))) {
        return runSingle(input, letters);
    }
    return letters ? runLetters(input) : runSequence(input);
}

ExitCode DecodeRun::runLetters(source::InputFile& input) {
    constexpr std::size_t kHeadBytes = 80;
    source::LineSplitter lines(wire::kMaxDeadLetterJsonBytes, kHeadBytes);
    while (true) {
        auto bytes = piece(input);
        if (!bytes) {
            static_cast<void>(refuse(m_context, bytes.error()));
            return ExitCode::Found;
        }
        if (bytes->empty()) {
            break;
        }
        lines.feed(*bytes);
        takeLetters(lines);
    }
    lines.finish();
    takeLetters(lines);
    return result();
}

void DecodeRun::takeLetters(source::LineSplitter& lines) {
    while (const auto line = lines.next()) {
        const std::string place = "line " + std::to_string(line->number);
        if (line->tooLongBytes > 0) {
            const std::string why = "The dead letter record is " + std::to_string(line->tooLongBytes) +
                                    " bytes long, the limit is " + std::to_string(wire::kMaxDeadLetterJsonBytes);
            bad(place, Error{ErrorClass::PermanentMessage, "dlq.too_large", why, ""});
        } else if (line->text.find_first_not_of(" \t") != std::string_view::npos) {
            showLetter(line->text, place);
        }
    }
}

void DecodeRun::showLetter(std::string_view json, const std::string& place) {
    auto letter = wire::readDeadLetter(json, m_decoder);
    if (!letter) {
        bad(place, letter.error());
        if (m_bad == 1) {
            m_context.out.note("The input is JSON, so it is taken for records of the dead letter topic. Messages as "
                               "JSON Lines need no decoding; 'encode' makes frames of them.");
        }
        return;
    }
    if (m_options.text) {
        m_context.out.data(letterText(*letter, nullptr) + "\n");
        return;
    }
    auto line = letterLine(*letter, nullptr);
    if (!line) {
        bad(place, line.error());
        return;
    }
    m_context.out.dataLine(*line);
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

ExitCode DecodeRun::runSingle(source::InputFile& input, bool letter) {
    std::string value;
    // One byte above the limit is enough for the decoder to refuse it.
    const std::size_t limit = letter ? wire::kMaxDeadLetterJsonBytes : m_settings.maxBytes;
    while (value.size() <= limit) {
        auto bytes = piece(input);
        if (!bytes) {
            return refuse(m_context, bytes.error());
        }
        if (bytes->empty()) {
            break;
        }
        value += *bytes;
    }
    letter ? showLetter(value, "the record") : show(asBytes(value), "the value");
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
