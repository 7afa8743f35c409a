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

struct SpecParts {
    std::string_view kind;
    std::string_view rest; ///< after the colon
    bool hasColon = false;
};

SpecParts split(std::string_view spec) {
    const std::size_t colon = spec.find(':');
    const bool hasColon = colon != std::string_view::npos;
    return {spec.substr(0, colon), hasColon ? spec.substr(colon + 1) : std::string_view(), hasColon};
}

template <typename FileSource>
Result<std::unique_ptr<Source>> openFile(const std::string& spec, const SpecParts& parts, const ResumePoint* point) {
    Result<OpenedFile> opened = openInput(parts.kind, std::string(parts.rest), point);
    if (!opened) {
        return fail(std::move(opened.error()));
    }
    return std::unique_ptr<Source>(std::make_unique<FileSource>(spec, std::move(*opened)));
}

Result<std::unique_ptr<Source>> openFrom(const std::string& spec, const ResumePoint* point) {
    if (auto checked = checkSpec(spec); !checked) {
        return fail(std::move(checked.error()));
    }
    const SpecParts parts = split(spec);
    if (parts.kind == "jsonl") {
        return openFile<JsonlSource>(spec, parts, point);
    }
    if (parts.kind == "frames") {
        return openFile<FramesSource>(spec, parts, point);
    }
    if (point != nullptr) {
        return notResumable(spec);
    }
    if (spec == "-") {
        OpenedFile input{InputFile::standardInput(), {}, std::nullopt, std::nullopt};
        return std::unique_ptr<Source>(std::make_unique<JsonlSource>(spec, std::move(input)));
    }
    Result<GeneratorSettings> settings = parseGeneratorSettings(parts.rest);
    if (!settings) {
        return fail(std::move(settings.error()));
    }
    return std::unique_ptr<Source>(std::make_unique<GeneratorSource>(spec, std::move(*settings)));
}

} // namespace

Result<void> checkSpec(const std::string& spec) {
    const auto [kind, rest, hasColon] = split(spec);
    if (spec == "-") {
        return {};
    }
    if (kind == "generate") {
        const Result<GeneratorSettings> settings = parseGeneratorSettings(rest);
        return settings ? Result<void>() : fail(settings.error());
    }
    if (hasColon && (kind == "jsonl" || kind == "frames")) {
        return !rest.empty() ? Result<void>()
                             : fail(ErrorClass::Usage, "source.spec", "The source \"" + spec + "\" names no file",
                                    std::string(kKinds));
    }
    if (hasColon && (kind == "tail" || kind == "socket")) {
        return fail(ErrorClass::Usage, "source.unsupported",
                    "This version has no \"" + std::string(kind) + "\" source yet", std::string(kKinds));
    }
    return fail(ErrorClass::Usage, "source.unknown", "There is no source \"" + spec + "\"", std::string(kKinds));
}

Result<std::unique_ptr<Source>> openSource(const std::string& spec) {
    return openFrom(spec, nullptr);
}

Result<std::unique_ptr<Source>> openSourceAt(const std::string& spec, const ResumePoint& point) {
    return openFrom(spec, &point);
}

} // namespace dashstream::source
