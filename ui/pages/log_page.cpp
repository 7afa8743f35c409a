#include "ui/pages/log_page.h"

#include "ui/models/log_model.h"
#include "ui/widgets/audit_view.h"
#include "ui/widgets/data_table.h"
#include "ui/widgets/plain_label.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QTabWidget>

namespace dashstream::ui {
namespace {

constexpr int kPollMs = 400;

} // namespace

LogPage::LogPage(StoreAccess& store, QWidget* parent)
    : Page({QStringLiteral("log"), tr("Log"), tr("What happened?")}, parent) {
    m_lines = new LogModel(this);
    m_table =
        new DataTable(m_lines,
                      {QStringLiteral("log_table"), tr("Filter by text"), tr("No lines"),
                       tr("What the console does is written here, the newest at the end."), tr("line"), tr("lines")},
                      this);
    buildHeading();
    m_tabs = new QTabWidget(this);
    m_tabs->setObjectName(QStringLiteral("logTabs"));
    m_tabs->setDocumentMode(true);
    auto* lines = new QWidget(m_tabs);
    auto* layout = new QVBoxLayout(lines);
    layout->setContentsMargins(0, 6, 0, 0);
    m_file = plainParagraph({}, lines, QStringLiteral("muted"));
    layout->addWidget(m_file);
    layout->addWidget(m_table, 1);
    m_audit = new AuditView(store, m_tabs);
    m_tabs->addTab(lines, tr("Application log"));
    m_tabs->addTab(m_audit, tr("Audit log"));
    body()->addWidget(m_tabs, 1);
    adopt(m_table);
    adopt(m_audit->table());
    connect(m_tabs, &QTabWidget::currentChanged, this, [this](int tab) {
        m_level->setVisible(tab == 0);
        m_follow->setVisible(tab == 0);
    });
    m_poll.setInterval(kPollMs);
    connect(&m_poll, &QTimer::timeout, this, [this] { Q_EMIT linesWanted(m_newest); });
    connect(m_table, &DataTable::selectionChanged, this, [this] {
        if (!m_table->selectedRows().empty()) {
            m_follow->setChecked(false);
        }
    });
}

DataTable* LogPage::mainTable() const {
    return m_tabs->currentIndex() == 0 ? m_table : m_audit->table();
}

void LogPage::buildHeading() {
    m_level = new QComboBox(this);
    m_level->setObjectName(QStringLiteral("logLevel"));
    m_level->setAccessibleName(tr("Lowest level shown"));
    m_level->addItems({tr("All levels"), tr("Info and above"), tr("Warnings and errors"), tr("Errors")});
    m_follow = new QCheckBox(tr("Follow"), this);
    m_follow->setObjectName(QStringLiteral("logFollow"));
    m_follow->setToolTip(tr("Keeps the newest line in view"));
    m_follow->setChecked(true);
    heading()->addWidget(m_level);
    heading()->addWidget(m_follow);
    connect(m_level, &QComboBox::currentIndexChanged, this, &LogPage::chooseLevel);
    connect(m_follow, &QCheckBox::toggled, this, [this](bool follow) {
        if (follow) {
            m_table->clearSelection();
            m_table->view()->scrollToBottom();
        }
    });
}

void LogPage::chooseLevel() {
    const auto lowest = static_cast<observe::LogLevel>(m_level->currentIndex());
    m_table->setRowFilter([this, lowest](int row) { return m_lines->lineAt(row).level >= lowest; });
}

void LogPage::showSnapshot(const engine::Snapshot& /*snapshot*/) {}

void LogPage::append(const std::vector<observe::LogLine>& lines) {
    for (const observe::LogLine& line : lines) {
        if (line.number > m_newest) { // two questions may have been under way
            m_waiting.push_back(line);
            m_newest = line.number;
        }
    }
    if (m_waiting.size() > LogModel::kMaxLines) {
        m_waiting.erase(m_waiting.begin(), m_waiting.end() - static_cast<std::ptrdiff_t>(LogModel::kMaxLines));
    }
    if (!m_waiting.empty()) {
        m_table->offer([this] { takeWaiting(); });
    }
}

void LogPage::takeWaiting() {
    m_lines->append(std::exchange(m_waiting, {}));
    if (m_follow->isChecked()) {
        m_table->view()->scrollToBottom();
    }
}

void LogPage::setLogFile(const QString& file) {
    m_file->setText(file.isEmpty() ? QString() : tr("Also written to %1").arg(file));
}

void LogPage::showEvent(QShowEvent* event) {
    Page::showEvent(event);
    Q_EMIT linesWanted(m_newest);
    m_poll.start();
}

void LogPage::hideEvent(QHideEvent* event) {
    Page::hideEvent(event);
    m_poll.stop();
}

} // namespace dashstream::ui
