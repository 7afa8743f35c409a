#include "ui/widgets/history_plot.h"

#include "ui/format.h"
#include "ui/style/theme.h"
#include "ui/widgets/plain_label.h"

#include <QMouseEvent>
#include <QVBoxLayout>
#include <qcustomplot.h>

#include <algorithm>
#include <cmath>

namespace dashstream::ui {
namespace {

QString coloured(const QString& text, const QColor& colour) {
    return QStringLiteral("<span style=\"color:%1\">▬</span> %2").arg(colour.name(), text.toHtmlEscaped());
}

QVector<QCPGraphData> dataOf(const std::deque<HistorySample>& samples, double HistorySample::*value,
                             bool needsLatency) {
    QVector<QCPGraphData> data;
    data.reserve(static_cast<qsizetype>(samples.size()));
    double before = 0;
    for (const HistorySample& sample : samples) {
        const bool gap = (before > 0 && sample.at - before > 5) || (needsLatency && !sample.hasLatency);
        data.append(QCPGraphData(sample.at, gap ? std::nan("") : sample.*value));
        before = sample.at;
    }
    return data;
}

/// Ticks as the screens write numbers; whole ones where messages are counted.
class ValueTicker : public QCPAxisTicker {
public:
    explicit ValueTicker(bool whole) : m_whole(whole) {}

protected:
    double getTickStep(const QCPRange& range) override {
        const double step = QCPAxisTicker::getTickStep(range);
        return m_whole ? std::max(1.0, step) : step;
    }
    QString getTickLabel(double tick, const QLocale& /*locale*/, QChar /*format*/, int /*precision*/) override {
        return std::abs(tick) < 10 && tick != std::floor(tick) ? QString::number(tick, 'g', 3)
                                                               : formatNumber(static_cast<std::int64_t>(tick));
    }

private:
    bool m_whole;
};

class MinuteTicker : public QCPAxisTickerDateTime {
protected:
    double getTickStep(const QCPRange& /*range*/) override { return 180; }
};

} // namespace

HistoryPlot::HistoryPlot(const History& history, QWidget* parent) : QWidget(parent), m_history(history) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(2);
    m_plot = new QCustomPlot(this);
    m_plot->setObjectName(QStringLiteral("historyPlot"));
    m_plot->setAccessibleName(tr("Rates, latency and backlog of the last 15 minutes"));
    m_plot->setNoAntialiasingOnDrag(true);
    m_plot->setAntialiasedElements(QCP::aePlottables);
    m_plot->plotLayout()->clear();
    m_plot->setMouseTracking(true);
    m_plot->installEventFilter(this);
    m_plot->setMinimumHeight(240);
    layout->addWidget(m_plot, 1);
    m_time = plainLabel({}, this, QStringLiteral("muted"));
    m_time->setAlignment(Qt::AlignRight);
    layout->addWidget(m_time);
    buildRows();
    addGraphs();
    applyColours();
    showValues();
}

void HistoryPlot::buildRows() {
    auto* margins = new QCPMarginGroup(m_plot);
    const QSharedPointer<QCPAxisTickerDateTime> times(new MinuteTicker);
    times->setDateTimeFormat(QStringLiteral("HH:mm"));
    for (int at = 0; at < RowCount; ++at) {
        Row& row = m_rows[at];
        row.rect = new QCPAxisRect(m_plot, true);
        row.rect->setMarginGroup(QCP::msLeft | QCP::msRight, margins);
        row.rect->setAutoMargins(QCP::msLeft | QCP::msRight | QCP::msBottom);
        row.rect->setMargins(QMargins(0, 20, 0, 0)); // room for the legend
        m_plot->plotLayout()->addElement(at, 0, row.rect);
        QCPAxis* bottom = row.rect->axis(QCPAxis::atBottom);
        bottom->setTicker(times);
        bottom->setTickLabels(at + 1 == RowCount);
        row.rect->axis(QCPAxis::atLeft)->setTicker(QSharedPointer<QCPAxisTicker>(new ValueTicker(at == Backlog)));
        row.rect->axis(QCPAxis::atLeft)->ticker()->setTickCount(3);
        row.cursor = new QCPItemStraightLine(m_plot);
        row.cursor->setClipAxisRect(row.rect);
        for (QCPItemPosition* position : row.cursor->positions()) {
            position->setAxes(bottom, row.rect->axis(QCPAxis::atLeft));
        }
        row.cursor->setVisible(false);
        row.legend = new QLabel(m_plot); // rich text of our own making; values are escaped
        row.legend->setTextFormat(Qt::RichText);
        row.legend->setAttribute(Qt::WA_TransparentForMouseEvents);
    }
    m_plot->plotLayout()->setRowSpacing(2);
    connect(m_plot, &QCustomPlot::afterLayout, this, [this] {
        for (const Row& row : m_rows) {
            const QRect area = row.rect->rect();
            row.legend->setGeometry(area.left(), area.top() - 19, area.width(), 18);
        }
    });
}

