#include "core/wire/json_place.h"

#include <algorithm>
#include <charconv>
#include <utility>
#include <vector>

namespace dashstream::wire {

namespace {

constexpr std::size_t kDeepest = 256; // protobuf's reader gives up at 100

bool isBlank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

bool isWordCharacter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$' ||
           c == '-' || c == '+' || c == '.' || (static_cast<unsigned char>(c) & 0x80U) != 0;
}

/// One pass over a text that tells each member and item it comes by. Keeps its own stack.
class Walker {
public:
    struct Frame {
        char closedBy = '}';
        std::size_t opened = 0;
        std::size_t index = 0; ///< of the member or item that is being read
        TextRange name;        ///< of it, with quotes; in an object
    };

    explicit Walker(std::string_view text) : m_text(text) {}

    /// False: broken, as broken() says. `visit(frames, range)` gets each value after it was passed, innermost first;
    /// true from it ends the walk.
    template <typename Visit>
    bool run(Visit visit) {
        skipBlanks();
        if (m_at == m_text.size()) {
            return fails({m_at, 0}, "a message is missing here: it begins with {");
        }
        if (!value(visit)) {
            return false;
        }
        while (!m_frames.empty() && !m_found) {
            if (!step(visit)) {
                return false;
            }
        }
        skipBlanks();
        return m_found || m_at == m_text.size() ||
               fails({m_at, 1}, "the message ends before this, and something follows; there must be one alone");
    }
    [[nodiscard]] const JsonBreak& broken() const { return m_broken; }

private:
    bool fails(TextRange where, std::string what) {
        where.bytes = std::min(where.bytes, m_text.size() - std::min(where.at, m_text.size()));
        m_broken = {where, std::move(what)};
        return false;
    }
    [[nodiscard]] char here() const { return m_at < m_text.size() ? m_text[m_at] : '\0'; }
    void skipBlanks() {
        while (m_at < m_text.size() && isBlank(m_text[m_at])) {
            ++m_at;
        }
    }

    // A value's beginning; scalars whole, of objects and lists the bracket.
    template <typename Visit>
    bool value(Visit& visit) {
        const std::size_t begin = m_at;
        const char c = here();
        if (c == '{' || c == '[') {
            if (m_frames.size() >= kDeepest) {
                return fails({begin, 1}, "this is nested too deep");
            }
            m_frames.push_back({c == '{' ? '}' : ']', begin, 0, {}});
            m_fresh = true;
            ++m_at;
            return true;
        }
        if (c == '"' || c == '\'') {
            if (!string()) {
                return false;
            }
        } else if (!word()) {
            return false;
        }
        return passed({begin, m_at - begin}, visit);
    }

    template <typename Visit>
    bool passed(TextRange range, Visit& visit) {
        m_found = visit(m_frames, range);
        return true;
    }

    // The next thing within the innermost object or list.
    template <typename Visit>
    bool step(Visit& visit) {
        skipBlanks();
        Frame& frame = m_frames.back();
        if (m_at == m_text.size()) {
            return neverClosed(frame);
        }
        const bool fresh = std::exchange(m_fresh, false);
        if (here() == frame.closedBy) {
            ++m_at;
            const TextRange whole{frame.opened, m_at - frame.opened};
            m_frames.pop_back();
            return passed(whole, visit);
        }
        if (!fresh && !separator(frame)) {
            return false;
        }
        if (here() == frame.closedBy) {
            return true; // after a comma too many, which is read
        }
        if (frame.closedBy == '}' && !name(frame)) {
            return false;
        }
        return value(visit);
    }

    bool separator(Frame& frame) {
        if (m_at == m_text.size()) {
            return neverClosed(frame);
        }
        if (here() != ',') {
            return fails({m_at, 1}, frame.closedBy == '}' ? "a comma or } is missing before this"
                                                          : "a comma or ] is missing before this");
        }
        ++m_at;
        ++frame.index;
        skipBlanks();
        return m_at < m_text.size() || neverClosed(frame);
    }

    bool name(Frame& frame) {
        const std::size_t begin = m_at;
        if (m_at == m_text.size()) {
            return neverClosed(frame);
        }
        if (here() == '"' || here() == '\'') {
            if (!string()) {
                return false;
            }
        } else {
            while (isWordCharacter(here())) {
                ++m_at;
            }
            if (m_at == begin) {
                return fails({begin, 1}, R"(a name in quotation marks is expected here, as in "node_id")");
            }
        }
        frame.name = {begin, m_at - begin};
        skipBlanks();
        if (here() != ':') {
            return fails(m_at == m_text.size() ? frame.name : TextRange{m_at, 1},
                         "a colon and a value are missing after the name " + nameText(frame.name));
        }
        ++m_at;
        skipBlanks();
        return m_at < m_text.size() || fails(frame.name, "the value of " + nameText(frame.name) + " is missing");
    }

