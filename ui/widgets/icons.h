// The project's own symbols, drawn in the colour of the text they stand beside, so that they serve light and dark.
#pragma once

#include <QColor>
#include <QIcon>
#include <QPalette>
#include <QPixmap>
#include <QString>

namespace dashstream::ui {

/// resources/icons/NAME.svg in the palette's text colour.
[[nodiscard]] QIcon icon(const QString& name, const QPalette& palette);
/// The same in one colour, `size` logical pixels square.
[[nodiscard]] QPixmap symbol(const QString& name, const QColor& colour, int size, qreal pixelRatio);

} // namespace dashstream::ui
