// Draws cells in the colour of their tone. Text is drawn as it is, never as markup.
#pragma once

#include <QStyledItemDelegate>

namespace dashstream::ui {

class ToneDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;

protected:
    void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override;
};

} // namespace dashstream::ui
