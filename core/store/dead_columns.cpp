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

Column errorColumn() {
    return {.sql = "error_code",
            .part = "error IN (WITH w(p) AS (SELECT ?) SELECT e.id FROM w, dead_errors e"
                    " WHERE e.code LIKE w.p ESCAPE '\\' OR e.text LIKE w.p ESCAPE '\\')"};
}

Column causeColumn() {
    return {.sql = "",
            .one = "cause IN (SELECT id FROM dead_causes WHERE text = ?)",
            .part = "cause IN (SELECT id FROM dead_causes WHERE text LIKE ? ESCAPE '\\')"};
}

/// Its W3C trace id, or the one of its copy.
Column traceColumn() {
    return {.sql = "substr(traceparent, 4, 32) || ' ' || trace_id",
            .one = "id IN (WITH w(t) AS (SELECT ?) SELECT d.id FROM w, dead_letters d"
                   " WHERE d.traceparent <> '' AND substr(d.traceparent, 4, 32) = w.t"
                   " UNION ALL SELECT d.id FROM w, dead_letters d WHERE d.trace_id = w.t)"};
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

std::optional<Column> columnOf(Field field, const std::string& content) {
    switch (field) {
    case Field::Id:
        return plain("id");
    case Field::Error:
        return errorColumn();
    case Field::Cause:
        return causeColumn();
    case Field::Message:
        return Column{.sql = "", .part = content, .partHeld = [](std::string_view text) { return std::string(text); }};
    case Field::Class:
        return classColumn();
    case Field::Topic:
        return plain("topic");
    case Field::Tenant:
        return plain("tenant");
    case Field::Thread:
    case Field::Key: // the thread is the record's key
        return plain("thread");
    case Field::Type:
        return byPlace("type", Field::Type, 1); // in the order of wire.md's MessageType, from 1
    case Field::State:
        return byPlace("state", Field::State);
    case Field::Copy:
        return byPlace("copy_state", Field::Copy);
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

filter::Columns deadColumns(std::string words, std::string content) {
    return {.column = [content = std::move(content)](Field field) { return columnOf(field, content); },
            .words = std::move(words),
            .wordsHeld = [](std::string_view text) { return std::string(text); }};
}

} // namespace dashstream::store
