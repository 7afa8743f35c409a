#include "core/engine/store_gateway.h"

namespace dashstream::engine {

namespace {
/// Trying again cannot help: the operation itself is wrong (core/store/store.h, submit()).
bool isDefect(const Error& error) {
    return error.code == "store.constraint" || error.code == "store.too_big" || error.code == "store.no_such_entry";
}
} // namespace

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
    send();
}

std::vector<RetryId> StoreGateway::unwrittenRetries() const {
    std::vector<RetryId> unwritten;
    for (const store::WriteBatch* batch : {&m_sent, &m_open}) {
        for (const store::WriteOp& operation : batch->ops) {
            if (const auto* put = std::get_if<store::op::PutRetry>(&operation)) {
                unwritten.push_back(put->entry.id);
            }
        }
    }
    return unwritten;
}

std::set<store::DeadIdentity> StoreGateway::unwrittenDead() const {
    std::set<store::DeadIdentity> unwritten;
    for (const store::WriteBatch* batch : {&m_sent, &m_open}) {
        for (const store::WriteOp& operation : batch->ops) {
            if (const auto* put = std::get_if<store::op::PutDead>(&operation)) {
                unwritten.insert(store::identityOf(put->letter));
            } else if (const auto* import = std::get_if<store::op::ImportDead>(&operation)) {
                unwritten.insert(store::identityOf(import->letter));
            }
        }
    }
    return unwritten;
}

void StoreGateway::send() {
    m_busy = true;
    if (!m_singly) {
        m_submit(m_sent);
        return;
    }
    store::WriteBatch one;
    one.ops.push_back(m_sent.ops[*m_singly]);
    m_submit(std::move(one));
}

void StoreGateway::finished(Result<void> outcome, SteadyTime now) {
    m_busy = false;
    if (!outcome && !isDefect(outcome.error())) {
        m_trouble = outcome.error();
        m_repeatAt = now + kRepeatAfter;
        return;
    }
    m_trouble.reset();
    if (!m_singly && !outcome) {
        m_singly = 0;
        send();
        return;
    }
    if (m_singly) {
        if (!outcome && m_defect) {
            m_defect(outcome.error());
        }
        if (++*m_singly < m_sent.ops.size()) {
            send();
            return;
        }
        m_singly.reset();
    }
    m_sent = {};
    const auto then = std::move(m_sentThen);
    m_sentThen.clear();
    for (const auto& step : then) {
        step();
    }
}

} // namespace dashstream::engine
