#include "core/mend/json_reading.h"

#include "core/wire/utf8.h"

#include <algorithm>
#include <set>

namespace dashstream::mend {

namespace {

constexpr std::size_t kMostDigits = 17; ///< that a double surely keeps (IEEE 754 binary64)

/// Only looks; the parser that keeps the document runs when it has nothing to say.
class Examiner final : public nlohmann::json_sax<Json> {
public:
    bool null() override { return true; }
    bool boolean(bool /*value*/) override { return true; }
    bool number_integer(number_integer_t /*value*/) override { return true; }
    bool number_unsigned(number_unsigned_t /*value*/) override { return true; }
    bool number_float(number_float_t /*value*/, const string_t& text) override {
        const std::string_view mantissa = std::string_view(text).substr(0, text.find_first_of("eE"));
        const auto digits = static_cast<std::size_t>(
            std::ranges::count_if(mantissa.substr(std::min(mantissa.find_first_not_of("-0."), mantissa.size())),
                                  [](char c) { return c >= '0' && c <= '9'; }));
        return digits <= kMostDigits || refuse("the number " + wire::showable(text, 40) + " has too many digits");
    }
    bool string(string_t& /*value*/) override { return true; }
    bool binary(binary_t& /*value*/) override { return true; }
    bool start_object(std::size_t /*size*/) override {
        m_names.emplace_back();
        return enter();
    }
    bool key(string_t& name) override {
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
    bool enter() { return ++m_level <= kMostLevels || refuse("it is nested too deeply"); }
    bool leave() {
        --m_level;
        return true;
    }
    bool refuse(std::string why) {
        m_why = std::move(why);
        return false;
    }

    std::size_t m_level = 0;
    std::vector<std::set<std::string>> m_names; ///< of the objects that are open
    std::string m_why;
};

} // namespace

Result<Json> readJson(std::string_view text) {
    Examiner examiner;
    if (!Json::sax_parse(text, &examiner)) {
        return fail(ErrorClass::PermanentMessage, "edit.content", examiner.why(),
                    "Only what would come back the same can be edited");
    }
    return Json::parse(text, nullptr, false);
}

} // namespace dashstream::mend
