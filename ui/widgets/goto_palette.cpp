#include "ui/widgets/goto_palette.h"

#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QVBoxLayout>

namespace dashstream::ui {
namespace {

constexpr int kPageRole = Qt::UserRole;
constexpr int kArgumentRole = Qt::UserRole + 1;

} // namespace

GotoPalette::GotoPalette(QList<GotoTarget> pages, QWidget* parent) : QDialog(parent), m_pages(std::move(pages)) {
    setObjectName(QStringLiteral("gotoPalette"));
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Go to"));
    resize(520, 360);
    auto* layout = new QVBoxLayout(this);
    m_field = new QLineEdit(this);
    m_field->setPlaceholderText(tr("Page, beginning of a thread, or number of a dead letter"));
    m_field->setAccessibleName(tr("Go to"));
    m_field->installEventFilter(this);
    m_list = new QListWidget(this);
    m_list->setAccessibleName(tr("Places"));
    m_list->setTextElideMode(Qt::ElideMiddle);
    layout->addWidget(m_field);
    layout->addWidget(m_list, 1);
    connect(m_field, &QLineEdit::textChanged, this, [this](const QString& text) {
        fill(text);
        if (!text.trimmed().isEmpty()) {
            Q_EMIT searchWanted(text);
        }
    });
    connect(m_field, &QLineEdit::returnPressed, this, [this] { choose(m_list->currentItem()); });
    connect(m_list, &QListWidget::itemClicked, this, &GotoPalette::choose);
    connect(m_list, &QListWidget::itemActivated, this, &GotoPalette::choose);
    fill({});
    m_field->setFocus();
}

void GotoPalette::fill(const QString& text) {
    m_list->clear();
    for (const GotoTarget& page : m_pages) {
        if (text.trimmed().isEmpty() || page.label.contains(text.trimmed(), Qt::CaseInsensitive)) {
            add(page);
        }
    }
    bool isNumber = false;
    const qlonglong number = text.trimmed().toLongLong(&isNumber);
    if (isNumber && number > 0) {
        add({QStringLiteral("dead-letters"), QString::number(number), tr("Dead letter number %1").arg(number)});
    }
    m_list->setCurrentRow(0);
}

void GotoPalette::showFound(const QString& text, const QList<GotoTarget>& targets) {
    if (text != m_field->text()) {
        return;
    }
    for (const GotoTarget& target : targets) {
        add(target);
    }
    if (m_list->currentRow() < 0) {
        m_list->setCurrentRow(0);
    }
}

void GotoPalette::add(const GotoTarget& target) {
    auto* item = new QListWidgetItem(target.label, m_list);
    item->setData(kPageRole, target.page);
    item->setData(kArgumentRole, target.argument);
}

void GotoPalette::choose(const QListWidgetItem* item) {
    if (item == nullptr) {
        return;
    }
    Q_EMIT chosen(item->data(kPageRole).toString(), item->data(kArgumentRole).toString());
    accept();
}

bool GotoPalette::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_field && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        const int step = key == Qt::Key_Down ? 1 : (key == Qt::Key_Up ? -1 : 0);
        if (step != 0 && m_list->count() > 0) {
            m_list->setCurrentRow(std::clamp(m_list->currentRow() + step, 0, m_list->count() - 1));
            return true;
        }
    }
    return QDialog::eventFilter(watched, event);
}

} // namespace dashstream::ui
