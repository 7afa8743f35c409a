// Export and import on the page of dead letters: the menu with its keys, the file dialogs, the preview and the strip
// with progress. GUI thread.
#pragma once

#include "ui/exchange.h"

#include <QObject>

#include <functional>

class QAction;
class QPushButton;
class QWidget;

namespace dashstream::ui {

class ExchangeStrip;

class DeadExchangeActions : public QObject {
    Q_OBJECT
public:
    /// What the page shows; asked when an action is chosen.
    struct Shown {
        std::function<std::vector<DeadLetterId>()> selected;
        std::function<std::vector<DeadLetterId>()> all; ///< that the filter finds
        std::function<QString()> filter;
    };

    DeadExchangeActions(Shown shown, QWidget* page);

    [[nodiscard]] QPushButton* button() const { return m_button; }
    [[nodiscard]] ExchangeStrip* strip() const { return m_strip; }
    void setCounts(std::size_t selected, std::size_t all);

    void showProgress(const ExchangeProgress& progress);
    void showChecked(const ImportPreview& preview);
    void showEnd(const ExchangeEnd& end);

Q_SIGNALS:
    void exportWanted(const dashstream::ui::DeadExport& request);
    void checkWanted(const QString& file);
    void importWanted(const QString& file, bool leaveOutWrong);
    void cancelWanted();
    /// Something went wrong, and what to do.
    void told(const QString& title, const QString& advice);

private:
    QAction* addAction(const QString& text, const QString& name, const QKeySequence& keys,
                       void (DeadExchangeActions::*act)());
    void exportSelected();
    void exportAll();
    void askExport(std::vector<DeadLetterId> letters, const QString& chosen, const QString& filter);
    void askImport();
    void updateActions();

    Shown m_shown;
    QWidget* m_page;
    QPushButton* m_button = nullptr;
    ExchangeStrip* m_strip = nullptr;
    QAction* m_exportSelected = nullptr;
    QAction* m_exportAll = nullptr;
    QAction* m_import = nullptr;
    std::size_t m_selected = 0;
    std::size_t m_all = 0;
};

} // namespace dashstream::ui
