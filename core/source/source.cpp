#include "core/source/source.h"

#include "core/source/frames_source.h"
#include "core/source/generator_settings.h"
#include "core/source/generator_source.h"
#include "core/source/input_file.h"
#include "core/source/jsonl_source.h"

#include <string_view>
#include <utility>

namespace dashstream::source {

namespace {

constexpr std::string_view kKinds =
    "A source is jsonl:FILE, - (JSON Lines from standard input), frames:FILE or generate:count=N,rate=R,threads=T,…";

template <typename FileSource>
Result<std::unique_ptr<Source>> openFile(const std::string& spec, std::string_view path) {
    if (path.empty()) {
        return fail(ErrorClass::Usage, "source.spec", "The source \"" + spec + "\" names no file", std::string(kKinds));
    }
    Result<InputFile> file = InputFile::open(std::string(path));
    if (!file) {
        return fail(std::move(file.error()));
    }
    return std::unique_ptr<Source>(std::make_unique<FileSource>(spec, std::move(*file)));
}

} // namespace

Result<std::unique_ptr<Source>> openSource(const std::string& spec) {
    if (spec == "-") {
        return std::unique_ptr<Source>(std::make_unique<JsonlSource>(spec, InputFile::standardInput()));
    }
    const std::size_t colon = spec.find(':');
    const std::string_view kind = std::string_view(spec).substr(0, colon);
    const std::string_view rest = colon == std::string::npos ? "" : std::string_view(spec).substr(colon + 1);
    if (kind == "generate") {
        Result<GeneratorSettings> settings = parseGeneratorSettings(rest);
        if (!settings) {
            return fail(std::move(settings.error()));
        }
        return std::unique_ptr<Source>(std::make_unique<GeneratorSource>(spec, std::move(*settings)));
    }
    if (colon != std::string::npos && kind == "jsonl") {
        return openFile<JsonlSource>(spec, rest);
    }
    if (colon != std::string::npos && kind == "frames") {
        return openFile<FramesSource>(spec, rest);
    }
    if (colon != std::string::npos && (kind == "tail" || kind == "socket")) {
        return fail(ErrorClass::Usage, "source.unsupported",
                    "This version has no \"" + std::string(kind) + "\" source yet", std::string(kKinds));
    }
    return fail(ErrorClass::Usage, "source.unknown", "There is no source \"" + spec + "\"", std::string(kKinds));
}

} // namespace dashstream::source
