#include "core/store/dead_columns.h"

#include "core/base/error.h"
#include "core/store/records.h"

#include <algorithm>
#include <array>

namespace dashstream::store {

namespace {
using filter::Bound;
using filter::Column;
using filter::Field;

/// In the order of the language's names for classes (core/filter/fields.cpp).
constexpr std::array kClasses{ErrorClass::Retriable,      ErrorClass::OutcomeUnknown, ErrorClass::PermanentMessage,
                              ErrorClass::PermanentTopic, ErrorClass::Fatal,          ErrorClass::Local};

std::int64_t placeOf(Field field, std::string_view name) {
    const auto choices = filter::infoOf(field).choices;
    return std::ranges::find(choices, name) - choices.begin();
}

/// A choice that the store holds by its place among the choices, `first` is that of the first one.
Column byPlace(const char* sql, Field field, std::int64_t first = 0) {
    return {.sql = sql,
            .held = [field, first](std::string_view name) -> Bound { return placeOf(field, name) + first; }};
}

std::string upper(std::string_view text) {
    std::string out(text);
    std::ranges::transform(out, out.begin(), [](char c) { return c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c; });
    return out;
}

std::vector<Bound> textsOf(const std::vector<filter::Operand>& values) {
    std::vector<Bound> texts;
    for (const filter::Operand& value : values) {
        texts.emplace_back(value.text);
    }
    return texts;
}

/// " IN (?, ?)"
std::string inAny(std::size_t count) {
    std::string sql = " IN (?";
    for (std::size_t i = 1; i < count; ++i) {
        sql += ", ?";
    }
    return sql + ')';
}

/// The function is the reader's.
std::string hasPart(const std::string& column) {
    return "dashstream_part(" + column + ", ?)";
}

/// A name whose index holds the open letters that have it.
Column nameColumn(const DeadFinder& finder, const std::string& name) {
    Column column{.sql = name};
    if (finder.openOnly && !finder.alone) {
        const std::string select =
            "SELECT id FROM dead_letters INDEXED BY dead_open_by_" + name + " WHERE state < 2 AND ";
        column.any = [find = finder.find, select, name](const std::vector<filter::Operand>& values) {
            return find("id", select + name + inAny(values.size()), textsOf(values));
        };
        column.part = [find = finder.find, select, name](std::string_view text) {
            return find("id", select + hasPart(name), {std::string(text)});
        };
    }
    return column;
}

/// Errors and causes are few beside letters.
Column errorColumn(const DeadFinder& finder) {
    Column column{.sql = "error_code"};
    if (!finder.alone) {
        column.any = [find = finder.find](const std::vector<filter::Operand>& values) {
            return find("error", "SELECT id FROM dead_errors WHERE code" + inAny(values.size()), textsOf(values));
        };
    }
    column.part = [find = finder.find](std::string_view text) {
        return find("error", "SELECT id FROM dead_errors WHERE " + hasPart("code") + " OR " + hasPart("text"),
                    {std::string(text), std::string(text)});
    };
    return column;
}

Column causeColumn(const DeadFinder& finder) {
    return {.sql = "",
            .any =
                [find = finder.find](const std::vector<filter::Operand>& values) {
                    return find("cause", "SELECT id FROM dead_causes WHERE text" + inAny(values.size()),
                                textsOf(values));
                },
            .part =
                [find = finder.find](std::string_view text) {
                    return find("cause", "SELECT id FROM dead_causes WHERE " + hasPart("text"), {std::string(text)});
                }};
}

/// Copies that are to be made and those that are refused have indexes of their own.
Column copyColumn(const DeadFinder& finder) {
    Column column = byPlace("copy_state", Field::Copy);
    column.any = [find = finder.find](const std::vector<filter::Operand>& values) {
        std::string select;
        std::string states;
        bool indexed = true;
        for (const filter::Operand& value : values) {
            const auto state = static_cast<CopyState>(placeOf(Field::Copy, value.text));
            const std::string number = std::to_string(static_cast<int>(state)); // a literal: partial indexes
            indexed = indexed && (state == CopyState::Pending || state == CopyState::Refused);
            select += (select.empty() ? "" : " UNION ALL ");
            select += "SELECT id FROM dead_letters WHERE copy_state = " + number;
            states += (states.empty() ? "" : ", ") + number;
        }
        return indexed ? find("id", select, {}) : filter::Sql{"copy_state IN (" + states + ')', {}};
    };
    return column;
}

/// Its W3C trace id, or the one of its copy.
Column traceColumn() {
    return {.sql = "substr(traceparent, 4, 32) || ' ' || trace_id",
            .any = [](const std::vector<filter::Operand>& values) {
                filter::Sql made{"id IN (", {}};
                for (const filter::Operand& value : values) {
                    made.where += made.values.empty() ? "" : " UNION ALL ";
                    made.where += "SELECT id FROM dead_letters WHERE traceparent <> '' AND"
                                  " substr(traceparent, 4, 32) = ?"
                                  " UNION ALL SELECT id FROM dead_letters WHERE trace_id = ?";
                    made.values.insert(made.values.end(), {value.text, value.text});
                }
                made.where += ')';
                return made;
            }};
}

Column classColumn() {
    return {.sql = "error_class", .held = [](std::string_view name) -> Bound {
                const auto place = static_cast<std::size_t>(placeOf(Field::Class, name));
                return static_cast<std::int64_t>(kClasses.at(std::min(place, kClasses.size() - 1)));
            }};
}

Column plain(const char* sql) {
    return {.sql = sql};
}

std::optional<Column> columnOf(Field field, const DeadFinder& finder) {
    switch (field) {
    case Field::Id:
        return plain("id");
    case Field::Error:
        return errorColumn(finder);
    case Field::Cause:
        return causeColumn(finder);
    case Field::Message:
        return Column{.sql = "", .part = finder.content};
    case Field::Class:
        return classColumn();
    case Field::Topic:
        return nameColumn(finder, "topic");
    case Field::Tenant:
        return nameColumn(finder, "tenant");
    case Field::Thread:
    case Field::Key: // the thread is the record's key
        return nameColumn(finder, "thread");
    case Field::Type:
        return byPlace("type", Field::Type, 1); // in the order of wire.md's MessageType, from 1
    case Field::State:
        return byPlace("state", Field::State);
    case Field::Copy:
        return copyColumn(finder);
    case Field::Time:
        return plain("died_at");
    case Field::Accepted:
        return plain("accepted_at");
    case Field::Attempts:
        return plain("attempts");
    case Field::Rounds:
        return plain("rounds");
    case Field::Size:
        return plain("bytes");
    case Field::Sequence:
        return plain("sequence");
    case Field::Partition:
        return Column{.sql = "partition", .nullable = true};
    case Field::MessageId:
        return Column{.sql = "hex(message_id)", .held = [](std::string_view id) -> Bound { return upper(id); }};
    case Field::Trace:
        return traceColumn();
    case Field::Source:
        return plain("source");
    case Field::Offset:
        break;
    }
    return std::nullopt;
}
} // namespace

filter::Columns deadColumns(DeadFinder finder) {
    auto words = finder.words;
    return {.column = [finder = std::move(finder)](Field field) { return columnOf(field, finder); },
            .words = std::move(words)};
}

} // namespace dashstream::store
