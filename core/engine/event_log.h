// The last notable events, as the Overview lists them; each also goes to the application log. Engine thread only.
#pragma once

#include "core/engine/condition.h"
#include "core/observe/logging.h"

#include <deque>
#include <string>

namespace dashstream::engine {

class EventLog {
public:
    static constexpr std::size_t kKept = 50;

    EventLog(const Clock& clock, observe::Logger* logger) : m_clock(clock), m_logger(logger) {}

    void note(Urgency urgency, std::string text) {
        if (m_logger != nullptr) {
            const auto level = urgency == Urgency::Notice    ? observe::LogLevel::Info
                               : urgency == Urgency::Warning ? observe::LogLevel::Warning
                                                             : observe::LogLevel::Error;
            m_logger->log(level, "engine", text);
        }
        m_events.push_back({++m_last, m_clock.utcNow(), urgency, std::move(text)});
        if (m_events.size() > kKept) {
            m_events.pop_front();
        }
    }
    /// To the application log only.
    void log(observe::LogLevel level, std::string_view component, std::string_view text) {
        if (m_logger != nullptr) {
            m_logger->log(level, component, text);
        }
    }
    [[nodiscard]] const std::deque<NotableEvent>& events() const { return m_events; }

private:
    const Clock& m_clock;
    observe::Logger* m_logger;
    std::deque<NotableEvent> m_events;
    std::uint64_t m_last = 0;
};

} // namespace dashstream::engine
