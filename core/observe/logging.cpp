#include "core/observe/logging.h"

#include "core/observe/line_format.h"
#include "core/observe/log_file_sink.h"
#include "core/observe/log_ring.h"

#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <sys/stat.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <string>
#include <system_error>
#include <utility>

namespace dashstream::observe {

namespace {

constexpr std::array<std::pair<LogLevel, std::string_view>, 4> kLevels{
    {{LogLevel::Debug, "debug"}, {LogLevel::Info, "info"}, {LogLevel::Warning, "warning"}, {LogLevel::Error, "error"}}};

spdlog::level::level_enum toSpdlog(LogLevel level) {
    switch (level) {
    case LogLevel::Debug:
        return spdlog::level::debug;
    case LogLevel::Info:
        return spdlog::level::info;
    case LogLevel::Warning:
        return spdlog::level::warn;
    case LogLevel::Error:
        return spdlog::level::err;
    }
    return spdlog::level::info;
}

/// Makes what is missing of `folder`, each part for its owner only; what exists keeps its rights. 0 or errno.
int makePrivateFolders(const std::filesystem::path& folder) {
    std::filesystem::path path;
    for (const auto& part : folder) {
        path /= part;
        if (path.empty() || ::mkdir(path.c_str(), S_IRWXU) == 0) {
            continue;
        }
        // A parent may refuse with another error than "exists" although it is there; the last one decides.
        const int reason = errno;
        std::error_code ignored;
        if (!std::filesystem::is_directory(path, ignored)) {
            return reason == EEXIST ? ENOTDIR : reason;
        }
    }
    return 0;
}

std::string reasonText(int reason) {
    return reason == 0 ? "unknown reason" : std::generic_category().message(reason);
}

} // namespace

std::string_view toText(LogLevel level) {
    for (const auto& [known, text] : kLevels) {
        if (known == level) {
            return text;
        }
    }
    return "?";
}

std::optional<LogLevel> parseLogLevel(std::string_view text) {
    for (const auto& [level, name] : kLevels) {
        if (name == text) {
            return level;
        }
    }
    return std::nullopt;
}

struct Logger::Impl {
    Impl(const LogOptions& options, std::shared_ptr<const Redactor> theRedactor)
        : redactor(std::move(theRedactor)), level(options.level), ring(options.ringLines), sinks("dashstream") {
        sinks.set_level(spdlog::level::trace);
        sinks.flush_on(spdlog::level::trace);
        sinks.set_error_handler([this](const std::string&) { otherFailures.fetch_add(1, std::memory_order_relaxed); });
    }

    void fileFailed(const std::filesystem::path& path, int reason) {
        const std::string text = "The log file " + path.string() + " cannot be written (" + reasonText(reason) +
                                 "). The program goes on, lines are missing in the file until it can be written again.";
        const std::string line = escapeControls(redactor->redact(text));
        std::fprintf(stderr, "dashstream: %s\n", line.c_str());
        ring.add({0, SystemClock().utcNow(), LogLevel::Error, "log", line});
    }

    std::shared_ptr<const Redactor> redactor;
    std::atomic<LogLevel> level;
    LogRing ring;
    spdlog::logger sinks;
    std::shared_ptr<LogFileSink> file;
    std::atomic<std::uint64_t> otherFailures{0};
};

Logger::Logger() = default;

Logger::~Logger() {
    flush();
}

Result<std::unique_ptr<Logger>> Logger::open(const LogOptions& options, std::shared_ptr<const Redactor> redactor) {
    std::unique_ptr<Logger> logger(new Logger());
    logger->m_impl = std::make_unique<Impl>(options, redactor ? std::move(redactor) : std::make_shared<Redactor>());
    Impl* impl = logger->m_impl.get();
    if (options.toStderr) {
        impl->sinks.sinks().push_back(std::make_shared<spdlog::sinks::stderr_sink_mt>());
    }
    if (!options.file.empty()) {
        int reason = makePrivateFolders(options.file.parent_path());
        impl->file =
            std::make_shared<LogFileSink>(options.file, options.maxFileBytes, options.files,
                                          [impl, path = options.file](int why) { impl->fileFailed(path, why); });
        if (reason == 0) {
            reason = impl->file->open();
        }
        if (reason != 0) {
            return fail(ErrorClass::Local, "log.cannot_open",
                        "The log file " + options.file.string() + " cannot be opened (" + reasonText(reason) + ")",
                        "Make its folder writable for this user, or choose another place for it");
        }
        impl->sinks.sinks().push_back(impl->file);
    }
    impl->sinks.set_pattern("%v");
    return logger;
}

void Logger::log(LogLevel level, std::string_view component, std::string_view text) {
    if (level < m_impl->level.load(std::memory_order_relaxed)) {
        return;
    }
    LogLine line;
    line.at = SystemClock().utcNow();
    line.level = level;
    line.component = escapeControls(m_impl->redactor->redact(component));
    line.text = limitText(escapeControls(m_impl->redactor->redact(text)), kMaxLogTextBytes);
    const std::string whole = formatLine(line);
    m_impl->ring.add(std::move(line));
    m_impl->sinks.log(toSpdlog(level), spdlog::string_view_t(whole));
}

void Logger::setLevel(LogLevel level) {
    m_impl->level.store(level, std::memory_order_relaxed);
}

std::vector<LogLine> Logger::linesAfter(std::uint64_t after, std::size_t limit) const {
    return m_impl->ring.linesAfter(after, limit);
}

std::uint64_t Logger::lostLines() const {
    return (m_impl->file ? m_impl->file->lostLines() : 0) + m_impl->otherFailures.load(std::memory_order_relaxed);
}

void Logger::flush() {
    m_impl->sinks.flush();
}

} // namespace dashstream::observe
