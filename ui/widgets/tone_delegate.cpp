#include "ui/widgets/tone_delegate.h"

#include "ui/models/table_model.h"

namespace dashstream::ui {

void ToneDelegate::initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const {
    QStyledItemDelegate::initStyleOption(option, index);
    option->text.replace(QLatin1Char('\n'), QChar(0x21B5));
    const QVariant tone = index.data(ToneRole);
    if (tone.isValid()) {
        const QColor colour =
            coloursFor(option->palette).text(static_cast<Tone>(tone.toInt()), option->palette.color(QPalette::Text));
        option->palette.setColor(QPalette::Text, colour);
        option->palette.setColor(QPalette::HighlightedText, colour);
    }
}

} // namespace dashstream::ui
