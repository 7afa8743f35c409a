#include "core/filter/parse.h"

#include "core/config/text_tools.h"
#include "core/filter/words.h"

#include <algorithm>
#include <array>
#include <optional>

namespace dashstream::filter {

namespace {
using Kind = Token::Kind;

std::optional<Op> opOf(std::string_view sign) {
    constexpr std::array<std::pair<std::string_view, Op>, 8> kOps{{{"=", Op::Equal},
                                                                   {"!=", Op::NotEqual},
                                                                   {"~", Op::Contains},
                                                                   {"!~", Op::NotContains},
                                                                   {"<", Op::Less},
                                                                   {"<=", Op::LessEqual},
                                                                   {">", Op::Greater},
                                                                   {">=", Op::GreaterEqual}}};
    const auto* found = std::ranges::find(kOps, sign, &std::pair<std::string_view, Op>::first);
    return found == kOps.end() ? std::nullopt : std::optional(found->second);
}

bool isOrder(Op op) {
    return op == Op::Less || op == Op::LessEqual || op == Op::Greater || op == Op::GreaterEqual;
}

bool isPart(Op op) {
    return op == Op::Contains || op == Op::NotContains;
}

std::string listed(std::span<const std::string_view> words) {
    std::string out;
    for (const std::string_view word : words) {
        out += (out.empty() ? "" : ", ") + std::string(word);
    }
    return out;
}

std::string named(const Token& token) {
    return token.kind == Kind::End ? "the end" : '"' + config::printable(token.text.substr(0, 60)) + '"';
}

class Parser {
public:
    Parser(std::string_view text, const TimeContext& context) : m_tokens(tokensOf(text)), m_context(context) {}

    Parsed<Expression> whole() {
        if (peek().kind == Kind::End) {
            return Expression{};
        }
        auto expression = either(0);
        if (expression && peek().kind != Kind::End) {
            return broken(peek().kind == Kind::Close ? "this parenthesis closes nothing" : "this does not belong here",
                          {});
        }
        return expression;
    }

private:
    [[nodiscard]] const Token& peek(std::size_t ahead = 0) const {
        return m_tokens[std::min(m_at + ahead, m_tokens.size() - 1)];
    }
    const Token& take() {
        const Token& token = peek();
        m_at += m_at + 1 < m_tokens.size() ? 1 : 0;
        return token;
    }
    bool takeIf(Kind kind) {
        const bool is = peek().kind == kind;
        if (is) {
            (void)take();
        }
        return is;
    }
    [[nodiscard]] tl::unexpected<Fault> broken(std::string what, std::string remedy) const {
        return brokenAt(peek(), std::move(what), std::move(remedy));
    }
    [[nodiscard]] static tl::unexpected<Fault> brokenAt(const Token& token, std::string what, std::string remedy) {
        return tl::make_unexpected(Fault{token.place, std::move(what), std::move(remedy)});
    }

    Parsed<Expression> either(int depth) {
        auto first = both(depth);
        if (!first || peek().kind != Kind::Or) {
            return first;
        }
        Expression any;
        any.kind = Expression::Kind::Any;
        any.parts.push_back(std::move(*first));
        while (takeIf(Kind::Or)) {
            auto next = both(depth);
            if (!next) {
                return next;
            }
            any.parts.push_back(std::move(*next));
        }
        return any;
    }

    Parsed<Expression> both(int depth) {
        auto first = one(depth);
        if (!first) {
            return first;
        }
        Expression all;
        all.kind = Expression::Kind::All;
        all.parts.push_back(std::move(*first));
        while (takeIf(Kind::And) || beginsOne(peek())) {
            auto next = one(depth);
            if (!next) {
                return next;
            }
            all.parts.push_back(std::move(*next));
        }
        return all.parts.size() == 1 ? std::move(all.parts.front()) : all;
    }

    static bool beginsOne(const Token& token) {
        return token.isValue() || token.kind == Kind::Open || token.kind == Kind::Not || token.kind == Kind::Unclosed;
    }

