#include "ui/pages/sources_page.h"

#include "ui/models/rejects_model.h"
#include "ui/models/sources_model.h"
#include "ui/widgets/composer_dialog.h"
#include "ui/widgets/data_table.h"
#include "ui/widgets/demo_panel.h"
#include "ui/widgets/generator_dialog.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/limiter_panel.h"
#include "ui/widgets/plain_label.h"

#include <QDragEnterEvent>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QMimeData>
#include <QPushButton>
#include <QShortcut>
#include <QSplitter>
#include <QUrl>

namespace dashstream::ui {

namespace {

/// A file that is read no more.
bool canGoOn(const engine::SourceView& source) {
    const bool over = source.state != engine::SourceState::Running && source.state != engine::SourceState::Paused;
    return over && (source.spec.starts_with("jsonl:") || source.spec.starts_with("frames:"));
}

} // namespace

SourcesPage::SourcesPage(QWidget* parent)
    : Page({QStringLiteral("sources"), tr("Sources"), tr("Where do messages come from?")}, parent) {
    setAcceptDrops(true);
    buildHeading();
    buildTables();
    updateIcons();
    updateButtons();
}

void SourcesPage::buildHeading() {
    const auto add = [this](const QString& text, const QString& name, const QString& tip) {
        auto* button = new QPushButton(text, this);
        button->setObjectName(name);
        button->setToolTip(tip);
        heading()->addWidget(button);
        return button;
    };
    m_pause = add(tr("Pause"), QStringLiteral("pauseSource"), tr("The selected sources read nothing until resumed"));
    m_resume =
        add(tr("Resume"), QStringLiteral("resumeSource"),
            tr("The selected sources go on; a file that ended, failed or was stopped after its last accepted message"));
    m_stop =
        add(tr("Stop"), QStringLiteral("stopSource"), tr("The selected sources end; what they read stays accepted"));
    heading()->addSpacing(12);
    m_compose = add(tr("Compose…"), QStringLiteral("compose"), tr("Write or paste one message and send it (Ctrl+N)"));
    m_open = add(tr("Open file…"), QStringLiteral("openFile"), tr("JSON Lines or frames; or drop files on this page"));
    m_goOn = add(tr("Go on with file…"), QStringLiteral("goOnWithFile"),
                 tr("Reads a file on after the last message that was accepted of it; what was read must be the same"));
    m_generate = add(tr("Generator…"), QStringLiteral("generator"), tr("Makes realistic telemetry"));
    m_composer = new ComposerDialog(this);
    connect(m_compose, &QPushButton::clicked, m_composer, &ComposerDialog::open);
    connect(new QShortcut(QKeySequence::New, this), &QShortcut::activated, m_composer, &ComposerDialog::open);
    connect(m_open, &QPushButton::clicked, this, [this] { askFile(tr("Open telemetry"), &SourcesPage::sourceWanted); });
    connect(m_goOn, &QPushButton::clicked, this,
            [this] { askFile(tr("Go on with telemetry"), &SourcesPage::goOnWanted); });
    connect(m_generate, &QPushButton::clicked, this, &SourcesPage::askGenerator);
    connect(m_pause, &QPushButton::clicked, this,
            [this] { forSelected([this](SourceId id) { Q_EMIT pauseWanted(id); }); });
    connect(m_resume, &QPushButton::clicked, this, &SourcesPage::resumeSelected);
    connect(m_stop, &QPushButton::clicked, this,
            [this] { forSelected([this](SourceId id) { Q_EMIT stopWanted(id); }); });
}

void SourcesPage::buildTables() {
    m_sources = new SourcesModel(this);
    m_rejects = new RejectsModel(this);
    auto* rows = new QHBoxLayout;
    auto* splitter = new QSplitter(Qt::Vertical, this);
    splitter->setObjectName(QStringLiteral("sourcesSplitter"));
    splitter->setChildrenCollapsible(false);
    m_table = new DataTable(m_sources,
                            {QStringLiteral("sources_table"), tr("Filter sources"), tr("No source yet"),
                             tr("Open a file, drop one here, start the generator, or compose a message."), tr("source"),
                             tr("sources")},
                            splitter);
    m_table->setPausesOnSelection(false); // rows keep their place, and buttons act on what is selected
    QFrame* rejects = card(tr("Rejected, newest of each source"), splitter);
    m_rejectsTable =
        new DataTable(m_rejects,
                      {QStringLiteral("rejects"), tr("Filter rejects"), tr("Nothing was rejected"),
                       tr("Lines that are not a valid message are listed here with the reason; the rest of "
                          "the file goes on."),
                       tr("reject"), tr("rejects")},
                      rejects);
    cardLayout(rejects)->addWidget(m_rejectsTable, 1);
    m_limiter = new LimiterPanel(splitter);
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 2);
    rows->addWidget(splitter, 1);
    m_demo = new DemoPanel(this);
    m_demo->setFixedWidth(230);
    m_demo->hide();
    rows->addWidget(m_demo);
    body()->addLayout(rows, 1);
    adopt(m_table);
    adopt(m_rejectsTable);
    adopt(m_limiter->table());
    connect(m_table, &DataTable::selectionChanged, this, &SourcesPage::updateButtons);
}

