#include "core/filter/match.h"

#include "core/filter/words.h"

#include <algorithm>

namespace dashstream::filter {

namespace {
char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

bool isText(Field field) {
    const FieldKind kind = infoOf(field).kind;
    return kind == FieldKind::Text || kind == FieldKind::Choice;
}

bool textMatches(const Condition& condition, std::string_view text) {
    const bool part = condition.op == Op::Contains || condition.op == Op::NotContains;
    const bool found = std::ranges::any_of(condition.values, [&](const Operand& value) {
        return !part                               ? text == value.text
               : condition.field == Field::Message ? containsWords(text, value.text)
                                                   : containsText(text, value.text);
    });
    const bool wanted = condition.op == Op::Equal || condition.op == Op::Contains;
    return found == wanted;
}

bool numberMatches(const Condition& condition, std::optional<std::int64_t> number) {
    if (!number) {
        return condition.op == Op::NotEqual;
    }
    const Operand& value = condition.values.front();
    switch (condition.op) {
    case Op::Less:
        return *number < value.first;
    case Op::LessEqual:
        return *number < value.end;
    case Op::Greater:
        return *number >= value.end;
    case Op::GreaterEqual:
        return *number >= value.first;
    default:
        break;
    }
    const bool equal = std::ranges::any_of(
        condition.values, [&](const Operand& each) { return *number >= each.first && *number < each.end; });
    return equal == (condition.op == Op::Equal);
}
} // namespace

bool containsText(std::string_view text, std::string_view part) {
    const auto same = [](char left, char right) { return lower(left) == lower(right); };
    return part.empty() || std::search(text.begin(), text.end(), part.begin(), part.end(), same) != text.end();
}

bool matches(const Expression& expression, const Record& record) {
    const auto holds = [&record](const Expression& part) { return matches(part, record); };
    switch (expression.kind) {
    case Expression::Kind::Everything:
        break;
    case Expression::Kind::All:
        return std::ranges::all_of(expression.parts, holds);
    case Expression::Kind::Any:
        return std::ranges::any_of(expression.parts, holds);
    case Expression::Kind::Not:
        return !holds(expression.parts.front());
    case Expression::Kind::Words:
        return record.hasWords(expression.words);
    case Expression::Kind::Compare: {
        const Condition& condition = expression.condition;
        return isText(condition.field) ? textMatches(condition, record.text(condition.field))
                                       : numberMatches(condition, record.number(condition.field));
    }
    }
    return true;
}

} // namespace dashstream::filter
