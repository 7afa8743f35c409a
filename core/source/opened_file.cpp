#include "core/source/opened_file.h"

#include <filesystem>
#include <utility>

namespace dashstream::source {

Failure notResumable(const std::string& spec) {
    return fail(ErrorClass::Usage, kNotResumable,
                (spec == "-" ? "Standard input" : "The source " + spec) +
                    " has no place to go on from: only files have one (jsonl:FILE, frames:FILE)",
                "Start it anew: without --resume");
}

Result<OpenedFile> openInput(std::string_view kind, const std::string& path, const ResumePoint* point) {
    Result<InputFile> file = InputFile::open(path);
    if (!file) {
        return fail(std::move(file.error()));
    }
    OpenedFile opened{std::move(*file), {}, std::nullopt, std::nullopt};
    std::error_code failure;
    const std::filesystem::path whole = std::filesystem::canonical(path, failure);
    if (!opened.file.regular() || failure) { // a pipe, or a file that is gone already
        return point == nullptr ? Result<OpenedFile>(std::move(opened)) : notResumable(std::string(kind) + ":" + path);
    }
    opened.name = std::string(kind) + ":" + whole.string();
    Result<ContentDigest> digest = ContentDigest::start();
    if (!digest) {
        return fail(std::move(digest.error()));
    }
    if (point == nullptr || point->position == 0) {
        opened.place.emplace(std::move(*digest), 0);
        return opened;
    }
    Result<PrefixCheck> check = PrefixCheck::start(opened.file, *point, std::move(*digest));
    if (!check) {
        return fail(std::move(check.error()));
    }
    opened.check = std::move(*check);
    return opened;
}

} // namespace dashstream::source
