#include "core/wire/utf8.h"

#include "core/base/utf8.h"

namespace dashstream::wire {

std::string showable(std::string_view bytes, std::size_t maxBytes) {
    std::string shown;
    std::size_t at = 0;
    while (at < bytes.size() && at < maxBytes) {
        const Utf8Character character = firstUtf8Character(bytes.substr(at));
        if (character.length == 0) {
            shown += "\xEF\xBF\xBD";
            ++at;
            continue;
        }
        if (character.point < 0x20 || (character.point >= 0x7F && character.point < 0xA0)) {
            shown += ' ';
        } else {
            shown.append(bytes, at, character.length);
        }
        at += character.length;
    }
    return shown;
}

} // namespace dashstream::wire
