// Draws a small plot of bars in a table's cell, from its PlotRole.
#pragma once

#include "ui/widgets/tone_delegate.h"

namespace dashstream::ui {

class SparkDelegate : public ToneDelegate {
    Q_OBJECT
public:
    using ToneDelegate::ToneDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

} // namespace dashstream::ui
