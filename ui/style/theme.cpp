#include "ui/style/theme.h"

#include <QApplication>
#include <QFile>
#include <QStyleFactory>
#include <QStyleHints>

namespace dashstream::ui {
namespace {

const Colours kLight{
    QColor(0x1a, 0x7f, 0x37),
    QColor(0x8a, 0x5a, 0x00),
    QColor(0xb4, 0x23, 0x18),
    QColor(0x5b, 0x65, 0x70),
    QColor(0x1f, 0x5f, 0xb8),
    QColor(0xd4, 0xd9, 0xdf),
    QColor(0x85, 0x8e, 0x98),
    QColor(0xff, 0xff, 0xff),
    QColor(0xe6, 0xf4, 0xea),
    QColor(0xff, 0xf4, 0xdb),
    QColor(0xfd, 0xe8, 0xe6),
    {QColor(0x1f, 0x5f, 0xb8), QColor(0x1a, 0x7f, 0x37), QColor(0x8a, 0x5a, 0x00), QColor(0xb4, 0x23, 0x18)}};

const Colours kDark{
    QColor(0x6b, 0xcf, 0x86),
    QColor(0xe8, 0xb3, 0x4d),
    QColor(0xff, 0x8a, 0x80),
    QColor(0xa3, 0xad, 0xb8),
    QColor(0x7a, 0xb2, 0xf5),
    QColor(0x3c, 0x43, 0x4b),
    QColor(0x74, 0x7e, 0x89),
    QColor(0x25, 0x2a, 0x30),
    QColor(0x1d, 0x33, 0x25),
    QColor(0x3a, 0x30, 0x1a),
    QColor(0x40, 0x22, 0x22),
    {QColor(0x7a, 0xb2, 0xf5), QColor(0x6b, 0xcf, 0x86), QColor(0xe8, 0xb3, 0x4d), QColor(0xff, 0x8a, 0x80)}};

QPalette makePalette(bool dark) {
    const Colours& colours = dark ? kDark : kLight;
    const QColor window = dark ? QColor(0x1e, 0x22, 0x27) : QColor(0xf4, 0xf5, 0xf7);
    const QColor base = colours.card;
    const QColor text = dark ? QColor(0xe6, 0xe9, 0xec) : QColor(0x1c, 0x21, 0x26);
    const QColor button = dark ? QColor(0x2e, 0x34, 0x3b) : QColor(0xfb, 0xfb, 0xfc);
    QPalette palette(button, window);
    palette.setColor(QPalette::Window, window);
    palette.setColor(QPalette::WindowText, text);
    palette.setColor(QPalette::Base, base);
    palette.setColor(QPalette::AlternateBase, dark ? QColor(0x2a, 0x2f, 0x36) : QColor(0xf7, 0xf8, 0xfa));
    palette.setColor(QPalette::Text, text);
    palette.setColor(QPalette::Button, button);
    palette.setColor(QPalette::ButtonText, text);
    palette.setColor(QPalette::BrightText, colours.critical);
    palette.setColor(QPalette::ToolTipBase, dark ? QColor(0x33, 0x3a, 0x42) : QColor(0xff, 0xff, 0xff));
    palette.setColor(QPalette::ToolTipText, text);
    palette.setColor(QPalette::Highlight, dark ? QColor(0x2b, 0x4f, 0x7d) : QColor(0xcf, 0xe2, 0xfa));
    palette.setColor(QPalette::HighlightedText, dark ? QColor(0xff, 0xff, 0xff) : QColor(0x10, 0x16, 0x1d));
    palette.setColor(QPalette::Link, colours.accent);
    palette.setColor(QPalette::LinkVisited, colours.accent);
    palette.setColor(QPalette::PlaceholderText, colours.muted);
    palette.setColor(QPalette::Mid, colours.border);
    const QColor disabled = dark ? QColor(0x7d, 0x86, 0x90) : QColor(0x8b, 0x93, 0x9b);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText}) {
        palette.setColor(QPalette::Disabled, role, disabled);
    }
    return palette;
}