    [[nodiscard]] std::string nameText(TextRange name) const {
        constexpr std::size_t most = 60;
        return name.bytes <= most ? std::string(m_text.substr(name.at, name.bytes)) : std::string("before it");
    }

    bool neverClosed(const Frame& frame) {
        return fails({frame.opened, 1},
                     std::string("this is opened and never closed: a ") + frame.closedBy + " is missing at the end");
    }

    bool string() {
        const char quote = here();
        const std::size_t begin = m_at;
        for (++m_at; m_at < m_text.size(); ++m_at) {
            if (m_text[m_at] == '\\') {
                ++m_at;
            } else if (m_text[m_at] == quote) {
                ++m_at;
                return true;
            }
        }
        m_at = m_text.size();
        return fails({begin, 1}, "this text has no quotation mark at its end");
    }

    bool word() {
        const std::size_t begin = m_at;
        while (isWordCharacter(here())) {
            ++m_at;
        }
        const std::string_view found = m_text.substr(begin, m_at - begin);
        if (found.empty()) {
            return fails({begin, 1}, "a value is expected here");
        }
        const char first = found.front();
        const bool number = (first >= '0' && first <= '9') || first == '-' || first == '.';
        if (number || found == "true" || found == "false" || found == "null") {
            return true;
        }
        return fails({begin, found.size()},
                     "a value is expected here: a text in quotation marks, a number, true, false, an object or a list");
    }

    std::string_view m_text;
    std::size_t m_at = 0;
    std::vector<Frame> m_frames;
    bool m_fresh = false; ///< an object or list was just opened
    bool m_found = false;
    JsonBreak m_broken;
};

struct Step {
    std::string name; ///< lower case, without underscores
    bool indexed = false;
    std::size_t index = 0;
};

std::string plainName(std::string_view name) {
    std::string plain;
    for (const char c : name) {
        if (c != '_' && c != '"' && c != '\'') {
            plain += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        }
    }
    return plain;
}

// "event.attributes[0].value.int_value" is: event, attributes, item 0, (an entry's value,) int_value.
std::vector<Step> stepsOf(std::string_view path) {
    std::vector<Step> steps;
    while (!path.empty()) {
        const std::size_t end = std::min(path.find('.'), path.size());
        std::string_view part = path.substr(0, end);
        path.remove_prefix(std::min(end + 1, path.size()));
        const std::size_t bracket = std::min(part.find('['), part.size());
        steps.push_back({plainName(part.substr(0, bracket)), false, 0});
        if (bracket < part.size()) {
            Step item{{}, true, 0};
            std::from_chars(part.data() + bracket + 1, part.data() + part.size(), item.index);
            steps.push_back(item);
        }
    }
    return steps;
}

// Whether the members and items that are open lead to the path's end.
bool leadsTo(std::string_view text, const std::vector<Walker::Frame>& frames, const std::vector<Step>& steps) {
    std::size_t step = 0;
    for (const Walker::Frame& frame : frames) {
        if (step == steps.size()) {
            return false;
        }
        const bool object = frame.closedBy == '}';
        const Step& wanted = steps[step++];
        if (wanted.indexed) {
            if (frame.index != wanted.index) {
                return false;
            }
            if (object && step < steps.size() && (steps[step].name == "value" || steps[step].name == "key")) {
                ++step; // an entry of a map is no object of its own in the text
            }
        } else if (!object || plainName(text.substr(frame.name.at, frame.name.bytes)) != wanted.name) {
            return false;
        }
    }
    return step == steps.size() && !frames.empty();
}

std::optional<std::pair<TextRange, TextRange>> find(std::string_view text, std::string_view path) {
    const std::vector<Step> steps = stepsOf(path);
    std::optional<std::pair<TextRange, TextRange>> found;
    Walker walker(text);
    (void)walker.run([&](const std::vector<Walker::Frame>& frames, TextRange value) {
        if (!leadsTo(text, frames, steps)) {
            return false;
        }
        found.emplace(frames.back().name, value);
        return true;
    });
    return found;
}

} // namespace

std::optional<JsonBreak> findJsonBreak(std::string_view text) {
    Walker walker(text);
    if (walker.run([](const auto&, TextRange) { return false; })) {
        return std::nullopt;
    }
    return walker.broken();
}

std::optional<TextRange> findJsonValue(std::string_view text, std::string_view path) {
    const auto found = find(text, path);
    return found ? std::optional(found->second) : std::nullopt;
}

std::optional<TextRange> findJsonName(std::string_view text, std::string_view path) {
    const auto found = find(text, path);
    return found && found->first.bytes > 0 ? std::optional(found->first) : std::nullopt;
}

} // namespace dashstream::wire
