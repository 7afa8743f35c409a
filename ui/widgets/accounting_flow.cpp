#include "ui/widgets/accounting_flow.h"

#include "ui/format.h"
#include "ui/models/verdict.h"
#include "ui/style/theme.h"

#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>

namespace dashstream::ui {
namespace {

enum BoxIndex { Entered, InFlight, Retry, Delivered, Dead, Discarded };
constexpr int kBoxes = 6;
constexpr int kArrow = 26;
constexpr int kGap = 8;

} // namespace

AccountingFlow::AccountingFlow(QWidget* parent) : QWidget(parent) {
    setObjectName(QStringLiteral("accountingFlow"));
    setAccessibleName(tr("Accounting"));
}

void AccountingFlow::show(const engine::Accounting& accounting) {
    m_accounting = accounting;
    setAccessibleDescription(equationText(accounting));
    setToolTip(plainToolTip(equationText(accounting)));
    update();
}

QSize AccountingFlow::sizeHint() const {
    return {900, fontMetrics().height() * 3 + 26};
}

QSize AccountingFlow::minimumSizeHint() const {
    return {640, sizeHint().height()};
}

QList<AccountingFlow::Box> AccountingFlow::boxes() const {
    const Colours& colours = coloursFor(palette());
    const QColor normal = palette().color(QPalette::Text);
    const engine::Accounting& sums = m_accounting;
    const QString carried =
        sums.carriedIn == 0 ? tr("since start") : tr("+ %1 carried in").arg(formatNumber(sums.carriedIn));
    const QString rejected =
        sums.rejected.total() == 0 ? QString() : tr(", %1 rejected").arg(formatNumber(sums.rejected.total()));
    QList<Box> all{
        {tr("Accepted"), formatNumber(sums.accepted), carried + rejected, normal, {}},
        {tr("In flight"), formatNumber(sums.inFlight), tr("on their way"), normal, {}},
        {tr("Retry queue"),
         formatNumber(sums.retrying),
         sums.retrying == 0 ? tr("nothing waits") : tr("wait for a try"),
         sums.retrying == 0 ? normal : colours.warning,
         {}},
        {tr("Delivered"), formatNumber(sums.delivered), tr("acknowledged"), colours.good, {}},
        {tr("Dead letters"),
         formatNumber(sums.dead),
         sums.dead == 0 ? tr("none") : tr("wait for you"),
         sums.dead == 0 ? normal : colours.critical,
         {}},
        {tr("Discarded"), formatNumber(sums.discarded), tr("by an operator"), normal, {}},
    };
    const double width = (this->width() - 3.0 * kArrow - 2.0 * kGap) / kBoxes;
    double x = 0;
    for (int at = 0; at < kBoxes; ++at) {
        all[at].area = QRectF(x + 0.5, 0.5, width - 1, height() - 1);
        x += width + (at < Delivered ? kArrow : kGap);
    }
    return all;
}

void AccountingFlow::paintBox(QPainter& painter, const Box& box) const {
    const Colours& colours = coloursFor(palette());
    painter.setPen(colours.border);
    painter.setBrush(colours.card);
    painter.drawRoundedRect(box.area, 6, 6);
    const QRectF inside = box.area.adjusted(12, 7, -8, -7);
    painter.setPen(colours.muted);
    painter.drawText(inside, Qt::AlignLeft | Qt::AlignTop, box.title);
    painter.drawText(inside, Qt::AlignLeft | Qt::AlignBottom,
                     fontMetrics().elidedText(box.note, Qt::ElideRight, static_cast<int>(inside.width())));
    QFont figure = font();
    figure.setPixelSize(18);
    figure.setWeight(QFont::DemiBold);
    if (QFontMetricsF(figure).horizontalAdvance(box.value) > inside.width()) {
        figure.setPixelSize(14);
    }
    painter.setFont(figure);
    painter.setPen(box.colour);
    painter.drawText(inside, Qt::AlignLeft | Qt::AlignVCenter, box.value);
    painter.setFont(font());
}

void AccountingFlow::paintArrow(QPainter& painter, const QRectF& from, const QRectF& to) const {
    const double y = from.center().y();
    const double end = to.left() - 5;
    painter.setPen(QPen(coloursFor(palette()).muted, 1.5));
    painter.drawLine(QPointF(from.right() + 5, y), QPointF(end, y));
    QPainterPath head;
    head.moveTo(end - 5, y - 4);
    head.lineTo(end, y);
    head.lineTo(end - 5, y + 4);
    painter.setBrush(Qt::NoBrush);
    painter.drawPath(head);
}

void AccountingFlow::paintEvent(QPaintEvent* /*event*/) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QList<Box> all = boxes();
    for (const Box& box : all) {
        paintBox(painter, box);
    }
    for (int at = Entered; at < Delivered; ++at) {
        paintArrow(painter, all[at].area, all[at + 1].area);
    }
}

void AccountingFlow::mouseReleaseEvent(QMouseEvent* event) {
    const QList<Box> all = boxes();
    if (all[Retry].area.contains(event->position())) {
        Q_EMIT retryQueueWanted();
    } else if (all[Dead].area.contains(event->position())) {
        Q_EMIT deadLettersWanted();
    }
}

} // namespace dashstream::ui
