#include "core/filter/words.h"

#include <optional>
#include <vector>

namespace dashstream::filter {

namespace {
bool isWord(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           static_cast<unsigned char>(c) >= 0x80;
}
char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

/// Takes the first word off `text`.
std::optional<std::string_view> takeWord(std::string_view& text) {
    std::size_t begin = 0;
    while (begin < text.size() && !isWord(text[begin])) {
        ++begin;
    }
    std::size_t end = begin;
    while (end < text.size() && isWord(text[end])) {
        ++end;
    }
    const std::string_view word = text.substr(begin, end - begin);
    text.remove_prefix(end);
    return word.empty() ? std::nullopt : std::optional(word);
}

std::vector<std::string> wordsOf(std::string_view text) {
    std::vector<std::string> words;
    while (const auto word = takeWord(text)) {
        std::string& added = words.emplace_back(*word);
        for (char& c : added) {
            c = lower(c);
        }
    }
    return words;
}

bool beginsWith(std::string_view word, std::string_view begin) {
    if (word.size() < begin.size()) {
        return false;
    }
    for (std::size_t i = 0; i < begin.size(); ++i) {
        if (lower(word[i]) != begin[i]) {
            return false;
        }
    }
    return true;
}

/// `words` stand at the beginning of `text`.
bool standsFirst(std::string_view text, const std::vector<std::string>& words) {
    for (const std::string& wanted : words) {
        const auto word = takeWord(text);
        const bool last = &wanted == &words.back();
        if (!word || !beginsWith(*word, wanted) || (!last && word->size() != wanted.size())) {
            return false;
        }
    }
    return true;
}
} // namespace

bool hasWord(std::string_view phrase) {
    return takeWord(phrase).has_value();
}

bool containsWords(std::string_view text, std::string_view phrase) {
    const std::vector<std::string> words = wordsOf(phrase);
    if (words.empty()) {
        return false;
    }
    for (;;) {
        if (standsFirst(text, words)) {
            return true;
        }
        if (!takeWord(text)) {
            return false;
        }
    }
}

std::string ftsQuery(std::string_view phrase) {
    std::string query = "\"";
    for (const std::string& word : wordsOf(phrase)) {
        query += query.size() == 1 ? "" : " ";
        query += word;
    }
    return query + "\"*";
}

} // namespace dashstream::filter
