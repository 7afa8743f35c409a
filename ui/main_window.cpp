#include "ui/main_window.h"

#include "ui/widgets/banner.h"
#include "ui/widgets/goto_palette.h"
#include "ui/widgets/help_dialog.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/start_view.h"
#include "ui/widgets/status_line.h"

#include <QActionGroup>
#include <QApplication>
#include <QCloseEvent>
#include <QHBoxLayout>
#include <QListWidget>
#include <QMenuBar>
#include <QShortcut>
#include <QStackedWidget>
#include <QStatusBar>

namespace dashstream::ui {
namespace {

constexpr int kSidebarWidth = 176;
constexpr int kNoteMs = 6000;

QString remedyPage(engine::Remedy remedy) {
    switch (remedy) {
    case engine::Remedy::None:
        return {};
    case engine::Remedy::ShowBrokers:
        return QStringLiteral("brokers");
    case engine::Remedy::ShowRetries:
        return QStringLiteral("retry-queue");
    case engine::Remedy::ShowDeadLetters:
        return QStringLiteral("dead-letters");
    case engine::Remedy::ShowLog:
        return QStringLiteral("log");
    case engine::Remedy::ShowConfiguration:
        return QStringLiteral("configuration");
    case engine::Remedy::ShowSources:
        return QStringLiteral("sources");
    }
    return {};
}

} // namespace

MainWindow::MainWindow(ThemeChoice theme) {
    setWindowTitle(tr("DashStream Console"));
    setWindowIcon(QIcon(QStringLiteral(":/icons/dashstream-console.svg")));
    resize(1280, 800);
    setMinimumSize(960, 600);
    buildCentre();
    buildSidebar();
    buildMenus(theme);
    addShortcut(QKeySequence::Find, [this] {
        if (Page* page = currentPage()) {
            page->focusFilter();
        }
    });
    connect(m_banner, &Banner::remedyWanted, this, &MainWindow::applyRemedy);
}

void MainWindow::buildCentre() {
    auto* centre = new QWidget(this);
    auto* columns = new QHBoxLayout(centre);
    columns->setContentsMargins(0, 0, 0, 0);
    columns->setSpacing(0);
    m_sidebar = new QWidget(centre);
    m_sidebar->setObjectName(QStringLiteral("sidebar"));
    m_sidebar->setAttribute(Qt::WA_StyledBackground);
    m_sidebar->setFixedWidth(kSidebarWidth);
    columns->addWidget(m_sidebar);
    auto* main = new QVBoxLayout;
    main->setSpacing(0);
    auto* bannerArea = new QVBoxLayout;
    bannerArea->setContentsMargins(14, 8, 14, 0);
    m_banner = new Banner(centre);
    bannerArea->addWidget(m_banner);
    main->addLayout(bannerArea);
    m_stack = new QStackedWidget(centre);
    m_start = new StartView(m_stack);
    m_stack->addWidget(m_start);
    main->addWidget(m_stack, 1);
    columns->addLayout(main, 1);
    setCentralWidget(centre);
    m_status = new StatusLine(this);
    statusBar()->addPermanentWidget(m_status, 1);
    statusBar()->setSizeGripEnabled(false);
}

void MainWindow::buildSidebar() {
    auto* layout = new QVBoxLayout(m_sidebar);
    layout->setContentsMargins(0, 8, 0, 8);
    m_pageList = new QListWidget(m_sidebar);
    m_pageList->setObjectName(QStringLiteral("pageList"));
    m_pageList->setAccessibleName(tr("Pages"));
    m_pageList->setIconSize(QSize(20, 20));
    m_pageList->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    layout->addWidget(m_pageList);
    m_sidebar->setEnabled(false);
    connect(m_pageList, &QListWidget::currentRowChanged, this, &MainWindow::pageChanged);
}

void MainWindow::buildMenus(ThemeChoice theme) {
    QMenu* file = menuBar()->addMenu(tr("&File"));
    file->addAction(tr("&Quit"), QKeySequence(Qt::CTRL | Qt::Key_Q), this, &QWidget::close);
    m_goMenu = menuBar()->addMenu(tr("&Go"));
    m_goMenu->addAction(tr("Go to &anything…"), QKeySequence(Qt::CTRL | Qt::Key_K), this, &MainWindow::openPalette);
    m_goMenu->addSeparator();
    buildThemeMenu(menuBar()->addMenu(tr("&View")), theme);
    QMenu* help = menuBar()->addMenu(tr("&Help"));
    help->addAction(tr("Help on this &page"), QKeySequence(Qt::Key_F1), this, &MainWindow::openHelp);
    QAction* monitoring = help->addAction(tr("&Monitoring"), this, &MainWindow::openMonitoringHelp);
    monitoring->setObjectName(QStringLiteral("helpMonitoring"));
    help->addAction(tr("&About"), this, &MainWindow::openAbout);
}

void MainWindow::buildThemeMenu(QMenu* menu, ThemeChoice theme) {
    auto* group = new QActionGroup(this);
    const std::pair<ThemeChoice, QString> choices[] = {{ThemeChoice::System, tr("As the &system")},
                                                       {ThemeChoice::Light, tr("&Light")},
                                                       {ThemeChoice::Dark, tr("&Dark")}};
    for (const auto& [choice, text] : choices) {
        QAction* action = menu->addAction(text);
        action->setCheckable(true);
        action->setChecked(choice == theme);
        group->addAction(action);
        connect(action, &QAction::triggered, this, [this, chosen = choice] { Q_EMIT themeChosen(chosen); });
    }
}

void MainWindow::addShortcut(const QKeySequence& keys, const std::function<void()>& act) {
    auto* shortcut = new QShortcut(keys, this);
    connect(shortcut, &QShortcut::activated, this, act);
}

void MainWindow::addPage(Page* page) {
    m_pages.append(page);
    m_stack->addWidget(page);
    auto* item = new QListWidgetItem(page->info().title, m_pageList);
    item->setIcon(icon(page->info().id, palette()));
    const int number = static_cast<int>(m_pages.size());
    const int key = number < 10 ? Qt::Key_0 + number : Qt::Key_0;
    const QKeySequence keys(Qt::CTRL | static_cast<Qt::Key>(key));
    item->setToolTip(keys.toString(QKeySequence::NativeText));
    m_goMenu->addAction(page->info().title, keys, this, [this, id = page->info().id] { showPage(id); });
    connect(page, &Page::told, m_banner, &Banner::tell);
    connect(page, &Page::noted, this, &MainWindow::note);
}

void MainWindow::showPages() {
    m_running = true;
    m_sidebar->setEnabled(true);
    if (m_pageList->currentRow() < 0) {
        m_pageList->setCurrentRow(0);
    }
    pageChanged(m_pageList->currentRow());
}

void MainWindow::pageChanged(int row) {
    if (!m_running || row < 0 || row >= m_pages.size()) {
        return;
    }
    m_stack->setCurrentWidget(m_pages.at(row));
    if (m_snapshot != nullptr) {
        m_pages.at(row)->showSnapshot(*m_snapshot);
    }
}

void MainWindow::showPage(const QString& id, const QString& argument) {
    for (int row = 0; row < m_pages.size(); ++row) {
        if (m_pages.at(row)->info().id == id) {
            m_pageList->setCurrentRow(row);
            if (!argument.isEmpty()) {
                m_pages.at(row)->goTo(argument);
            }
            return;
        }
    }
}

Page* MainWindow::currentPage() const {
    return m_running ? qobject_cast<Page*>(m_stack->currentWidget()) : nullptr;
}

Page* MainWindow::page(const QString& id) const {
    for (Page* page : m_pages) {
        if (page->info().id == id) {
            return page;
        }
    }
    return nullptr;
}

QString MainWindow::currentPageId() const {
    const int row = m_pageList->currentRow();
    return row < 0 ? QString() : m_pages.at(row)->info().id;
}

void MainWindow::showSnapshot(const std::shared_ptr<const engine::Snapshot>& snapshot) {
    m_snapshot = snapshot;
    m_status->show(*snapshot);
    m_banner->show(*snapshot);
    const Page* current = currentPage();
    for (Page* page : m_pages) {
        if (page == current || page->everySnapshot()) {
            page->showSnapshot(*snapshot);
        }
    }
}

void MainWindow::note(const QString& text) {
    statusBar()->showMessage(text, kNoteMs);
}

void MainWindow::applyRemedy(engine::Remedy remedy) {
    showPage(remedyPage(remedy));
}

void MainWindow::openPalette() {
    if (!m_running) {
        return;
    }
    QList<GotoTarget> pages;
    for (const Page* page : m_pages) {
        pages.append({page->info().id, {}, page->info().title});
    }
    auto* palette = new GotoPalette(pages, this);
    connect(palette, &GotoPalette::chosen, this, &MainWindow::showPage);
    connect(palette, &GotoPalette::searchWanted, this,
            [this, palette](const QString& text) { Q_EMIT searchWanted(palette, text); });
    palette->open();
}

void MainWindow::openHelp() {
    auto* dialog = new HelpDialog(m_running ? currentPageId() : QStringLiteral("overview"), this);
    dialog->show();
}

void MainWindow::openMonitoringHelp() {
    (new HelpDialog(QStringLiteral("monitoring"), this))->show();
}

void MainWindow::openAbout() {
    (new HelpDialog(QStringLiteral("about"), this))->show();
}

void MainWindow::closeEvent(QCloseEvent* event) {
    if (m_mayClose) {
        event->accept();
        return;
    }
    event->ignore();
    Q_EMIT closeWanted();
}

void MainWindow::changeEvent(QEvent* event) {
    QMainWindow::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_pageList != nullptr) {
        updateIcons();
    }
}

void MainWindow::updateIcons() {
    for (int row = 0; row < m_pages.size(); ++row) {
        m_pageList->item(row)->setIcon(icon(m_pages.at(row)->info().id, palette()));
    }
}

} // namespace dashstream::ui
