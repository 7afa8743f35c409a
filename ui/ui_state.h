// What the console remembers between runs: geometry, page, columns, splitters, theme. An ini file; read once at start,
// written once at the end, so that the GUI does no I/O while it works. Owned by the console; GUI thread.
#pragma once

#include <QSettings>
#include <QString>

#include <memory>

class QMainWindow;

namespace dashstream::ui {

class UiState {
public:
    /// An empty name remembers nothing (tests).
    explicit UiState(const QString& fileName);

    void restore(QMainWindow& window) const;
    void save(const QMainWindow& window);
    [[nodiscard]] QString text(const QString& key) const;
    void setText(const QString& key, const QString& value);

    /// $XDG_CONFIG_HOME/dashstream/console.ini.
    [[nodiscard]] static QString defaultFile();

private:
    std::unique_ptr<QSettings> m_settings;
};

} // namespace dashstream::ui