    Parsed<Expression> one(int depth) {
        if (depth > kDeepest) {
            return broken("the expression is nested too deeply", {});
        }
        if (takeIf(Kind::Not)) {
            auto inner = one(depth + 1);
            if (!inner) {
                return inner;
            }
            Expression negated;
            negated.kind = Expression::Kind::Not;
            negated.parts.push_back(std::move(*inner));
            return negated;
        }
        if (peek().kind == Kind::Open) {
            return inParentheses(depth);
        }
        if (peek().kind == Kind::Unclosed) {
            return broken("the quotation mark is not closed", "Add " + std::string(1, '"') + " at the end of the text");
        }
        if (!peek().isValue()) {
            return broken(peek().kind == Kind::End ? "something is missing at the end"
                                                   : named(peek()) + " stands here alone",
                          "Write a condition such as error ~ timeout, or a word to search for");
        }
        const bool negatedIn = peek(1).kind == Kind::Not && peek(2).kind == Kind::In;
        if (peek(1).kind == Kind::Operator || peek(1).kind == Kind::In || negatedIn) {
            return comparison();
        }
        if (!hasWord(peek().text)) {
            return broken(named(peek()) + " has no letter or digit to search for", {});
        }
        Expression words;
        words.kind = Expression::Kind::Words;
        words.words = take().text;
        return words;
    }

    Parsed<Expression> inParentheses(int depth) {
        const Token open = take();
        auto inner = either(depth + 1);
        if (inner && !takeIf(Kind::Close)) {
            return brokenAt(open, "this parenthesis is not closed", "Add ) behind what belongs together");
        }
        return inner;
    }

    Parsed<Expression> comparison() {
        const Token name = take();
        const FieldInfo* field = findField(name.text);
        if (field == nullptr) {
            const std::string_view nearest = nearestField(name.text);
            return brokenAt(name, "there is no field " + named(name),
                            nearest.empty() ? "Fields are " + fieldNames() : "Did you mean " + std::string(nearest));
        }
        Expression compare;
        compare.kind = Expression::Kind::Compare;
        compare.condition.field = field->field;
        if (takeIf(Kind::Not)) {
            compare.condition.op = Op::NotEqual;
        }
        const Token in = peek();
        if (takeIf(Kind::In)) {
            if (auto fault = checkOp(*field, in, compare.condition.op)) {
                return tl::make_unexpected(std::move(*fault));
            }
            return list(*field, std::move(compare));
        }
        const Token sign = take();
        compare.condition.op = *opOf(sign.text);
        if (auto fault = checkOp(*field, sign, compare.condition.op)) {
            return tl::make_unexpected(std::move(*fault));
        }
        return addValue(*field, std::move(compare));
    }

    static std::string fieldNames() {
        std::string names;
        for (const FieldInfo& field : fields()) {
            names += (names.empty() ? "" : ", ") + std::string(field.name);
        }
        return names;
    }

    static std::optional<Fault> checkOp(const FieldInfo& field, const Token& sign, Op op) {
        const std::string name(field.name);
        if (isOrder(op) && (field.kind == FieldKind::Text || field.kind == FieldKind::Choice)) {
            return Fault{sign.place, name + " has no order, so " + sign.text + " says nothing",
                         field.kind == FieldKind::Text ? "Use = or ~ (contains)" : "Use = or in (…)"};
        }
        if (isPart(op) && field.kind != FieldKind::Text) {
            return Fault{sign.place, sign.text + " looks for a part of a text, and " + name + " is none",
                         field.kind == FieldKind::Choice ? "Use = or in (…)" : "Use =, <, <=, > or >="};
        }
        if (field.field == Field::Message && !isPart(op)) {
            return Fault{sign.place, name + " is searched, not compared", "Use ~ with some of its words"};
        }
        return std::nullopt;
    }

