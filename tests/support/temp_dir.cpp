#include "tests/support/temp_dir.h"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <system_error>

namespace dashstream::testing {

namespace {

[[noreturn]] void giveUp(const std::string& what) {
    std::fprintf(stderr, "test support: %s\n", what.c_str());
    std::abort();
}

} // namespace

TempDir::TempDir() {
    std::string name = (std::filesystem::temp_directory_path() / "dashstream-test-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) {
        giveUp("no temporary folder could be made as " + name);
    }
    m_path = name;
}

TempDir::~TempDir() {
    std::error_code ignored;
    std::filesystem::remove_all(m_path, ignored);
}

std::string readFile(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

void writeFile(const std::filesystem::path& file, std::string_view content) {
    std::ofstream stream(file, std::ios::binary | std::ios::trunc);
    stream.write(content.data(), static_cast<std::streamsize>(content.size()));
    stream.close();
    if (!stream) {
        giveUp("cannot write " + file.string());
    }
}

} // namespace dashstream::testing
