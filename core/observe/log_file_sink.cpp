#include "core/observe/log_file_sink.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <exception>
#include <string>
#include <utility>

namespace dashstream::observe {

namespace {

constexpr std::chrono::seconds kOpenAgainAfter{5};
constexpr mode_t kPrivate = S_IRUSR | S_IWUSR;

/// Makes the file before spdlog opens it, so that it never exists with wider rights.
void createPrivate(const std::string& path) {
    const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, kPrivate);
    if (descriptor >= 0) {
        ::close(descriptor);
    }
}

void makePrivate(std::FILE* file) {
    // A file that was there before with wider rights; not ours to change if it belongs to somebody else.
    [[maybe_unused]] const int ignored = ::fchmod(::fileno(file), kPrivate);
}

} // namespace

LogFileSink::LogFileSink(std::filesystem::path file, std::size_t maxBytes, int files, FailureReport onFailure)
    : m_path(std::move(file)), m_maxBytes(maxBytes == 0 ? 10U << 20U : maxBytes),
      m_rotatedFiles(files > 1 ? static_cast<std::size_t>(files) - 1 : 0), m_onFailure(std::move(onFailure)) {}

int LogFileSink::open() {
    spdlog::file_event_handlers handlers;
    handlers.before_open = [](const spdlog::filename_t& name) { createPrivate(name); };
    handlers.after_open = [](const spdlog::filename_t&, std::FILE* stream) { makePrivate(stream); };
    errno = 0;
    try {
        m_file = std::make_unique<spdlog::sinks::rotating_file_sink_st>(m_path.string(), m_maxBytes, m_rotatedFiles,
                                                                        false, handlers);
        m_file->set_pattern("%v");
        return 0;
    } catch (const std::exception&) {
        return errno != 0 ? errno : EIO;
    }
}

void LogFileSink::sink_it_(const spdlog::details::log_msg& message) {
    m_lastLineAt = message.time;
    if (!m_file && (message.time < m_openAgainAt || open() != 0)) {
        m_lostLines.fetch_add(1, std::memory_order_relaxed);
        if (message.time >= m_openAgainAt) {
            m_openAgainAt = message.time + kOpenAgainAfter;
        }
        return;
    }
    try {
        m_unflushed = true;
        m_file->log(message);
    } catch (const std::exception&) {
        fail(errno, message.time);
    }
}

void LogFileSink::flush_() {
    if (!m_file) {
        return;
    }
    try {
        m_file->flush();
        m_unflushed = false;
    } catch (const std::exception&) {
        fail(errno, m_lastLineAt);
    }
}

void LogFileSink::fail(int reason, spdlog::log_clock::time_point now) {
    m_lostLines.fetch_add(m_unflushed ? 1 : 0, std::memory_order_relaxed);
    m_unflushed = false;
    m_openAgainAt = now + kOpenAgainAfter;
    m_file.reset();
    m_onFailure(reason);
}

} // namespace dashstream::observe
