// Entry of libFuzzer: the first byte chooses the reader.
#include "tests/fuzz/decode_targets.h"
#include "tests/fuzz/exchange_targets.h"
#include "tests/fuzz/wire_targets.h"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace dashstream::fuzz;
    if (size == 0) {
        return 0;
    }
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    switch (data[0] % 9) {
    case 0:
        tryDecoder(bytes);
        break;
    case 1:
        tryJsonLine(bytes);
        break;
    case 2:
        tryFrames(bytes);
        break;
    case 3:
        tryDeadLetter(bytes);
        break;
    case 4:
        tryLines(bytes);
        break;
    case 5:
        tryContent(bytes);
        break;
    case 6:
        tryForeignRecord(bytes);
        break;
    case 7:
        tryDescriptorSet(bytes);
        break;
    default:
        tryLetterLine(bytes);
    }
    return 0;
}
