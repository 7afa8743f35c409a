#include "ui/widgets/letter_view.h"

#include "ui/format.h"
#include "ui/models/attempts_model.h"
#include "ui/widgets/data_table.h"
#include "ui/widgets/plain_label.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QFontDatabase>
#include <QHeaderView>
#include <QPlainTextEdit>
#include <QTabWidget>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace dashstream::ui {
namespace {

QTreeWidget* twoColumns(const QString& name, QWidget* parent) {
    auto* tree = new QTreeWidget(parent);
    tree->setAccessibleName(name);
    tree->setColumnCount(2);
    tree->setHeaderLabels({LetterView::tr("Field"), LetterView::tr("Value")});
    tree->setColumnWidth(0, 230);
    tree->setUniformRowHeights(true);
    tree->setAlternatingRowColors(true);
    tree->setSelectionMode(QAbstractItemView::ExtendedSelection);
    tree->header()->setStretchLastSection(true);
    return tree;
}

void addFact(QTreeWidget* tree, const QString& name, const QString& value) {
    auto* item = new QTreeWidgetItem(tree, {name, value.isEmpty() ? QStringLiteral("–") : value});
    item->setToolTip(1, plainToolTip(value));
}

} // namespace

LetterView::LetterView(const QString& name, QWidget* parent) : QWidget(parent) {
    setObjectName(name);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    m_headline = plainParagraph({}, this, QStringLiteral("sectionTitle"));
    m_explanation = plainParagraph({}, this, QStringLiteral("muted"));
    layout->addWidget(m_headline);
    layout->addWidget(m_explanation);
    m_tabs = new QTabWidget(this);
    m_tabs->setDocumentMode(true);
    m_tree = twoColumns(tr("Decoded message"), this);
    m_facts = twoColumns(tr("Headers and origin"), this);
    m_facts->setRootIsDecorated(false);
    m_bytes = new QPlainTextEdit(this);
    m_bytes->setReadOnly(true);
    m_bytes->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_bytes->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_bytes->setAccessibleName(tr("Raw bytes"));
    m_attempts = new AttemptsModel(this);
    m_attemptsTable = new DataTable(m_attempts,
                                    {name + QStringLiteral("_attempts"),
                                     {},
                                     tr("No attempts"),
                                     tr("Each failed try to send is listed here."),
                                     tr("attempt"),
                                     tr("attempts")},
                                    this);
    m_failure = new QPlainTextEdit(this);
    m_failure->setObjectName(name + QStringLiteral("_failure"));
    m_failure->setReadOnly(true);
    m_failure->setAccessibleName(tr("Why it failed"));
    m_tabs->addTab(m_attemptsTable, tr("Attempts"));
    m_tabs->addTab(m_failure, tr("Why it failed"));
    m_tabs->addTab(m_tree, tr("Decoded"));
    m_tabs->addTab(m_bytes, tr("Bytes"));
    m_tabs->addTab(m_facts, tr("Headers and origin"));
    layout->addWidget(m_tabs, 1);
    for (QTreeWidget* tree : {m_tree, m_facts}) {
        auto* copy = new QAction(tr("Copy"), tree);
        copy->setShortcut(QKeySequence::Copy);
        copy->setShortcutContext(Qt::WidgetShortcut);
        tree->addAction(copy);
        tree->setContextMenuPolicy(Qt::ActionsContextMenu);
        connect(copy, &QAction::triggered, this, &LetterView::copyTreeRow);
    }
    clear(tr("Select a row to see it whole."));
}

void LetterView::clear(const QString& text) {
    m_headline->setText(text);
    m_headline->setAlignment(Qt::AlignCenter);
    m_explanation->clear();
    m_explanation->hide();
    m_tabs->hide();
}

void LetterView::show(const MessageDetail& detail) {
    m_headline->setText(detail.headline);
    m_headline->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    m_explanation->setText(detail.explanation);
    m_explanation->setVisible(!detail.explanation.isEmpty());
    m_attempts->setRows(detail.attempts);
    m_failure->setPlainText(detail.failure);
    m_tabs->setTabVisible(m_tabs->indexOf(m_failure), !detail.failure.isEmpty());
    m_tabs->setTabVisible(m_tabs->indexOf(m_attemptsTable), detail.failure.isEmpty());
    m_attemptsTable->view()->sortByColumn(AttemptsModel::Number, Qt::AscendingOrder);
    fillTree(detail);
    fillFacts(detail);
    m_bytes->setPlainText(detail.hexDump);
    m_tabs->show();
}

void LetterView::fillTree(const MessageDetail& detail) {
    m_tree->clear();
    if (!detail.decodeError.isEmpty()) {
        addFact(m_tree, tr("Not decodable"), detail.decodeError);
        return;
    }
    m_tree->setUpdatesEnabled(false);
    addNode(m_tree->invisibleRootItem(), detail.tree);
    m_tree->expandToDepth(2);
    m_tree->setUpdatesEnabled(true);
}

void LetterView::addNode(QTreeWidgetItem* parent, const wire::TreeNode& node) {
    constexpr qsizetype kShownText = 2000; // longer ones are in the bytes
    QString value = fromOutside(node.value);
    if (value.size() > kShownText) {
        value = value.left(kShownText) + QStringLiteral(" …");
    }
    auto* item = new QTreeWidgetItem(parent, {fromOutside(node.name), value.replace(QLatin1Char('\n'), QChar(0x21B5))});
    item->setToolTip(1, plainToolTip(value.left(400)));
    for (const wire::TreeNode& child : node.children) {
        addNode(item, child);
    }
}

void LetterView::fillFacts(const MessageDetail& detail) {
    m_facts->clear();
    for (const auto& [name, value] : detail.facts) {
        addFact(m_facts, name, value);
    }
}

void LetterView::copyTreeRow() {
    const auto* tree = qobject_cast<QTreeWidget*>(sender()->parent());
    if (tree == nullptr) {
        return;
    }
    QStringList lines;
    for (const QTreeWidgetItem* item : tree->selectedItems()) {
        lines.append(item->text(0) + QLatin1Char('\t') + item->text(1));
    }
    QApplication::clipboard()->setText(lines.join(QLatin1Char('\n')));
}

} // namespace dashstream::ui