void HistoryPlot::addGraphs() {
    const RowIndex rows[GraphCount] = {Rates, Rates, Rates, Latency, Latency, Backlog};
    for (int at = 0; at < GraphCount; ++at) {
        const QCPAxisRect* rect = m_rows[rows[at]].rect;
        m_graphs[at] = m_plot->addGraph(rect->axis(QCPAxis::atBottom), rect->axis(QCPAxis::atLeft));
        m_graphs[at]->setAdaptiveSampling(true);
    }
}

void HistoryPlot::applyColours() {
    const Colours& colours = coloursFor(palette());
    const int series[GraphCount] = {0, 1, 3, 0, 2, 0};
    for (int at = 0; at < GraphCount; ++at) {
        m_graphs[at]->setPen(QPen(colours.series[series[at]], 1)); // wider antialiased lines cost twenty times as much
    }
    QColor fill = colours.series[0];
    fill.setAlpha(40);
    m_graphs[Unsettled]->setBrush(fill);
    m_plot->setBackground(colours.card);
    const QPen line(colours.border, 1);
    for (const Row& row : m_rows) {
        row.cursor->setPen(QPen(colours.muted, 1, Qt::DashLine));
        for (QCPAxis* axis : row.rect->axes()) {
            axis->setBasePen(line);
            axis->setTickPen(line);
            axis->setSubTickPen(Qt::NoPen);
            axis->setTickLabelColor(colours.muted);
            axis->setTickLabelFont(font());
            axis->grid()->setPen(QPen(colours.border, 1, Qt::DotLine));
            axis->grid()->setZeroLinePen(line);
        }
        row.rect->axis(QCPAxis::atTop)->setVisible(false);
        row.rect->axis(QCPAxis::atRight)->setVisible(false);
    }
}

