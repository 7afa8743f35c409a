#include "core/filter/complete.h"

#include "core/config/text_tools.h"
#include "core/filter/match.h"

#include <algorithm>
#include <array>
#include <span>

namespace dashstream::filter {

namespace {
using Kind = Token::Kind;

constexpr std::size_t kMostValues = 30;

enum class Wanted { Condition, Sign, List, Value, Join };

/// What the tokens before the cursor ask for, and of which field.
struct Context {
    Wanted wanted = Wanted::Condition;
    const FieldInfo* field = nullptr;
};

class Reader {
public:
    explicit Reader(std::span<const Token> before) : m_before(before) {}

    [[nodiscard]] Context context() const {
        if (m_before.empty()) {
            return {};
        }
        const std::size_t last = m_before.size() - 1;
        switch (m_before[last].kind) {
        case Kind::Operator:
            return {Wanted::Value, fieldAt(last - 1)};
        case Kind::In:
            return {Wanted::List, nullptr};
        case Kind::Comma:
        case Kind::Open:
            return inList(last);
        case Kind::Not: // of a condition, or of "not in"
            return last > 0 && m_before[last - 1].isValue() && beginsCondition(last - 1)
                       ? Context{Wanted::Sign, fieldAt(last - 1)}
                       : Context{};
        case Kind::Word:
            if (beginsCondition(last) && fieldAt(last) != nullptr) {
                return {Wanted::Sign, fieldAt(last)};
            }
            return {Wanted::Join, nullptr};
        case Kind::Quoted:
        case Kind::Close:
            return {Wanted::Join, nullptr};
        default:
            return {};
        }
    }

private:
    [[nodiscard]] const FieldInfo* fieldAt(std::size_t at) const {
        return at < m_before.size() ? findField(m_before[at].text) : nullptr;
    }
    [[nodiscard]] bool beginsCondition(std::size_t at) const {
        if (at == 0) {
            return true;
        }
        const Kind kind = m_before[at - 1].kind;
        return kind != Kind::Operator && kind != Kind::Comma && !(kind == Kind::Open && isListOpen(at - 1));
    }
    [[nodiscard]] bool isListOpen(std::size_t at) const { return at > 0 && m_before[at - 1].kind == Kind::In; }
    /// Within the parentheses of `in`, or of conditions.
    [[nodiscard]] Context inList(std::size_t at) const {
        while (at > 0 && m_before[at].kind != Kind::Open) {
            --at;
        }
        if (!isListOpen(at)) {
            return {};
        }
        const std::size_t name = at >= 3 && m_before[at - 2].kind == Kind::Not ? at - 3 : at - 2;
        return {Wanted::Value, at >= 2 ? fieldAt(name) : nullptr};
    }

    std::span<const Token> m_before;
};

class Collector {
public:
    explicit Collector(std::string_view begun) : m_begun(config::toLower(begun)) {}

    void offer(std::string_view text, std::string_view help) {
        if (config::toLower(text).starts_with(m_begun)) {
            m_found.push_back({std::string(text), std::string(help)});
        }
    }
    void offerValue(const std::string& value) {
        if (m_found.size() < kMostValues && containsText(value, m_begun)) {
            m_found.push_back({asValue(value), {}});
        }
    }
    [[nodiscard]] std::vector<Candidate> take() { return std::move(m_found); }

private:
    std::string m_begun;
    std::vector<Candidate> m_found;
};

void offerSigns(const FieldInfo* field, Collector& into) {
    const bool ordered = field == nullptr || (field->kind != FieldKind::Text && field->kind != FieldKind::Choice);
    const bool searched = field != nullptr && field->field == Field::Message;
    if (!searched) {
        into.offer("=", "equal to");
        into.offer("!=", "not equal to");
    }
    if (field != nullptr && field->kind == FieldKind::Text) {
        into.offer("~", searched ? "has these words" : "contains");
        into.offer("!~", searched ? "has not" : "does not contain");
    }
    if (ordered) {
        for (const auto& [sign, help] : std::array<std::pair<std::string_view, std::string_view>, 4>{
                 {{">", "more than, after"}, {">=", "at least"}, {"<", "less than, before"}, {"<=", "at most"}}}) {
            into.offer(sign, help);
        }
    }
    if (!searched && (field == nullptr || field->kind != FieldKind::Time)) {
        into.offer("in", "one of (…)");
        into.offer("not in", "none of (…)");
    }
}

void offerValues(const FieldInfo* field, const KnownValues& known, Collector& into) {
    if (field == nullptr) {
        return;
    }
    for (const std::string_view choice : field->choices) {
        into.offer(choice, {});
    }
    if (field->kind == FieldKind::Time) {
        for (const auto& [text, help] : std::array<std::pair<std::string_view, std::string_view>, 6>{
                 {{"-15m", "a quarter of an hour ago"},
                  {"-2h", "two hours ago"},
                  {"-1d", "this time yesterday"},
                  {"today", "since midnight"},
                  {"yesterday", "the whole day"},
                  {"2026-11-30T14:05", "a minute, in this computer's zone"}}}) {
            into.offer(text, help);
        }
    }
    if (field->kind == FieldKind::Text && known) {
        for (const std::string& value : known(field->field)) {
            into.offerValue(value);
        }
    }
}
} // namespace

Completion complete(std::string_view text, std::size_t cursor, const KnownValues& known) {
    cursor = std::min(cursor, text.size());
    std::vector<Token> tokens = tokensOf(text.substr(0, cursor));
    tokens.pop_back(); // End
    Completion found{{cursor, 0}, {}};
    std::string begun;
    if (!tokens.empty()) {
        const Token& last = tokens.back();
        const bool touches = last.place.at + last.place.bytes == cursor;
        const bool word = last.kind == Kind::Word || last.kind == Kind::Unclosed || last.kind == Kind::And ||
                          last.kind == Kind::Or || last.kind == Kind::Not || last.kind == Kind::In;
        if (last.kind == Kind::Unclosed || (touches && word)) {
            found.replaces = {last.place.at, cursor - last.place.at};
            begun = last.kind == Kind::Unclosed ? last.text
                                                : std::string(text.substr(last.place.at, cursor - last.place.at));
            tokens.pop_back();
        }
    }
    Collector collector(begun);
    const Context context = Reader(tokens).context();
    switch (context.wanted) {
    case Wanted::Condition:
        for (const FieldInfo& field : fields()) {
            collector.offer(field.name, field.help);
        }
        collector.offer("not", "the condition behind it does not hold");
        break;
    case Wanted::Sign:
        offerSigns(context.field, collector);
        break;
    case Wanted::List:
        collector.offer("(", "the values, with commas");
        break;
    case Wanted::Value:
        offerValues(context.field, known, collector);
        break;
    case Wanted::Join:
        collector.offer("and", "both hold");
        collector.offer("or", "one of both holds");
        break;
    }
    found.candidates = collector.take();
    return found;
}

} // namespace dashstream::filter
