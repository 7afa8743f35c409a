#include "core/resend/content.h"

#include <algorithm>

namespace dashstream::resend {

namespace {

constexpr std::size_t kReadAtOnce = 16; ///< letters; each may have a megabyte

Content contentOf(store::DeadLetter&& letter) {
    Content content;
    content.item = letter.id;
    content.rounds = letter.rounds;
    if (letter.state != store::DeadState::Open) {
        content.notSent = "was sent or discarded meanwhile";
        return content;
    }
    store::StoredMessage& message = letter.message;
    content.key = std::move(message.thread);
    content.value = std::move(message.value);
    content.timestampMs = message.timestampMs;
    if (!message.traceparent.empty()) {
        content.headers.push_back({"traceparent", std::move(message.traceparent)});
        if (!message.tracestate.empty()) {
            content.headers.push_back({"tracestate", std::move(message.tracestate)});
        }
    }
    return content;
}

class LetterContents final : public Contents {
public:
    explicit LetterContents(Context& context) : m_context(context) {}

    Result<std::vector<Content>> read(std::span<const DeadLetterId> items) override {
        std::vector<Content> contents;
        std::size_t bytes = 0;
        while (!items.empty() && bytes < kBytesAtOnce) {
            const auto page = items.first(std::min(kReadAtOnce, items.size()));
            auto letters = m_context.reader->deadLetters(page);
            if (!letters) {
                return fail(letters.error());
            }
            auto letter = letters->begin();
            for (const DeadLetterId item : page) { // those that are gone are left out
                const bool there = letter != letters->end() && letter->id == item;
                contents.push_back(there ? contentOf(std::move(*letter++)) : gone(item));
                bytes += contents.back().bytes();
            }
            items = items.subspan(page.size());
        }
        return contents;
    }
    std::string placeOf(DeadLetterId item) const override { return "dead letter " + std::to_string(item.value); }

private:
    static Content gone(DeadLetterId item) {
        Content content;
        content.item = item;
        content.notSent = "is not there any more";
        return content;
    }

    Context& m_context;
};

} // namespace

std::unique_ptr<Contents> letterContents(Context& context) {
    return std::make_unique<LetterContents>(context);
}

} // namespace dashstream::resend
