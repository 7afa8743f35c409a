// Labels that show text as it is, never as markup, and let it be copied.
#pragma once

#include <QFrame>
#include <QLabel>

class QBoxLayout;

namespace dashstream::ui {

/// Plain text, selectable by mouse and keyboard. `objectName` picks a style ("muted", "pageTitle", …); may be empty.
[[nodiscard]] QLabel* plainLabel(const QString& text, QWidget* parent, const QString& objectName = {});
/// The same over several lines.
[[nodiscard]] QLabel* plainParagraph(const QString& text, QWidget* parent, const QString& objectName = {});
/// A framed area with a heading (none when empty) and a vertical layout.
[[nodiscard]] QFrame* card(const QString& title, QWidget* parent);
[[nodiscard]] QBoxLayout* cardLayout(QFrame* frame);

} // namespace dashstream::ui
