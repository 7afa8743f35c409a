#include "core/source/resume.h"

#include "core/source/opened_file.h"

#include <algorithm>
#include <filesystem>
#include <utility>

namespace dashstream::source {

namespace {

constexpr std::size_t kDigestBytes = 32;

} // namespace

Result<std::string> resumableName(const std::string& spec) {
    const std::filesystem::path path = spec.substr(std::min(spec.find(':'), spec.size() - 1) + 1);
    std::error_code ignored;
    const bool pipe = std::filesystem::exists(path, ignored) && std::filesystem::is_other(path, ignored);
    if (spec == "-" || spec.starts_with("generate:") || pipe) {
        return notResumable(spec); // and whoever writes into a pipe never sees it opened and closed
    }
    const auto source = openSource(spec);
    if (!source) {
        return fail(source.error());
    }
    std::string name = (*source)->name();
    if (name.empty()) {
        return notResumable(spec);
    }
    return name;
}

Result<ResumePoint> findResumePoint(const std::optional<store::SourceRecord>& record,
                                    std::optional<std::uint64_t> later) {
    if (!record) {
        return ResumePoint{};
    }
    if (!record->digest.empty() && record->digest.size() != kDigestBytes) {
        return fail(ErrorClass::Local, "source.record",
                    "The store's record of " + record->name + " is damaged: its digest has " +
                        std::to_string(record->digest.size()) + " bytes",
                    "'dashstreamctl store check' says more; the source can be started anew");
    }
    ResumePoint point;
    if (!record->digest.empty()) {
        point.line = record->line;
        point.digest = record->digest;
        point.digestedTo = record->position;
    }
    point.position = std::max(record->position, later.value_or(0));
    return point;
}

Result<std::unique_ptr<Source>> openSourceToGoOn(const std::string& spec, store::StoreReader& reader,
                                                 const LaterPosition& later) {
    const Result<std::string> name = resumableName(spec);
    if (!name) {
        return fail(name.error());
    }
    const auto record = reader.source(*name);
    if (!record) {
        return fail(record.error());
    }
    const auto beyond = *record && later ? later((*record)->number) : std::nullopt;
    const Result<ResumePoint> point = findResumePoint(*record, beyond);
    if (!point) {
        return fail(point.error());
    }
    return openSourceAt(spec, *point);
}

} // namespace dashstream::source
