#include "ui/widgets/spark_delegate.h"

#include "ui/models/dead_groups_model.h"
#include "ui/style/theme.h"

#include <QPainter>

#include <algorithm>

namespace dashstream::ui {

namespace {
constexpr int kMargin = 3;
} // namespace

void SparkDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
    ToneDelegate::paint(painter, option, index); // background and selection
    const auto bars = index.data(PlotRole).value<QList<int>>();
    if (bars.isEmpty()) {
        return;
    }
    const int most = std::max(1, *std::max_element(bars.begin(), bars.end()));
    const QRectF place = QRectF(option.rect).adjusted(kMargin, kMargin, -kMargin, -kMargin);
    const qreal width = place.width() / static_cast<qreal>(bars.size());
    const QColor colour = option.state.testFlag(QStyle::State_Selected)
                              ? option.palette.color(QPalette::HighlightedText)
                              : coloursFor(option.palette).series[0];
    painter->save();
    painter->setPen(Qt::NoPen);
    painter->fillRect(QRectF(place.left(), place.bottom(), place.width(), 1), coloursFor(option.palette).border);
    for (qsizetype i = 0; i < bars.size(); ++i) {
        if (bars[i] > 0) { // one death must show beside ten thousand
            const qreal height = std::max(2.0, place.height() * bars[i] / most);
            painter->fillRect(QRectF(place.left() + static_cast<qreal>(i) * width, place.bottom() - height,
                                     std::max(1.0, width - 0.5), height),
                              colour);
        }
    }
    painter->restore();
}

} // namespace dashstream::ui
