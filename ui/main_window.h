// The shell: sidebar, page stack, banner, status bar, and the keys that lead everywhere. It knows pages only as Page.
// Owned by the console; GUI thread.
#pragma once

#include "core/engine/snapshot.h"
#include "ui/pages/page.h"
#include "ui/style/theme.h"

#include <QList>
#include <QMainWindow>

#include <memory>

class QActionGroup;
class QListWidget;
class QStackedWidget;

namespace dashstream::ui {

class Banner;
class GotoPalette;
class StartView;
class StatusLine;

class MainWindow : public QMainWindow {
    Q_OBJECT
public:
    explicit MainWindow(ThemeChoice theme);

    void addPage(Page* page);
    /// Ends the start view: pages can be used.
    void showPages();
    void showPage(const QString& id, const QString& argument = {});
    [[nodiscard]] Page* currentPage() const;
    [[nodiscard]] Page* page(const QString& id) const;
    [[nodiscard]] QString currentPageId() const;

    void showSnapshot(const std::shared_ptr<const engine::Snapshot>& snapshot);
    void note(const QString& text); ///< for some seconds
    [[nodiscard]] StartView* startView() const { return m_start; }
    [[nodiscard]] Banner* banner() const { return m_banner; }
    [[nodiscard]] StatusLine* statusLine() const { return m_status; }
    /// The next close event closes.
    void allowClose() { m_mayClose = true; }

Q_SIGNALS:
    void closeWanted();
    void themeChosen(dashstream::ui::ThemeChoice choice);
    void searchWanted(dashstream::ui::GotoPalette* palette, const QString& text);

protected:
    void closeEvent(QCloseEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void buildCentre();
    void buildSidebar();
    void buildMenus(ThemeChoice theme);
    void buildThemeMenu(QMenu* menu, ThemeChoice theme);
    void addShortcut(const QKeySequence& keys, const std::function<void()>& act);
    void applyRemedy(engine::Remedy remedy);
    void openPalette();
    void openHelp();
    void openMonitoringHelp();
    void openAbout();
    void updateIcons();
    void pageChanged(int row);

    QWidget* m_sidebar = nullptr;
    QListWidget* m_pageList = nullptr;
    QStackedWidget* m_stack = nullptr;
    StartView* m_start = nullptr;
    Banner* m_banner = nullptr;
    StatusLine* m_status = nullptr;
    QMenu* m_goMenu = nullptr;
    QList<Page*> m_pages;
    std::shared_ptr<const engine::Snapshot> m_snapshot;
    bool m_running = false;
    bool m_mayClose = false;
};

} // namespace dashstream::ui