void HistoryPlot::refresh() {
    if (!isVisible()) {
        return;
    }
    fillGraphs();
    rescale();
    shadeOutages();
    showValues();
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

void HistoryPlot::fillGraphs() {
    const auto& samples = m_history.samples();
    const std::pair<GraphIndex, double HistorySample::*> values[] = {
        {Accepted, &HistorySample::accepted}, {Delivered, &HistorySample::delivered},
        {Failed, &HistorySample::failed},     {P50, &HistorySample::p50Millis},
        {P99, &HistorySample::p99Millis},     {Unsettled, &HistorySample::backlog}};
    for (const auto& [graph, value] : values) {
        m_graphs[graph]->data()->set(dataOf(samples, value, graph == P50 || graph == P99), true);
    }
}

void HistoryPlot::rescale() {
    const auto& samples = m_history.samples();
    if (samples.empty()) {
        return;
    }
    double top[RowCount] = {10, 1, 10}; // so that idling does not look like a storm
    for (const HistorySample& sample : samples) {
        top[Rates] = std::max({top[Rates], sample.accepted, sample.delivered, sample.failed});
        top[Latency] = std::max(top[Latency], sample.hasLatency ? sample.p99Millis : 0);
        top[Backlog] = std::max(top[Backlog], sample.backlog);
    }
    const double now = samples.back().at;
    for (int at = 0; at < RowCount; ++at) {
        m_rows[at].rect->axis(QCPAxis::atBottom)->setRange(now - History::kSpanSeconds, now);
        m_rows[at].rect->axis(QCPAxis::atLeft)->setRange(0, top[at] * 1.1);
    }
}

void HistoryPlot::shadeOutages() {
    std::vector<std::pair<double, double>> spans;
    for (const HistorySample& sample : m_history.samples()) {
        if (!sample.outage) {
            continue;
        }
        if (!spans.empty() && sample.at - spans.back().second < 3) {
            spans.back().second = sample.at;
        } else {
            spans.emplace_back(sample.at - 1, sample.at);
        }
    }
    for (QCPItemRect* item : m_outages) {
        m_plot->removeItem(item);
    }
    m_outages.clear();
    QColor shade = coloursFor(palette()).critical;
    shade.setAlpha(45);
    for (const auto& [from, until] : spans) {
        for (const Row& row : m_rows) {
            auto* item = new QCPItemRect(m_plot);
            item->setClipAxisRect(row.rect);
            for (QCPItemPosition* position : {item->topLeft, item->bottomRight}) {
                position->setAxisRect(row.rect);
                position->setAxes(row.rect->axis(QCPAxis::atBottom), row.rect->axis(QCPAxis::atLeft));
                position->setTypeY(QCPItemPosition::ptAxisRectRatio);
            }
            item->topLeft->setCoords(from, 0);
            item->bottomRight->setCoords(until, 1);
            item->setPen(Qt::NoPen);
            item->setBrush(shade);
            m_outages.push_back(item);
        }
    }
}

QString HistoryPlot::legendOf(RowIndex row, const HistorySample& sample) const {
    const auto& series = coloursFor(palette()).series;
    const auto millis = [&sample](double value) {
        return sample.hasLatency ? formatLatency(microseconds(std::llround(value * 1000))) : tr("none");
    };
    const QString gap = QStringLiteral("&nbsp;&nbsp;&nbsp;");
    switch (row) {
    case Rates:
        return tr("<b>Rates</b>") + gap + coloured(tr("in %1").arg(formatRate(sample.accepted)), series[0]) + gap +
               coloured(tr("out %1").arg(formatRate(sample.delivered)), series[1]) + gap +
               coloured(tr("failed attempts %1").arg(formatRate(sample.failed)), series[3]);
    case Latency:
        return tr("<b>Latency</b>") + gap + coloured(tr("p50 %1").arg(millis(sample.p50Millis)), series[0]) + gap +
               coloured(tr("p99 %1").arg(millis(sample.p99Millis)), series[2]) + gap +
               tr("accepted to delivered, in ms");
    case Backlog:
        return tr("<b>Backlog</b>") + gap +
               coloured(formatMessages(static_cast<std::uint64_t>(sample.backlog)) + tr(" not settled"), series[0]);
    case RowCount:
        break;
    }
    return {};
}

void HistoryPlot::showValues() {
    const auto& samples = m_history.samples();
    const HistorySample* sample = m_pointer < 0 ? nullptr : m_history.nearest(m_pointer);
    if (sample != nullptr && std::abs(sample->at - m_pointer) > 10) {
        sample = nullptr; // nothing was measured there
    }
    const HistorySample latest = samples.empty() ? HistorySample{} : samples.back();
    for (int at = 0; at < RowCount; ++at) {
        Row& row = m_rows[at];
        row.legend->setText(legendOf(static_cast<RowIndex>(at), sample == nullptr ? latest : *sample));
        row.cursor->setVisible(sample != nullptr);
        if (sample != nullptr) {
            row.cursor->point1->setCoords(sample->at, 0);
            row.cursor->point2->setCoords(sample->at, 1);
        }
    }
    const double at = sample == nullptr ? latest.at : sample->at;
    const QString when = formatMoment(utcFromMicros(std::llround(at * 1e6)));
    const QString what =
        sample == nullptr ? tr("now, %1") : (sample->outage ? tr("at %1, no broker reachable") : tr("at %1"));
    m_time->setText(samples.empty() ? tr("The last 15 minutes; nothing measured yet") : what.arg(when));
}

bool HistoryPlot::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_plot && (event->type() == QEvent::MouseMove || event->type() == QEvent::Leave)) {
        m_pointer = -1;
        if (event->type() == QEvent::MouseMove) {
            m_pointer =
                m_rows[0].rect->axis(QCPAxis::atBottom)->pixelToCoord(static_cast<QMouseEvent*>(event)->position().x());
        }
        showValues();
        m_plot->replot(QCustomPlot::rpQueuedReplot);
    }
    return QWidget::eventFilter(watched, event);
}

void HistoryPlot::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_graphs[GraphCount - 1] != nullptr) {
        applyColours();
        showValues();
        m_plot->replot(QCustomPlot::rpQueuedReplot);
    }
}

void HistoryPlot::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    refresh();
}

} // namespace dashstream::ui
