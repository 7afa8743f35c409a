#include "ui/pages/log_page.h"

#include "ui/models/log_model.h"
#include "ui/widgets/data_table.h"
#include "ui/widgets/plain_label.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>

namespace dashstream::ui {
namespace {

constexpr int kPollMs = 400;

} // namespace

LogPage::LogPage(QWidget* parent) : Page({QStringLiteral("log"), tr("Log"), tr("What happened?")}, parent) {
    m_lines = new LogModel(this);
    m_table =
        new DataTable(m_lines,
                      {QStringLiteral("log_table"), tr("Filter by text"), tr("No lines"),
                       tr("What the console does is written here, the newest at the end."), tr("line"), tr("lines")},
                      this);
    buildHeading();
    m_file = plainParagraph({}, this, QStringLiteral("muted"));
    body()->addWidget(m_file);
    body()->addWidget(m_table, 1);
    adopt(m_table);
    m_poll.setInterval(kPollMs);
    connect(&m_poll, &QTimer::timeout, this, [this] { Q_EMIT linesWanted(m_newest); });
    connect(m_table, &DataTable::selectionChanged, this, [this] {
        if (!m_table->selectedRows().empty()) {
            m_follow->setChecked(false);
        }
    });
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
