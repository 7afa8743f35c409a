#include "core/config/small_file.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <system_error>

namespace dashstream::config {

namespace {

struct Closer {
    void operator()(std::FILE* file) const { std::fclose(file); }
};

std::string reason(int code) {
    return code == EISDIR ? "it is a folder" : std::generic_category().message(code);
}

} // namespace

tl::expected<std::string, std::string> readSmallFile(const std::filesystem::path& path, std::size_t limitBytes) {
    const std::unique_ptr<std::FILE, Closer> file(std::fopen(path.c_str(), "rbe"));
    if (!file) {
        return tl::make_unexpected(reason(errno));
    }
    std::string content;
    std::array<char, 8192> part{};
    for (;;) {
        errno = 0;
        const std::size_t count = std::fread(part.data(), 1, part.size(), file.get());
        content.append(part.data(), count);
        if (content.size() > limitBytes) {
            return tl::make_unexpected("it is larger than " + std::to_string(limitBytes) + " bytes");
        }
        if (count < part.size()) {
            break;
        }
    }
    if (std::ferror(file.get()) != 0) {
        return tl::make_unexpected(reason(errno));
    }
    return content;
}

} // namespace dashstream::config
