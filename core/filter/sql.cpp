#include "core/filter/sql.h"

namespace dashstream::filter {

namespace {
/// For LIKE … ESCAPE '\': found anywhere.
std::string anywhere(std::string_view text) {
    std::string out = "%";
    for (const char c : text) {
        if (c == '%' || c == '_' || c == '\\') {
            out += '\\';
        }
        out += c;
    }
    return out + '%';
}

class Writer {
public:
    explicit Writer(const Columns& columns) : m_columns(columns) {}

    [[nodiscard]] bool write(const Expression& expression) {
        switch (expression.kind) {
        case Expression::Kind::Everything:
            m_sql.where += '1';
            return true;
        case Expression::Kind::All:
            return writeParts(expression.parts, " AND ");
        case Expression::Kind::Any:
            return writeParts(expression.parts, " OR ");
        case Expression::Kind::Not:
            m_sql.where += "NOT ";
            return writeParts(expression.parts, "");
        case Expression::Kind::Words:
            write(m_columns.words(expression.words));
            return true;
        case Expression::Kind::Compare:
            break;
        }
        return writeCondition(expression.condition);
    }
    [[nodiscard]] Sql take() { return std::move(m_sql); }
    [[nodiscard]] Fault fault() const {
        return {{}, std::string(infoOf(m_unknown).name) + " is not known here", "It belongs to records of a topic"};
    }

private:
    void write(Sql condition) {
        m_sql.where += '(' + condition.where + ')';
        m_sql.values.insert(m_sql.values.end(), condition.values.begin(), condition.values.end());
    }

    bool writeParts(const std::vector<Expression>& parts, std::string_view between) {
        m_sql.where += '(';
        for (std::size_t i = 0; i < parts.size(); ++i) {
            m_sql.where += i == 0 ? "" : between;
            if (!write(parts[i])) {
                return false;
            }
        }
        m_sql.where += ')';
        return true;
    }

    bool writeCondition(const Condition& condition) {
        const auto column = m_columns.column(condition.field);
        if (!column) {
            m_unknown = condition.field;
            return false;
        }
        const FieldKind kind = infoOf(condition.field).kind;
        if (kind == FieldKind::Text || kind == FieldKind::Choice) {
            writeText(condition, *column);
        } else {
            writeNumber(condition, *column);
        }
        return true;
    }

    /// Columns of text are never NULL.
    void writeText(const Condition& condition, const Column& column) {
        const bool negated = condition.op == Op::NotContains || condition.op == Op::NotEqual;
        m_sql.where += negated ? "NOT " : "";
        if (condition.op == Op::Contains || condition.op == Op::NotContains) {
            const std::string& text = condition.values.front().text;
            write(column.part ? column.part(text) : Sql{column.sql + " LIKE ? ESCAPE '\\'", {anywhere(text)}});
        } else {
            write(column.any ? column.any(condition.values) : oneOf(condition.values, column));
        }
    }

    static Sql oneOf(const std::vector<Operand>& values, const Column& column) {
        Sql made{column.sql + " IN (", {}};
        for (const Operand& value : values) {
            made.where += made.values.empty() ? "?" : ", ?";
            made.values.push_back(column.held ? column.held(value.text) : Bound(value.text));
        }
        made.where += ')';
        return made;
    }

    /// NULL is neither equal nor in any order; without help it would be so under NOT as well.
    void writeNumber(const Condition& condition, const Column& column) {
        const bool negated = condition.op == Op::NotEqual;
        m_sql.where += negated ? "NOT " : "";
        m_sql.where += column.nullable ? "ifnull((" : "((";
        for (std::size_t i = 0; i < condition.values.size(); ++i) {
            m_sql.where += i == 0 ? "" : ") OR (";
            writeRange(condition.op, column.sql, condition.values[i]);
        }
        m_sql.where += column.nullable ? "), 0)" : "))";
    }

    void writeRange(Op op, const std::string& column, const Operand& value) {
        switch (op) {
        case Op::Less:
            return compare(column, " < ?", value.first);
        case Op::LessEqual:
            return compare(column, " < ?", value.end);
        case Op::Greater:
            return compare(column, " >= ?", value.end);
        case Op::GreaterEqual:
            return compare(column, " >= ?", value.first);
        default:
            break;
        }
        if (value.end == value.first + 1) {
            return compare(column, " = ?", value.first);
        }
        compare(column, " >= ?", value.first);
        m_sql.where += " AND ";
        compare(column, " < ?", value.end);
    }

    void compare(const std::string& column, std::string_view sign, std::int64_t value) {
        m_sql.where += column;
        m_sql.where += sign;
        m_sql.values.emplace_back(value);
    }

    const Columns& m_columns;
    Sql m_sql;
    Field m_unknown = Field::Id;
};
} // namespace

Parsed<Sql> toSql(const Expression& expression, const Columns& columns) {
    Writer writer(columns);
    if (!writer.write(expression)) {
        return tl::make_unexpected(writer.fault());
    }
    return writer.take();
}

} // namespace dashstream::filter
