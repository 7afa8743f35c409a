#include "ui/widgets/csv.h"

namespace dashstream::ui {
namespace {

bool couldBeFormula(const QString& text) {
    if (text.isEmpty() || !QStringLiteral("=+-@\t\r\n").contains(text.front())) {
        return !text.isEmpty() && text.front().isNull();
    }
    bool isNumber = false;
    static_cast<void>(text.toDouble(&isNumber));
    return !isNumber;
}

} // namespace

QString csvCell(const QString& text) {
    QString cell = couldBeFormula(text) ? QLatin1Char('\'') + text : text;
    const bool quoted = cell.contains(QLatin1Char(',')) || cell.contains(QLatin1Char('"')) ||
                        cell.contains(QLatin1Char('\n')) || cell.contains(QLatin1Char('\r'));
    if (quoted) {
        cell = QLatin1Char('"') + cell.replace(QLatin1Char('"'), QStringLiteral("\"\"")) + QLatin1Char('"');
    }
    return cell;
}

QByteArray csvLine(const QStringList& cells) {
    QStringList safe;
    for (const QString& cell : cells) {
        safe.append(csvCell(cell));
    }
    return (safe.join(QLatin1Char(',')) + QStringLiteral("\r\n")).toUtf8();
}

QString tsvLine(const QStringList& cells) {
    QStringList flat;
    for (QString cell : cells) {
        cell.replace(QLatin1Char('\t'), QLatin1Char(' '));
        cell.replace(QLatin1Char('\n'), QLatin1Char(' '));
        cell.remove(QLatin1Char('\r'));
        flat.append(cell);
    }
    return flat.join(QLatin1Char('\t'));
}

} // namespace dashstream::ui
