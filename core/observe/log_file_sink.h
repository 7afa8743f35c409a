// spdlog's rotating file with two promises added: files are private (0600), and a file that cannot be written any more
// (full disk, folder gone) neither throws nor crashes: the lines are counted as lost, the first one is reported, and
// the file is opened again some seconds later. Owned by the Logger; spdlog serialises the calls.
#pragma once

#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/rotating_file_sink.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>

namespace dashstream::observe {

class LogFileSink final : public spdlog::sinks::base_sink<std::mutex> {
public:
    /// Called once for each time that the file becomes unwritable, with the reason as errno (0: unknown).
    using FailureReport = std::function<void(int reason)>;

    /// `files` counts the current one. open() must succeed before the first line.
    LogFileSink(std::filesystem::path file, std::size_t maxBytes, int files, FailureReport onFailure);

    /// 0, or why the file cannot be opened as errno.
    [[nodiscard]] int open();
    /// Lines that did not reach the file.
    [[nodiscard]] std::uint64_t lostLines() const { return m_lostLines.load(std::memory_order_relaxed); }

protected:
    void sink_it_(const spdlog::details::log_msg& message) override;
    void flush_() override;

private:
    void fail(int reason, spdlog::log_clock::time_point now);

    const std::filesystem::path m_path;
    const std::size_t m_maxBytes;
    const std::size_t m_rotatedFiles;
    const FailureReport m_onFailure;
    std::unique_ptr<spdlog::sinks::rotating_file_sink_st> m_file; ///< empty while it cannot be written
    spdlog::log_clock::time_point m_openAgainAt;
    spdlog::log_clock::time_point m_lastLineAt;
    bool m_unflushed = false;
    std::atomic<std::uint64_t> m_lostLines{0};
};

} // namespace dashstream::observe
