// What the tests of going on with a file share.
#pragma once

#include "core/source/resume.h"
#include "tests/core/source/file_rig.h"

#include <openssl/evp.h>

#include <array>

namespace dashstream::source::test {

/// By OpenSSL's one-shot function, not by the code under test.
inline std::string sha256(std::string_view bytes) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned length = 0;
    EXPECT_EQ(EVP_Digest(bytes.data(), bytes.size(), digest.data(), &length, EVP_sha256(), nullptr), 1);
    return {reinterpret_cast<const char*>(digest.data()), length};
}

inline std::string contentOf(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// The point that says: of `content` the first `position` bytes were read, which are `line` lines or frames.
inline ResumePoint readTo(std::string_view content, std::uint64_t position, std::uint64_t line) {
    return {position, line, sha256(content.substr(0, position)), position};
}

/// As the store has it of a batch's end.
inline store::SourceRecord recordOf(const SourcePlace& place) {
    return {SourceNumber(1), "of the test", place.position, place.line, place.digest, {}};
}

inline Everything readOn(const std::string& spec, const ResumePoint& point, std::size_t batch = 3) {
    auto source = openSourceAt(spec, point);
    if (!source) {
        Everything none;
        none.error = source.error();
        return none;
    }
    return readAll(**source, batch);
}

} // namespace dashstream::source::test
