#include "core/engine/store_gateway.h"

namespace dashstream::engine {

void StoreGateway::flush(SteadyTime now) {
    if (m_busy || (m_repeatAt && now < *m_repeatAt)) {
        return;
    }
    if (m_repeatAt) {
        m_repeatAt.reset();
    } else {
        if (m_open.empty() && m_openThen.empty()) {
            return;
        }
        m_sent = std::move(m_open);
        m_sentThen = std::move(m_openThen);
        m_open = {};
        m_openThen.clear();
    }
    m_busy = true;
    m_submit(m_sent);
}

void StoreGateway::finished(Result<void> outcome, SteadyTime now) {
    m_busy = false;
    if (!outcome) {
        m_trouble = outcome.error();
        m_repeatAt = now + kRepeatAfter;
        return;
    }
    m_trouble.reset();
    m_sent = {};
    const auto then = std::move(m_sentThen);
    m_sentThen.clear();
    for (const auto& step : then) {
        step();
    }
}

} // namespace dashstream::engine
