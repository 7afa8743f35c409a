#include "core/resend/edit_preview.h"

#include <algorithm>

namespace dashstream::resend {

namespace {

constexpr std::size_t kReadAtOnce = 16; ///< letters; each may have a megabyte

/// "event.header.message_id", whatever the message's type.
bool isOfHeader(const std::string& path, std::string_view name) {
    return path.ends_with(".header." + std::string(name)) && std::ranges::count(path, '.') == 2;
}

} // namespace

void EditPreview::take(const std::string& place, std::optional<std::string_view> value) {
    const bool sampled = m_samples.size() < kSamples;
    auto mended = value ? m_mender.mend(*value, MessageId(), sampled)
                        : Result<mend::Mended>(fail(ErrorClass::PermanentMessage, "edit.content", "it has no value"));
    if (!mended) {
        ++m_refused;
        if (m_refusals.size() < kSamples) {
            m_refusals.push_back({place, {}, false, mended.error().message});
        }
        return;
    }
    if (!mended->changed) {
        ++m_unchanged;
        return;
    }
    ++m_changed;
    m_otherThread += mended->key ? 1U : 0U;
    if (sampled) {
        keep(place, std::move(*mended));
    }
}

void EditPreview::keep(const std::string& place, mend::Mended mended) {
    const bool more = mended.differences.size() >= mend::Mender::kDifferences;
    if (mended.dashstream) {
        std::erase_if(mended.differences, [](const auto& each) {
            return isOfHeader(each.path, "message_id") || isOfHeader(each.path, "parent_id");
        });
    }
    m_samples.push_back({place, std::move(mended.differences), more, {}});
}

Result<void> previewEdits(EditPreview& preview, store::StoreReader& reader, std::span<const DeadLetterId> letters,
                          const CancelToken& cancel, const std::function<void(std::size_t)>& progress) {
    for (std::size_t from = 0; from < letters.size(); from += kReadAtOnce) {
        if (cancel.cancelled()) {
            return fail(ErrorClass::Cancelled, "cancelled", "Cancelled");
        }
        const auto page = letters.subspan(from, std::min(kReadAtOnce, letters.size() - from));
        const auto read = reader.deadLetters(page);
        if (!read) {
            return fail(read.error());
        }
        for (const store::DeadLetter& letter : *read) {
            if (letter.state == store::DeadState::Open) {
                preview.take("dead letter " + std::to_string(letter.id.value), letter.message.value);
            }
        }
        if (progress) {
            progress(from + page.size());
        }
    }
    return {};
}

} // namespace dashstream::resend
