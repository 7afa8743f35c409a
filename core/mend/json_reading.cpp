#include "core/mend/json_reading.h"

#include "core/wire/utf8.h"

#include <algorithm>
#include <charconv>
#include <set>

namespace dashstream::mend {

namespace {

constexpr long kHugeExponent = 1'000'000'000;
constexpr std::size_t kMostValues = 1'000'000;
constexpr std::size_t kMostCompared = 20'000'000; ///< a member is found by going through those before it

/// A decimal number without what does not count: its digits, and the power of ten of the last one.
struct Decimal {
    std::string digits;
    long exponent = 0;

    bool operator==(const Decimal&) const = default;
};

Decimal decimalOf(std::string_view text) {
    Decimal decimal;
    const std::size_t e = std::min(text.find_first_of("eE"), text.size());
    bool behindPoint = false;
    for (const char c : text.substr(0, e)) {
        behindPoint = behindPoint || c == '.';
        if (c >= '0' && c <= '9') {
            decimal.digits += c;
            decimal.exponent -= behindPoint ? 1 : 0;
        }
    }
    if (e < text.size()) {
        const std::string_view power = text.substr(text[e + 1] == '+' ? e + 2 : e + 1);
        long value = 0;
        if (std::from_chars(power.data(), power.data() + power.size(), value).ec != std::errc()) {
            value = text[e + 1] == '-' ? -kHugeExponent : kHugeExponent;
        }
        decimal.exponent += std::clamp(value, -kHugeExponent, kHugeExponent);
    }
    decimal.digits.erase(0, std::min(decimal.digits.find_first_not_of('0'), decimal.digits.size()));
    while (!decimal.digits.empty() && decimal.digits.back() == '0') {
        decimal.digits.pop_back();
        ++decimal.exponent;
    }
    return decimal.digits.empty() ? Decimal() : decimal;
}

/// Only looks; the parser that keeps the document runs when it has nothing to say.
class Examiner final : public nlohmann::json_sax<Json> {
public:
    explicit Examiner(std::size_t mostLevels) : m_mostLevels(mostLevels) {}

    bool null() override { return count(); }
    bool boolean(bool /*value*/) override { return count(); }
    bool number_integer(number_integer_t /*value*/) override { return count(); }
    bool number_unsigned(number_unsigned_t /*value*/) override { return count(); }
    bool number_float(number_float_t value, const string_t& text) override {
        const bool kept = decimalOf(text) == decimalOf(Json(value).dump());
        return (kept && count()) || refuse("the number " + wire::showable(text, 40) + " has too many digits");
    }
    bool string(string_t& /*value*/) override { return count(); }
    bool binary(binary_t& /*value*/) override { return true; }
    bool start_object(std::size_t /*size*/) override {
        m_names.emplace_back();
        return enter();
    }
    bool key(string_t& name) override {
        m_compared += m_names.back().size();
        if (m_compared > kMostCompared) {
            return refuse("it has too many members");
        }
        return m_names.back().insert(name).second ||
               refuse("the member \"" + wire::showable(name, 80) + "\" stands twice in one object");
    }
    bool end_object() override {
        m_names.pop_back();
        return leave();
    }
    bool start_array(std::size_t /*size*/) override { return enter(); }
    bool end_array() override { return leave(); }
    bool parse_error(std::size_t place, const std::string& /*token*/,
                     const nlohmann::detail::exception& error) override {
        const bool tooLarge = error.id == 406; // out_of_range: a number that no double holds
        return refuse((tooLarge ? "a number is too large" : "it is not JSON") + std::string(" at byte ") +
                      std::to_string(place));
    }
    [[nodiscard]] const std::string& why() const { return m_why; }

private:
    bool enter() { return (++m_level <= m_mostLevels || refuse("it is nested too deeply")) && count(); }
    bool count() { return ++m_values <= kMostValues || refuse("it has too many values"); }
    bool leave() {
        --m_level;
        return true;
    }
    bool refuse(std::string why) {
        m_why = std::move(why);
        return false;
    }

    std::size_t m_mostLevels;
    std::size_t m_level = 0;
    std::size_t m_values = 0;
    std::size_t m_compared = 0;
    std::vector<std::set<std::string>> m_names; ///< of the objects that are open
    std::string m_why;
};

} // namespace

Result<Json> readJson(std::string_view text, std::size_t mostLevels) {
    Examiner examiner(mostLevels);
    const bool small = text.size() <= kMostJsonBytes;
    if (small && Json::sax_parse(text, &examiner)) {
        return Json::parse(text, nullptr, false);
    }
    return fail(ErrorClass::PermanentMessage, "edit.content", small ? examiner.why() : "it is larger than 16 MiB",
                "Only what would come back the same can be edited");
}

} // namespace dashstream::mend
