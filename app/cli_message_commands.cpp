// produce, run, encode, decode, consume: what carries messages.
#include "app/cli_commands.h"

namespace dashstream::app {

namespace {

constexpr const char* kSourceHelp =
    "jsonl:FILE, - (JSON Lines from stdin), frames:FILE, or\n"
    "generate:count=N,rate=R,threads=T,bytes=B,types=a+b,seed=S (rate: messages per second, 0: as fast as it goes; "
    "bytes: length of each message's text; types: default all nine)";

void addProduce(CLI::App& app, CommandDrafts& drafts) {
    ProduceOptions& options = drafts.produce;
    CLI::App* produce =
        addCommand(app, "produce",
                   "Sends what SOURCE gives until it ends and everything is settled, then says the accounting. "
                   "SIGINT or SIGTERM drains; a second one stops at once; what remains stays in the store.",
                   "dashstreamctl --json produce jsonl:telemetry.jsonl --rejects rejects.jsonl");
    produce->add_option("SOURCE", options.source, kSourceHelp)->required();
    addDuration(*produce, "--drain-timeout", options.drainTimeout,
                "Longest wait for what is in flight after a signal (default 10s)");
    produce
        ->add_option_function<std::string>(
            "--connect-timeout",
            [&options](const std::string& text) { options.connectTimeout = orThrow(parseDuration(text)); },
            "Give up with exit code 3 when nothing could be sent within this time (default: wait)")
        ->type_name("DURATION");
    produce
        ->add_option("--rejects", options.rejectsFile,
                     "Write each rejected line here, one JSON object a line: position, reason, line")
        ->type_name("FILE");
    produce
        ->add_option_function<std::string>(
            "--on-refused", [&options](const std::string& text) { options.rejectWhenLimited = text == "reject"; },
            "What happens to a message over the rate limit: wait (default) or reject")
        ->type_name("POLICY")
        ->check(CLI::IsMember({"wait", "reject"}));
    produce->add_flag("--resume", options.resume,
                      "Go on with a file after its last accepted message; it may have grown, but what was read "
                      "must be the same. A file that was never read begins at its beginning");
    produce->callback([&drafts] { drafts.command = [&drafts] { return drafts.produce; }; });
}

void addRun(CLI::App& app, CommandDrafts& drafts) {
    CLI::App* run =
        addCommand(app, "run",
                   "Sends what the configured [[sources]] give and serves metrics.listen and health.listen, without a "
                   "display, until SIGTERM or SIGINT, which drain as 'produce' does. SIGHUP reads the settings again: "
                   "what can change at once is applied, for the rest it says what needs a restart.",
                   "dashstreamctl --profile prod --set metrics.listen=9464 --set health.listen=9465 run");
    addDuration(*run, "--drain-timeout", drafts.run.drainTimeout,
                "Longest wait for what is in flight after a signal (default 10s)");
    run->callback([&drafts] { drafts.command = [&drafts] { return drafts.run; }; });
}

void addEncode(CLI::App& app, CommandDrafts& drafts) {
    EncodeOptions& options = drafts.encode;
    CLI::App* encode = addCommand(app, "encode",
                                  "JSON Lines to frames on stdout, each with its length before it. Missing header "
                                  "fields are filled in; a bad line is one line on stderr, and exit code 1.",
                                  "dashstreamctl encode telemetry.jsonl > telemetry.frames");
    encode->add_option("FILE", options.file, "JSON Lines; - is stdin (default: -)");
    encode->add_flag("--single", options.single, "Exactly one message: its framed value alone, without the length");
    encode->callback([&drafts] { drafts.command = [&drafts] { return drafts.encode; }; });
}

void addDecode(CLI::App& app, CommandDrafts& drafts) {
    DecodeOptions& options = drafts.decode;
    CLI::App* decode = addCommand(app, "decode",
                                  "Frames to JSON Lines on stdout. A bad frame is one line on stderr with its "
                                  "position, and exit code 1; the rest goes on. Records of the dead letter topic, one "
                                  "a line, are recognised and shown with the message inside.",
                                  "dashstreamctl decode --strict telemetry.frames");
    decode->add_option("FILE", options.file,
                       "Frames: repeated varint length and framed value; or dead letter records, one a line; - is "
                       "stdin (default: -)");
    CLI::Option* compatible =
        decode->add_flag("--compatible", options.compatible, "Take an unframed protobuf encoding too, and say so");
    decode
        ->add_flag_function(
            "--strict", [&options](std::int64_t) { options.compatible = false; }, "Refuse what is not framed (default)")
        ->excludes(compatible);
    decode
        ->add_option_function<std::string>(
            "--max-bytes", [&options](const std::string& text) { options.maxBytes = orThrow(parseSize(text)); },
            "Refuse a longer value, or one that decompresses to more (default 10MiB)")
        ->type_name("SIZE");
    decode
        ->add_option_function<std::string>(
            "--format", [&options](const std::string& text) { options.text = text == "text"; },
            "json: JSON Lines (default); text: protobuf's text format")
        ->type_name("FORMAT")
        ->check(CLI::IsMember({"json", "text"}));
    decode->add_flag("--single", options.single,
                     "The whole input is one framed value or one dead letter record, not a sequence");
    decode->callback([&drafts] { drafts.command = [&drafts] { return drafts.decode; }; });
}

void addConsume(CLI::App& app, CommandDrafts& drafts) {
    ConsumeOptions& options = drafts.consume;
    CLI::App* consume = addCommand(app, "consume",
                                   "Reads a topic as JSON Lines, strictly decoded, without joining a group. A record "
                                   "that is no frame is one line on stderr, and exit code 1. Dead letter records "
                                   "(--topic dashstream-dlq) are shown with the message inside.",
                                   "dashstreamctl consume --topic dashstream-events --until-end --check");
    consume->add_option("--topic", options.topic, "Topic (default: the configured one)")->type_name("NAME");
    consume
        ->add_option_function<std::int32_t>(
            "--partition", [&options](std::int32_t id) { options.partition = id; }, "One partition (default: all)")
        ->type_name("N")
        ->check(CLI::NonNegativeNumber);
    consume->add_option("--from", options.from, "beginning (default), end, or an offset")->type_name("POSITION");
    consume
        ->add_option_function<std::uint64_t>(
            "--limit", [&options](std::uint64_t count) { options.limit = count; }, "Stop after so many records")
        ->type_name("N");
    addDuration(*consume, "--timeout", options.timeout,
                "Longest wait for the cluster's first answer; exit code 3 after it (default 10s)");
    consume
        ->add_option_function<std::string>(
            "--format", [&options](const std::string& text) { options.text = text == "text"; },
            "json: JSON Lines (default); text: for a person to read")
        ->type_name("FORMAT")
        ->check(CLI::IsMember({"json", "text"}));
    consume->add_flag("--until-end", options.untilEnd, "Stop at the end as it was at the start");
    consume->add_flag("--check", options.check,
                      "Print no records, only gaps, duplicates and reorders by thread, and counts; exit code 1 when "
                      "one is found. The first number seen of a thread is its baseline");
    consume->callback([&drafts] { drafts.command = [&drafts] { return drafts.consume; }; });
}

} // namespace

void addMessageCommands(CLI::App& app, CommandDrafts& drafts) {
    addProduce(app, drafts);
    addRun(app, drafts);
    addEncode(app, drafts);
    addDecode(app, drafts);
    addConsume(app, drafts);
}

} // namespace dashstream::app
