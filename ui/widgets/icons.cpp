#include "ui/widgets/icons.h"

#include <QFile>
#include <QPainter>
#include <QSvgRenderer>

namespace dashstream::ui {
namespace {

QByteArray svgOf(const QString& name, const QColor& colour) {
    QFile file(QStringLiteral(":/icons/%1.svg").arg(name));
    if (!file.open(QIODevice::ReadOnly)) {
        return {};
    }
    return file.readAll().replace("#000000", colour.name().toLatin1());
}

QPixmap draw(const QByteArray& svg, int size, qreal pixelRatio) {
    QPixmap pixmap(QSize(size, size) * pixelRatio);
    pixmap.fill(Qt::transparent);
    QSvgRenderer renderer(svg);
    QPainter painter(&pixmap);
    renderer.render(&painter);
    painter.end();
    pixmap.setDevicePixelRatio(pixelRatio);
    return pixmap;
}

} // namespace

QPixmap symbol(const QString& name, const QColor& colour, int size, qreal pixelRatio) {
    return draw(svgOf(name, colour), size, pixelRatio);
}

QIcon icon(const QString& name, const QPalette& palette) {
    QIcon result;
    const std::pair<QIcon::Mode, QColor> modes[] = {
        {QIcon::Normal, palette.color(QPalette::Active, QPalette::ButtonText)},
        {QIcon::Disabled, palette.color(QPalette::Disabled, QPalette::ButtonText)},
        {QIcon::Selected, palette.color(QPalette::Active, QPalette::HighlightedText)},
    };
    for (const auto& [mode, colour] : modes) {
        const QByteArray svg = svgOf(name, colour);
        for (const int size : {16, 20, 32, 40}) {
            result.addPixmap(draw(svg, size, 1), mode);
        }
    }
    return result;
}

} // namespace dashstream::ui
