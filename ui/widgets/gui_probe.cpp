#include "ui/widgets/gui_probe.h"

#include <QEvent>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QWidget>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <ctime>

namespace dashstream::ui {
namespace {

double percentile(const std::vector<double>& sorted, double share) {
    if (sorted.empty()) {
        return 0;
    }
    const auto at = static_cast<std::size_t>(std::ceil(share * static_cast<double>(sorted.size())));
    return sorted[std::clamp<std::size_t>(at, 1, sorted.size()) - 1];
}

double rounded(double millis) {
    return std::round(millis * 1000) / 1000;
}

} // namespace

GapReport reportOf(std::vector<double> gaps) {
    std::sort(gaps.begin(), gaps.end());
    GapReport report;
    report.count = gaps.size();
    report.p50Ms = percentile(gaps, 0.50);
    report.p99Ms = percentile(gaps, 0.99);
    report.p999Ms = percentile(gaps, 0.999);
    report.maxMs = gaps.empty() ? 0 : gaps.back();
    const auto over = [&gaps](double limit) {
        return static_cast<std::size_t>(gaps.end() - std::upper_bound(gaps.begin(), gaps.end(), limit));
    };
    report.over16Ms = over(16);
    report.over50Ms = over(50);
    return report;
}

GuiProbe::GuiProbe(QObject* parent) : QObject(parent) {
    m_timer.setTimerType(Qt::PreciseTimer);
    m_timer.setInterval(kIntervalMs);
    connect(&m_timer, &QTimer::timeout, this, [this] {
        m_gaps.push_back(static_cast<double>(m_clock.nsecsElapsed()) / 1e6);
        m_clock.restart();
    });
}

void GuiProbe::watchFirstPaint(QWidget* window) {
    window->installEventFilter(this);
}

void GuiProbe::start() {
    m_gaps.reserve(1'000'000);
    m_gaps.clear();
    m_clock.start();
    m_timer.start();
}

void GuiProbe::stop() {
    m_timer.stop();
}

bool GuiProbe::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::Paint && m_firstWindowMs < 0) {
        watched->removeEventFilter(this);
        QMetaObject::invokeMethod(
            this, [this] { m_firstWindowMs = millisSinceProcessStart(); }, Qt::QueuedConnection); // once it is painted
    }
    return QObject::eventFilter(watched, event);
}

QString GuiProbe::json() const {
    const GapReport report = reportOf(m_gaps);
    const QJsonObject object{{QStringLiteral("count"), static_cast<qint64>(report.count)},
                             {QStringLiteral("p50_ms"), rounded(report.p50Ms)},
                             {QStringLiteral("p99_ms"), rounded(report.p99Ms)},
                             {QStringLiteral("p999_ms"), rounded(report.p999Ms)},
                             {QStringLiteral("max_ms"), rounded(report.maxMs)},
                             {QStringLiteral("over_16ms"), static_cast<qint64>(report.over16Ms)},
                             {QStringLiteral("over_50ms"), static_cast<qint64>(report.over50Ms)},
                             {QStringLiteral("first_window_ms"), rounded(m_firstWindowMs)}};
    return QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Compact));
}

double millisSinceProcessStart() {
    QFile file(QStringLiteral("/proc/self/stat"));
    if (!file.open(QIODevice::ReadOnly)) {
        return -1;
    }
    // Field 22 is the start in clock ticks since boot; the name in field 2 may hold anything, so count after it.
    const QByteArray all = file.readAll();
    const QList<QByteArray> fields = all.mid(all.lastIndexOf(')') + 2).split(' ');
    if (fields.size() < 20) {
        return -1;
    }
    const double started = fields.at(19).toDouble() / static_cast<double>(sysconf(_SC_CLK_TCK));
    timespec now{};
    clock_gettime(CLOCK_BOOTTIME, &now);
    return (static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9 - started) * 1000;
}

} // namespace dashstream::ui
