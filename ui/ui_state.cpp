#include "ui/ui_state.h"

#include "ui/widgets/data_table.h"

#include <QDialog>
#include <QMainWindow>
#include <QSplitter>
#include <QStandardPaths>

namespace dashstream::ui {
namespace {

const QString kGeometry = QStringLiteral("window/geometry");

QString splitterKey(const QSplitter* splitter) {
    return QStringLiteral("splitters/") + splitter->objectName();
}

QString dialogKey(const QDialog* dialog) {
    return QStringLiteral("dialogs/") + dialog->objectName();
}

/// Dialogs that live as long as the window.
QList<QDialog*> remembered(const QMainWindow& window) {
    QList<QDialog*> dialogs = window.findChildren<QDialog*>();
    dialogs.removeIf([](const QDialog* dialog) { return !dialog->property("remembered").toBool(); });
    return dialogs;
}

} // namespace

UiState::UiState(const QString& fileName) {
    if (!fileName.isEmpty()) {
        m_settings = std::make_unique<QSettings>(fileName, QSettings::IniFormat);
    }
}

QString UiState::defaultFile() {
    return QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation) +
           QStringLiteral("/dashstream/console.ini");
}

void UiState::restore(QMainWindow& window) const {
    if (m_settings == nullptr) {
        return;
    }
    window.restoreGeometry(m_settings->value(kGeometry).toByteArray());
    for (DataTable* table : window.findChildren<DataTable*>()) {
        table->restoreState(*m_settings);
    }
    for (QDialog* dialog : remembered(window)) {
        dialog->restoreGeometry(m_settings->value(dialogKey(dialog)).toByteArray());
    }
    for (QSplitter* splitter : window.findChildren<QSplitter*>()) {
        splitter->restoreState(m_settings->value(splitterKey(splitter)).toByteArray());
    }
}

void UiState::save(const QMainWindow& window) {
    if (m_settings == nullptr) {
        return;
    }
    m_settings->setValue(kGeometry, window.saveGeometry());
    for (const DataTable* table : window.findChildren<DataTable*>()) {
        table->saveState(*m_settings);
    }
    for (const QDialog* dialog : remembered(window)) {
        m_settings->setValue(dialogKey(dialog), dialog->saveGeometry());
    }
    for (const QSplitter* splitter : window.findChildren<QSplitter*>()) {
        m_settings->setValue(splitterKey(splitter), splitter->saveState());
    }
    m_settings->sync();
}

QString UiState::text(const QString& key) const {
    return m_settings == nullptr ? QString() : m_settings->value(key).toString();
}

void UiState::setText(const QString& key, const QString& value) {
    if (m_settings != nullptr) {
        m_settings->setValue(key, value);
    }
}

} // namespace dashstream::ui