bool SourcesPage::everySnapshot() const {
    return m_composer->isVisible();
}

void SourcesPage::showSnapshot(const engine::Snapshot& snapshot) {
    m_composer->showSnapshot(snapshot);
    m_table->offer([this, rows = snapshot.sources] { m_sources->setRows(rows); });
    m_rejectsTable->offer([this, rows = RejectsModel::rowsOf(snapshot)] { m_rejects->setRows(rows); });
    m_limiter->show(snapshot.limiter);
    updateButtons();
}

template <typename Act>
void SourcesPage::forSelected(Act act) {
    for (const int row : m_table->selectedRows()) {
        act(m_sources->rowAt(row)->id);
    }
}

void SourcesPage::resumeSelected() {
    for (const int row : m_table->selectedRows()) {
        const engine::SourceView source = *m_sources->rowAt(row);
        if (source.state == engine::SourceState::Paused) {
            Q_EMIT resumeWanted(source.id);
        } else if (canGoOn(source)) {
            Q_EMIT goOnWanted(QString::fromStdString(source.spec));
        }
    }
}

void SourcesPage::updateButtons() {
    bool running = false;
    bool paused = false;
    bool over = false;
    for (const int row : m_table->selectedRows()) {
        const engine::SourceView& source = *m_sources->rowAt(row);
        running = running || source.state == engine::SourceState::Running;
        paused = paused || source.state == engine::SourceState::Paused;
        over = over || canGoOn(source);
    }
    m_pause->setEnabled(running);
    m_resume->setEnabled(paused || over);
    m_stop->setEnabled(running || paused);
}

QString SourcesPage::specOf(const QString& fileName) {
    const bool frames = fileName.endsWith(QLatin1String(".frames")) || fileName.endsWith(QLatin1String(".bin"));
    return (frames ? QStringLiteral("frames:") : QStringLiteral("jsonl:")) + fileName;
}

void SourcesPage::askFile(const QString& title, void (SourcesPage::*wanted)(const QString& spec)) {
    auto* dialog = new QFileDialog(this, title);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFiles);
    dialog->setNameFilters({tr("Telemetry (*.jsonl *.ndjson *.json *.frames *.bin)"), tr("All files (*)")});
    connect(dialog, &QFileDialog::filesSelected, this, [this, wanted](const QStringList& files) {
        for (const QString& file : files) {
            Q_EMIT(this->*wanted)(specOf(file));
        }
    });
    dialog->open();
}

void SourcesPage::askGenerator() {
    auto* dialog = new GeneratorDialog(this);
    connect(dialog, &GeneratorDialog::sourceWanted, this, &SourcesPage::sourceWanted);
    dialog->open();
}

void SourcesPage::dragEnterEvent(QDragEnterEvent* event) {
    if (event->mimeData()->hasUrls()) {
        event->acceptProposedAction();
    }
}

void SourcesPage::dropEvent(QDropEvent* event) {
    for (const QUrl& url : event->mimeData()->urls()) {
        if (url.isLocalFile()) {
            Q_EMIT sourceWanted(specOf(url.toLocalFile()));
        } else {
            Q_EMIT told(tr("Only local files can be read"),
                        tr("%1 is not on this machine. Save it to a file first.").arg(url.toDisplayString()));
        }
    }
    event->acceptProposedAction();
}

void SourcesPage::changeEvent(QEvent* event) {
    Page::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_generate != nullptr) {
        updateIcons();
    }
}

void SourcesPage::updateIcons() {
    m_pause->setIcon(icon(QStringLiteral("pause"), palette()));
    m_resume->setIcon(icon(QStringLiteral("play"), palette()));
    m_stop->setIcon(icon(QStringLiteral("stop"), palette()));
    m_compose->setIcon(icon(QStringLiteral("compose"), palette()));
    m_open->setIcon(icon(QStringLiteral("open"), palette()));
    m_goOn->setIcon(icon(QStringLiteral("open"), palette()));
    m_generate->setIcon(icon(QStringLiteral("generator"), palette()));
}

} // namespace dashstream::ui
