#include "core/source/resume.h"

#include "core/source/opened_file.h"

#include <algorithm>
#include <filesystem>
#include <utility>

namespace dashstream::source {

namespace {

constexpr std::size_t kDigestBytes = 32;

bool isPipe(const std::string& spec) {
    const std::size_t colon = spec.find(':');
    std::error_code ignored;
    return colon != std::string::npos && std::filesystem::is_fifo(spec.substr(colon + 1), ignored);
}

} // namespace

Result<std::string> resumableName(const std::string& spec) {
    // Neither stdin nor a pipe is touched here: whoever writes into a pipe must not see it opened and closed.
    if (spec == "-" || spec.starts_with("generate:") || isPipe(spec)) {
        return notResumable(spec);
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
    point.position = std::max({record->position, record->reached, later.value_or(0)});
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

Result<std::unique_ptr<Source>> openSource(const std::string& spec, Start start,
                                           const std::filesystem::path& storeFolder, const LaterPosition& later) {
    if (start == Start::Anew) {
        return openSource(spec);
    }
    if (const auto name = resumableName(spec); !name) {
        const bool anew = start == Start::GoOnIfItCan && name.error().code == kNotResumable;
        return anew ? openSource(spec) : fail(name.error());
    }
    const auto reader = store::StoreReader::open(storeFolder);
    if (!reader) {
        return fail(reader.error());
    }
    return openSourceToGoOn(spec, **reader, later);
}

} // namespace dashstream::source
