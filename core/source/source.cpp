#include "core/source/source.h"

namespace dashstream::source {

Result<std::unique_ptr<Source>> openSource(const std::string& spec) {
    return fail(ErrorClass::Usage, "source.unknown", "There is no source \"" + spec + "\"");
}

} // namespace dashstream::source
