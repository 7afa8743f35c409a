// Says when a table of the store has to be read again: after the engine's revision rose, but at most twice a second and
// only while its page is shown. GUI thread.
#pragma once

#include <QObject>
#include <QTimer>

#include <cstdint>

namespace dashstream::ui {

class RevisionWatch : public QObject {
    Q_OBJECT
public:
    explicit RevisionWatch(QObject* parent);
    void note(std::uint64_t revision);
    void setShown(bool shown);

Q_SIGNALS:
    void due();

private:
    void fireIfDue();

    QTimer m_pause;
    std::uint64_t m_seen = 0;
    bool m_dirty = true; ///< nothing was read yet
    bool m_shown = false;
};

} // namespace dashstream::ui
