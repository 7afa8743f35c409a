// What edits would do to messages before any is sent: how many they change, the first of those place by place, and
// which they do not fit. One thread.
#pragma once

#include "core/base/cancel_token.h"
#include "core/mend/mender.h"
#include "core/store/reader.h"

#include <cstdint>
#include <functional>
#include <span>

namespace dashstream::resend {

struct EditSample {
    std::string place;                         ///< "dead letter 7", "events-dlq, partition 2, offset 17"
    std::vector<mend::Difference> differences; ///< without the new id and the parent, which each gets
    bool more = false;                         ///< there are more than these
    std::string refused;                       ///< why the edits do not fit it; empty: they do
};

class EditPreview {
public:
    static constexpr std::size_t kSamples = 10;

    EditPreview(mend::Edits edits, wire::EncodeSettings settings) : m_mender(std::move(edits), settings) {}

    void take(const std::string& place, std::optional<std::string_view> value);

    [[nodiscard]] std::uint64_t changed() const { return m_changed; }
    [[nodiscard]] std::uint64_t unchanged() const { return m_unchanged; }
    [[nodiscard]] std::uint64_t refused() const { return m_refused; }
    /// Of a DashStream message: it gets another thread, and so perhaps another partition.
    [[nodiscard]] std::uint64_t otherThread() const { return m_otherThread; }
    /// The first that change, and the first that the edits do not fit.
    [[nodiscard]] const std::vector<EditSample>& samples() const { return m_samples; }
    [[nodiscard]] const std::vector<EditSample>& refusals() const { return m_refusals; }

private:
    void keep(const std::string& place, mend::Mended mended);

    mend::Mender m_mender;
    std::uint64_t m_changed = 0;
    std::uint64_t m_unchanged = 0;
    std::uint64_t m_refused = 0;
    std::uint64_t m_otherThread = 0;
    std::vector<EditSample> m_samples;
    std::vector<EditSample> m_refusals;
};

/// Of these dead letters of the store; those that are not open are left out. `progress`: so many looked at.
/// Errors: those of the store; "cancelled" (Cancelled).
[[nodiscard]] Result<void> previewEdits(EditPreview& preview, store::StoreReader& reader,
                                        std::span<const DeadLetterId> letters, const CancelToken& cancel,
                                        const std::function<void(std::size_t)>& progress = {});

} // namespace dashstream::resend
