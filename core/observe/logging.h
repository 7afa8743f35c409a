// Application log by spdlog: rotating file, optional stderr, and a bounded ring that the Log page reads. Every line
// passes the Redactor. Owned by the composition root, handed in; closing flushes. Thread-safe.
#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/observe/redaction.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dashstream::observe {

enum class LogLevel : std::uint8_t { Debug, Info, Warning, Error };

[[nodiscard]] std::string_view toText(LogLevel level);
[[nodiscard]] std::optional<LogLevel> parseLogLevel(std::string_view text);

struct LogLine {
    std::uint64_t number = 0; ///< rises by one; gaps mean that the ring dropped lines
    UtcTime at{};
    LogLevel level = LogLevel::Info;
    std::string component; ///< "engine", "kafka", "store", …
    std::string text;
};

struct LogOptions {
    std::filesystem::path file; ///< empty: no file; its folder is made (0700), the file 0600
    LogLevel level = LogLevel::Info;
    std::size_t maxFileBytes = 10U << 20U;
    int files = 5; ///< the current one included
    bool toStderr = false;
    std::size_t ringLines = 20'000;
};

class Logger {
public:
    /// Error "log.cannot_open" (Local).
    [[nodiscard]] static Result<std::unique_ptr<Logger>> open(const LogOptions& options,
                                                              std::shared_ptr<const Redactor> redactor);
    ~Logger();
    Logger(const Logger&) = delete;
    Logger& operator=(const Logger&) = delete;

    void log(LogLevel level, std::string_view component, std::string_view text);
    void setLevel(LogLevel level);
    /// Lines after number `after` that the ring still holds, oldest first, at most `limit`.
    [[nodiscard]] std::vector<LogLine> linesAfter(std::uint64_t after, std::size_t limit) const;
    void flush();
    /// Lines that could not be written to the file (full disk, folder gone). Logging itself never fails: the first line
    /// lost is reported on stderr and in the ring, and the file is tried again some seconds later.
    [[nodiscard]] std::uint64_t lostLines() const;

private:
    Logger();
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace dashstream::observe
