// Light and dark: the application's palette, the colours with a meaning, and the style sheet made of them.
// Owned by the console; GUI thread. Colour never carries a meaning alone: an icon or a word stands beside it.
#pragma once

#include <QColor>
#include <QObject>
#include <QPalette>
#include <QString>

class QApplication;

namespace dashstream::ui {

enum class ThemeChoice { System, Light, Dark };

/// What a value means for the operator.
enum class Tone { Normal, Muted, Good, Warning, Critical };

/// Text colours keep 4.5 : 1 against the palette's base and window colours.
struct Colours {
    QColor good;
    QColor warning;
    QColor critical;
    QColor muted;
    QColor accent;
    QColor border;
    QColor inputBorder; ///< 3 : 1 against what is around it
    QColor card;
    QColor goodSurface;
    QColor warningSurface;
    QColor criticalSurface;
    QColor series[4]; ///< plots: first, second, third, error

    [[nodiscard]] QColor text(Tone tone, const QColor& normal) const;
};

[[nodiscard]] bool isDark(const QPalette& palette);
[[nodiscard]] const Colours& coloursFor(const QPalette& palette);
/// "light" or "dark"; anything else is System.
[[nodiscard]] ThemeChoice themeFromText(const QString& text);
[[nodiscard]] QString toText(ThemeChoice choice);

class Theme : public QObject {
    Q_OBJECT
public:
    /// Sets Fusion and remembers what the system's palette says.
    explicit Theme(QApplication& application);

    void choose(ThemeChoice choice);
    [[nodiscard]] ThemeChoice choice() const { return m_choice; }

private:
    [[nodiscard]] bool systemIsDark() const;
    void apply();

    QApplication& m_application;
    ThemeChoice m_choice = ThemeChoice::System;
    bool m_darkAtStart = false;
};

} // namespace dashstream::ui
