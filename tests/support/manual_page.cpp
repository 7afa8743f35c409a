#include "tests/support/manual_page.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace dashstream::testing {

void expectInManual(const std::string& page, const std::string& part, const std::string& expected) {
    const char* root = std::getenv("DASHSTREAM_SOURCE_DIR");
    ASSERT_NE(root, nullptr);
    const std::string path = std::string(root) + "/resources/docs/" + page;
    std::ostringstream whole;
    whole << std::ifstream(path, std::ios::binary).rdbuf();
    std::string text = whole.str();
    const std::string begin = "<!-- " + part + ": begin -->\n";
    const std::size_t from = text.find(begin);
    const std::size_t to = text.find("<!-- " + part + ": end -->");
    ASSERT_NE(from, std::string::npos) << path;
    ASSERT_NE(to, std::string::npos) << path;
    const std::size_t start = from + begin.size();
    if (std::getenv("DASHSTREAM_WRITE_MANUAL") != nullptr) {
        std::ofstream(path, std::ios::binary) << text.replace(start, to - start, expected);
        return;
    }
    EXPECT_EQ(text.substr(start, to - start), expected)
        << "Run this test with DASHSTREAM_WRITE_MANUAL=1 to write " << path << " anew.";
}

} // namespace dashstream::testing
