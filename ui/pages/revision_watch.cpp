#include "ui/pages/revision_watch.h"

namespace dashstream::ui {

RevisionWatch::RevisionWatch(QObject* parent) : QObject(parent) {
    m_pause.setSingleShot(true);
    m_pause.setInterval(500);
    connect(&m_pause, &QTimer::timeout, this, &RevisionWatch::fireIfDue);
}

void RevisionWatch::note(std::uint64_t revision) {
    if (revision != m_seen) {
        m_seen = revision;
        m_dirty = true;
    }
    fireIfDue();
}

void RevisionWatch::setShown(bool shown) {
    m_shown = shown;
    fireIfDue();
}

void RevisionWatch::fireIfDue() {
    if (m_dirty && m_shown && !m_pause.isActive()) {
        m_dirty = false;
        m_pause.start();
        Q_EMIT due();
    }
}

} // namespace dashstream::ui
