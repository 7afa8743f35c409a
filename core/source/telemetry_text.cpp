#include "core/source/telemetry_text.h"

#include <algorithm>
#include <array>

namespace dashstream::source {

namespace {

constexpr std::size_t kPoolBytes = 256U * 1024;

constexpr std::array<std::string_view, 72> kWords = {
    "the",      "node",      "plan",     "retrieves", "documents", "from",     "index",    "with",     "score",
    "tool",     "search",    "returned", "results",   "in",        "ms",       "model",    "answered", "tokens",
    "prompt",   "context",   "window",   "state",     "graph",     "edge",     "taken",    "because",  "condition",
    "customer", "asks",      "about",    "invoice",   "order",     "delivery", "refund",   "policy",   "summary",
    "draft",    "review",    "accepted", "rejected",  "reason",    "retry",    "after",    "timeout",  "service",
    "account",  "balance",   "updated",  "message",   "history",   "loaded",   "memory",   "saved",    "checkpoint",
    "branch",   "parallel",  "worker",   "finished",  "waiting",   "for",      "human",    "approval", "confidence",
    "above",    "threshold", "ranked",   "by",        "relevance", "user",     "language", "english",  "german"};

// One word, and now and then what telemetry has between its words.
void appendWord(Random& random, std::string& text) {
    switch (random.below(14)) {
    case 0:
        text += "req-";
        random.appendHex(8, text);
        break;
    case 1:
        text += std::to_string(random.below(2000));
        break;
    case 2:
        text += "latency_ms=" + std::to_string(random.below(900));
        break;
    default:
        text += kWords[random.below(kWords.size())];
    }
    text += random.chance(8) ? ". " : random.chance(6) ? ", " : " ";
}

} // namespace

std::uint64_t Random::next() {
    m_state += 0x9E3779B97F4A7C15ULL;
    std::uint64_t mixed = m_state;
    mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EBULL;
    return mixed ^ (mixed >> 31U);
}

std::uint32_t Random::below(std::uint32_t bound) {
    return static_cast<std::uint32_t>(((next() >> 32U) * bound) >> 32U);
}

void Random::appendHex(std::uint32_t digits, std::string& out) {
    std::uint64_t bits = next();
    for (std::uint32_t digit = 0; digit < digits; ++digit, bits >>= 4U) {
        out += "0123456789abcdef"[bits & 15U];
    }
}

TextPool::TextPool(std::uint64_t seed) {
    Random random(seed);
    m_text.reserve(kPoolBytes + 64);
    while (m_text.size() < kPoolBytes) {
        appendWord(random, m_text);
    }
}

std::string TextPool::piece(std::size_t bytes, Random& random) const {
    std::string text;
    text.reserve(bytes);
    while (text.size() < bytes) {
        const std::size_t wanted = std::min(bytes - text.size(), m_text.size() / 2);
        const std::size_t from = random.below(static_cast<std::uint32_t>(m_text.size() - wanted));
        text.append(m_text, from, wanted);
    }
    return text;
}

} // namespace dashstream::source
