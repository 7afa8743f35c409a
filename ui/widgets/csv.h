// CSV (RFC 4180) and TSV that a spreadsheet cannot be tricked with: a cell that could start a formula gets an
// apostrophe before it (OWASP ASVS 1.2.10). Pure.
#pragma once

#include <QByteArray>
#include <QString>
#include <QStringList>

namespace dashstream::ui {

/// One cell. Numbers stay as they are, negative ones too.
[[nodiscard]] QString csvCell(const QString& text);
/// UTF-8, ends with CR LF.
[[nodiscard]] QByteArray csvLine(const QStringList& cells);
/// Tabs and line ends inside a cell become spaces; no line end.
[[nodiscard]] QString tsvLine(const QStringList& cells);

} // namespace dashstream::ui
