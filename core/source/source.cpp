#include "core/source/source.h"

#include "core/source/frames_source.h"
#include "core/source/generator_settings.h"
#include "core/source/generator_source.h"
#include "core/source/jsonl_source.h"
#include "core/source/opened_file.h"

#include <string_view>
#include <utility>

namespace dashstream::source {

namespace {

constexpr std::string_view kKinds =
    "A source is jsonl:FILE, - (JSON Lines from standard input), frames:FILE or generate:count=N,rate=R,threads=T,…";

template <typename FileSource>
Result<std::unique_ptr<Source>> openFile(const std::string& spec, std::string_view kind, const ResumePoint* point) {
    const std::string path = spec.substr(kind.size() + 1);
    if (path.empty()) {
        return fail(ErrorClass::Usage, "source.spec", "The source \"" + spec + "\" names no file", std::string(kKinds));
    }
    Result<OpenedFile> opened = openInput(kind, path, point);
    if (!opened) {
        return fail(std::move(opened.error()));
    }
    return std::unique_ptr<Source>(std::make_unique<FileSource>(spec, std::move(*opened)));
}

Result<std::unique_ptr<Source>> openFrom(const std::string& spec, const ResumePoint* point) {
    if (spec == "-" && point == nullptr) {
        OpenedFile input{InputFile::standardInput(), {}, std::nullopt, std::nullopt};
        return std::unique_ptr<Source>(std::make_unique<JsonlSource>(spec, std::move(input)));
    }
    const std::size_t colon = spec.find(':');
    const std::string_view kind = std::string_view(spec).substr(0, colon);
    const bool given = colon != std::string::npos;
    if (given && kind == "jsonl") {
        return openFile<JsonlSource>(spec, kind, point);
    }
    if (given && kind == "frames") {
        return openFile<FramesSource>(spec, kind, point);
    }
    if (given && (kind == "tail" || kind == "socket")) {
        return fail(ErrorClass::Usage, "source.unsupported",
                    "This version has no \"" + std::string(kind) + "\" source yet", std::string(kKinds));
    }
    if (kind != "generate" && spec != "-") {
        return fail(ErrorClass::Usage, "source.unknown", "There is no source \"" + spec + "\"", std::string(kKinds));
    }
    if (point != nullptr) {
        return notResumable(spec);
    }
    Result<GeneratorSettings> settings = parseGeneratorSettings(given ? std::string_view(spec).substr(colon + 1) : "");
    if (!settings) {
        return fail(std::move(settings.error()));
    }
    return std::unique_ptr<Source>(std::make_unique<GeneratorSource>(spec, std::move(*settings)));
}

} // namespace

Result<std::unique_ptr<Source>> openSource(const std::string& spec) {
    return openFrom(spec, nullptr);
}

Result<std::unique_ptr<Source>> openSourceAt(const std::string& spec, const ResumePoint& point) {
    return openFrom(spec, &point);
}

} // namespace dashstream::source