QString styleSheetFor(const QPalette& palette) {
    QFile file(QStringLiteral(":/style/console.qss"));
    if (!file.open(QIODevice::ReadOnly)) {
        return {};
    }
    const Colours& colours = coloursFor(palette);
    QString sheet = QString::fromUtf8(file.readAll());
    const std::pair<const char*, QColor> names[] = {
        {"@border", colours.border},
        {"@card", colours.card},
        {"@muted", colours.muted},
        {"@accent", colours.accent},
        {"@window", palette.color(QPalette::Window)},
        {"@text", palette.color(QPalette::Text)},
        {"@highlight", palette.color(QPalette::Highlight)},
        {"@highlightedText", palette.color(QPalette::HighlightedText)},
        {"@side",
         isDark(palette) ? palette.color(QPalette::Window).darker(115) : palette.color(QPalette::Window).darker(104)},
        {"@input", colours.inputBorder},
        {"@goodSurface", colours.goodSurface},
        {"@warningSurface", colours.warningSurface},
        {"@criticalSurface", colours.criticalSurface},
        {"@good", colours.good},
        {"@warning", colours.warning},
        {"@critical", colours.critical},
    };
    for (const auto& [name, colour] : names) {
        sheet.replace(QLatin1String(name) + QLatin1Char(';'), colour.name() + QLatin1Char(';'));
    }
    sheet.replace(QLatin1String("@check"), isDark(palette) ? QStringLiteral(":/icons/check-dark.svg")
                                                           : QStringLiteral(":/icons/check-light.svg"));
    return sheet;
}

} // namespace

QColor Colours::text(Tone tone, const QColor& normal) const {
    switch (tone) {
    case Tone::Muted:
        return muted;
    case Tone::Good:
        return good;
    case Tone::Warning:
        return warning;
    case Tone::Critical:
        return critical;
    case Tone::Normal:
        break;
    }
    return normal;
}

bool isDark(const QPalette& palette) {
    return palette.color(QPalette::Window).lightness() < 128;
}

const Colours& coloursFor(const QPalette& palette) {
    return isDark(palette) ? kDark : kLight;
}

ThemeChoice themeFromText(const QString& text) {
    if (text == QLatin1String("dark")) {
        return ThemeChoice::Dark;
    }
    return text == QLatin1String("light") ? ThemeChoice::Light : ThemeChoice::System;
}

QString toText(ThemeChoice choice) {
    switch (choice) {
    case ThemeChoice::Light:
        return QStringLiteral("light");
    case ThemeChoice::Dark:
        return QStringLiteral("dark");
    case ThemeChoice::System:
        break;
    }
    return QStringLiteral("system");
}

Theme::Theme(QApplication& application)
    : m_application(application), m_darkAtStart(isDark(QGuiApplication::palette())) {
    QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
#if QT_VERSION >= QT_VERSION_CHECK(6, 5, 0)
    connect(QGuiApplication::styleHints(), &QStyleHints::colorSchemeChanged, this, &Theme::apply);
#endif
    apply();
}

void Theme::choose(ThemeChoice choice) {
    m_choice = choice;
    apply();
}

bool Theme::systemIsDark() const {
#if QT_VERSION >= QT_VERSION_CHECK(6, 5, 0)
    return QGuiApplication::styleHints()->colorScheme() == Qt::ColorScheme::Dark;
#else
    return m_darkAtStart; // Before Qt 6.5 the system's palette can only be read before ours is set.
#endif
}

void Theme::apply() {
    const bool dark = m_choice == ThemeChoice::Dark || (m_choice == ThemeChoice::System && systemIsDark());
    const QPalette palette = makePalette(dark);
    QApplication::setPalette(palette);
    m_application.setStyleSheet(styleSheetFor(palette));
}

} // namespace dashstream::ui
