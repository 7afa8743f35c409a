// Measures the gaps of the event loop: a precise timer asks to be called every other millisecond, and what passes
// between two calls is the gap that an operator could feel. GUI thread; costs a little while it runs.
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QString>
#include <QTimer>

#include <vector>

class QWidget;

namespace dashstream::ui {

struct GapReport {
    std::size_t count = 0;
    double p50Ms = 0;
    double p99Ms = 0;
    double p999Ms = 0;
    double maxMs = 0;
    std::size_t over16Ms = 0;
    std::size_t over50Ms = 0;
};

/// Of gaps in milliseconds, in any order.
[[nodiscard]] GapReport reportOf(std::vector<double> gaps);

class GuiProbe : public QObject {
    Q_OBJECT
public:
    static constexpr int kIntervalMs = 2;
    explicit GuiProbe(QObject* parent = nullptr);

    /// Notes when `window` is painted first, counted from the start of the process.
    void watchFirstPaint(QWidget* window);
    void start();
    void stop();
    /// The object of `--measure-gui` (command line reference), one line.
    [[nodiscard]] QString json() const;
    [[nodiscard]] double firstWindowMs() const { return m_firstWindowMs; }

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QTimer m_timer;
    QElapsedTimer m_clock;
    std::vector<double> m_gaps;
    double m_firstWindowMs = -1;
};

/// Milliseconds since the kernel started this process; resolution 10 ms. Negative when /proc does not say.
[[nodiscard]] double millisSinceProcessStart();

} // namespace dashstream::ui