    Parsed<Expression> list(const FieldInfo& field, Expression compare) {
        const Token open = peek();
        if (!takeIf(Kind::Open)) {
            return broken("in needs its values in parentheses", "Write in (a, b)");
        }
        do {
            auto more = addValue(field, std::move(compare));
            if (!more) {
                return more;
            }
            compare = std::move(*more);
        } while (takeIf(Kind::Comma));
        if (!takeIf(Kind::Close)) {
            return peek().kind == Kind::End
                       ? brokenAt(open, "this parenthesis is not closed", "Add ) behind the values")
                       : broken("a comma or ) is missing before this", {});
        }
        return compare;
    }

    Parsed<Expression> addValue(const FieldInfo& field, Expression compare) {
        const std::string name(field.name);
        if (peek().kind == Kind::Unclosed) {
            return broken("the quotation mark is not closed", "Add " + std::string(1, '"') + " behind the value");
        }
        if (!peek().isValue()) {
            return broken("a value for " + name + " is missing here",
                          peek().kind == Kind::End ? "" : "Put it in quotation marks if it is " + named(peek()));
        }
        const Token token = take();
        auto value = valueOf(field, token);
        if (!value) {
            return tl::make_unexpected(std::move(value.error()));
        }
        compare.condition.values.push_back(std::move(*value));
        return compare;
    }

    [[nodiscard]] Parsed<Operand> valueOf(const FieldInfo& field, const Token& token) const {
        switch (field.kind) {
        case FieldKind::Text:
            if (field.field == Field::Message && !hasWord(token.text)) {
                return brokenAt(token, named(token) + " has no letter or digit to search for", {});
            }
            return Operand{field.field == Field::MessageId ? digitsOnly(token.text) : token.text, 0, 0};
        case FieldKind::Choice:
            return choiceOf(field, token);
        case FieldKind::Number:
            return orFault(readNumber(token.text), token, "is no whole number", {});
        case FieldKind::Size:
            return orFault(readSize(token.text), token, "is no size", "Write bytes, or a size such as 10KiB");
        case FieldKind::Time:
            break;
        }
        const bool unsignedSpan = readTime('-' + token.text, m_context).has_value();
        return orFault(readTime(token.text, m_context), token, "is no time",
                       unsignedSpan ? "Write -" + token.text + " for that long ago"
                                    : "Write -2h, today, 2026-11-30 or 2026-11-30T14:05");
    }

    static Parsed<Operand> orFault(std::optional<Operand> value, const Token& token, std::string_view what,
                                   std::string remedy) {
        if (!value) {
            return brokenAt(token, named(token) + ' ' + std::string(what), std::move(remedy));
        }
        return std::move(*value);
    }

    static Parsed<Operand> choiceOf(const FieldInfo& field, const Token& token) {
        const std::string lower = config::toLower(token.text);
        if (std::ranges::find(field.choices, lower) != field.choices.end()) {
            return Operand{lower, 0, 0};
        }
        const std::string_view nearest = nearestChoice(field, lower);
        return brokenAt(token, named(token) + " is no " + std::string(field.name),
                        nearest.empty() ? "There are " + listed(field.choices)
                                        : "Did you mean " + std::string(nearest));
    }

    /// As UUIDs are written and as the store's text has them.
    static std::string digitsOnly(std::string_view text) {
        std::string out = config::toLower(text);
        std::erase(out, '-');
        return out;
    }

    std::vector<Token> m_tokens;
    std::size_t m_at = 0;
    const TimeContext& m_context;
};
} // namespace

std::string Fault::text() const {
    std::string out = "at column " + std::to_string(where.at + 1) + ": " + what;
    return remedy.empty() ? out : out + ". " + remedy;
}

Parsed<Expression> parse(std::string_view text, const TimeContext& context) {
    if (text.size() > kMostBytes) {
        return tl::make_unexpected(
            Fault{{kMostBytes, text.size() - kMostBytes}, "the filter is longer than 16 KiB", "Shorten it"});
    }
    return Parser(text, context).whole();
}

} // namespace dashstream::filter
