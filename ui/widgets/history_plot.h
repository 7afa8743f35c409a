// Rates, latency and backlog of the last fifteen minutes over one time axis; the pointer shows the values of its
// second, outages are shaded. Drawn by QCustomPlot. GUI thread.
#pragma once

#include "ui/models/history.h"

#include <QWidget>

#include <vector>

class QCPAxisRect;
class QCPGraph;
class QCPItemRect;
class QCPItemStraightLine;
class QCustomPlot;
class QLabel;

namespace dashstream::ui {

class HistoryPlot : public QWidget {
    Q_OBJECT
public:
    explicit HistoryPlot(const History& history, QWidget* parent);
    /// After the history grew.
    void refresh();

protected:
    void changeEvent(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    struct Row {
        QCPAxisRect* rect = nullptr;
        QCPItemStraightLine* cursor = nullptr;
        QLabel* legend = nullptr;
    };
    enum RowIndex { Rates, Latency, Backlog, RowCount };
    enum GraphIndex { Accepted, Delivered, Failed, P50, P99, Unsettled, GraphCount };

    void buildRows();
    void addGraphs();
    void applyColours();
    void fillGraphs();
    void rescale();
    void shadeOutages();
    void showValues();
    [[nodiscard]] QString legendOf(RowIndex row, const HistorySample& sample) const;

    const History& m_history;
    QCustomPlot* m_plot = nullptr;
    QLabel* m_time = nullptr;
    Row m_rows[RowCount];
    QCPGraph* m_graphs[GraphCount] = {};
    std::vector<QCPItemRect*> m_outages;
    double m_pointer = -1; ///< time under the pointer; negative: none
};

} // namespace dashstream::ui
