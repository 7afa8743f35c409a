#include "tests/fuzz/exchange_targets.h"

#include "core/base/utf8.h"
#include "core/exchange/letter_line.h"

#include <cstdio>
#include <cstdlib>

namespace dashstream::fuzz {

namespace {
void require(bool holds, const char* what) {
    if (!holds) {
        std::fprintf(stderr, "broken promise: %s\n", what);
        std::abort();
    }
}
} // namespace

void tryLetterLine(std::string_view line) {
    const auto letter = exchange::readLine(line);
    if (!letter) {
        require(letter.error().errorClass == ErrorClass::PermanentMessage, "a wrong line is the line's fault");
        require(!letter.error().message.empty(), "what is wrong is told");
        require(findInvalidUtf8(letter.error().text()) == std::string_view::npos, "an error is text");
        return;
    }
    require(!letter->message.id.isNil() && !letter->message.thread.empty(), "a letter is known by id and thread");
    require(letter->id.value == 0 && letter->message.entry == 0, "nothing of this store comes from outside");
    const std::string again = exchange::toLine(*letter);
    require(again.find('\n') == std::string::npos, "a letter is one line");
    const auto back = exchange::readLine(again);
    require(back.has_value(), "what is written can be read");
    require(exchange::toLine(*back) == again, "a letter has one line");
}

} // namespace dashstream::fuzz
