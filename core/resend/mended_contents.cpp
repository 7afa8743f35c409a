#include "core/resend/mended_contents.h"

namespace dashstream::resend {

namespace {

class MendedContents final : public Contents {
public:
    MendedContents(std::unique_ptr<Contents> originals, Result<mend::Edits> edits, wire::EncodeSettings settings,
                   ResendIdOf resendIdOf)
        : m_originals(std::move(originals)), m_unreadable(edits ? std::string() : edits.error().message),
          m_mender(edits ? std::move(*edits) : mend::Edits(), settings), m_resendIdOf(std::move(resendIdOf)) {}

    Result<std::vector<Content>> read(std::span<const DeadLetterId> items) override {
        auto contents = m_originals->read(items);
        if (contents) {
            for (Content& content : *contents) {
                mend(content);
            }
        }
        return contents;
    }
    std::string placeOf(DeadLetterId item) const override { return m_originals->placeOf(item); }

private:
    void mend(Content& content) {
        if (content.notSent.empty()) {
            change(content);
            content.byEdits = !content.notSent.empty();
        }
    }

    void change(Content& content) {
        if (!m_unreadable.empty()) { // better not at all than as it was
            content.notSent = "cannot be edited: " + m_unreadable;
            return;
        }
        if (!content.value) {
            content.notSent = "cannot be edited: it has no value";
            return;
        }
        auto mended = m_mender.mend(*content.value, mend::editedId(m_resendIdOf(content.item)));
        if (!mended) {
            content.notSent = "cannot be edited: " + mended.error().message;
            return;
        }
        if (!mended->changed) {
            return;
        }
        content.value = std::move(mended->value);
        if (mended->key) {
            content.key = std::move(mended->key);
        }
    }

    std::unique_ptr<Contents> m_originals;
    std::string m_unreadable; ///< why the edits cannot be read; empty: they can
    mend::Mender m_mender;
    ResendIdOf m_resendIdOf;
};

} // namespace

std::unique_ptr<Contents> mendedContents(std::unique_ptr<Contents> originals, const std::string& edits,
                                         wire::EncodeSettings settings, ResendIdOf resendIdOf) {
    return std::make_unique<MendedContents>(std::move(originals), mend::Edits::parse(edits), settings,
                                            std::move(resendIdOf));
}

} // namespace dashstream::resend
