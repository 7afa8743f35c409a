#include "ui/widgets/edit_rules.h"

#include <QComboBox>
#include <QCompleter>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QStringListModel>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace dashstream::ui {

namespace {
mend::EditKind kindOf(int index) {
    return index == 0 ? mend::EditKind::Set : index == 1 ? mend::EditKind::Remove : mend::EditKind::Replace;
}
} // namespace

EditRules::EditRules(QWidget* parent) : QWidget(parent) {
    setObjectName(QStringLiteral("editRules"));
    m_known = new QStringListModel(this);
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    m_layout = new QVBoxLayout;
    m_layout->setSpacing(6);
    outer->addLayout(m_layout);
    auto* add = new QPushButton(tr("One more change"), this);
    add->setObjectName(QStringLiteral("addEdit"));
    add->setAutoDefault(false);
    outer->addWidget(add, 0, Qt::AlignLeft);
    outer->addStretch(1);
    connect(add, &QPushButton::clicked, this, &EditRules::addRow);
    addRow();
}

QLineEdit* EditRules::addField(QWidget* row, const QString& name, const QString& accessible) {
    auto* field = new QLineEdit(row);
    field->setObjectName(name);
    field->setAccessibleName(accessible);
    connect(field, &QLineEdit::textChanged, this, &EditRules::changed);
    row->layout()->addWidget(field);
    return field;
}

void EditRules::addRow() {
    Row row;
    row.widget = new QWidget(this);
    row.widget->setObjectName(QStringLiteral("editRow"));
    auto* line = new QHBoxLayout(row.widget);
    line->setContentsMargins(0, 0, 0, 0);
    row.kind = new QComboBox(row.widget);
    row.kind->setObjectName(QStringLiteral("editKind"));
    row.kind->setAccessibleName(tr("What is changed"));
    row.kind->addItems({tr("Set"), tr("Remove"), tr("Replace in")});
    line->addWidget(row.kind);
    row.field = addField(row.widget, QStringLiteral("editField"), tr("Field"));
    row.field->setPlaceholderText(tr("event.node_id, *.header.tenant_id, **.email"));
    auto* completer = new QCompleter(m_known, row.field);
    completer->setFilterMode(Qt::MatchContains);
    completer->setCaseSensitivity(Qt::CaseInsensitive);
    row.field->setCompleter(completer);
    row.value = addField(row.widget, QStringLiteral("editValue"), tr("Value"));
    row.with = addField(row.widget, QStringLiteral("editWith"), tr("Text that takes its place"));
    row.remove = new QToolButton(row.widget);
    row.remove->setObjectName(QStringLiteral("removeEdit"));
    row.remove->setText(QStringLiteral("×"));
    row.remove->setToolTip(tr("Leave this change out"));
    row.remove->setAccessibleName(row.remove->toolTip());
    line->addWidget(row.remove);
    line->setStretchFactor(row.field, 3);
    line->setStretchFactor(row.value, 2);
    line->setStretchFactor(row.with, 2);
    connect(row.remove, &QToolButton::clicked, this, [this, widget = row.widget] { removeRow(widget); });
    connect(row.kind, &QComboBox::currentIndexChanged, this, [this, row] {
        showKind(row);
        Q_EMIT changed();
    });
    showKind(row);
    m_layout->addWidget(row.widget);
    m_rows.push_back(row);
    row.field->setFocus();
}

void EditRules::removeRow(QWidget* widget) {
    std::erase_if(m_rows, [widget](const Row& row) { return row.widget == widget; });
    widget->hide();
    widget->deleteLater();
    if (m_rows.empty()) {
        addRow();
    }
    Q_EMIT changed();
}

void EditRules::showKind(const Row& row) {
    const mend::EditKind kind = kindOf(row.kind->currentIndex());
    row.value->setVisible(kind != mend::EditKind::Remove);
    row.with->setVisible(kind == mend::EditKind::Replace);
    row.value->setPlaceholderText(kind == mend::EditKind::Set ? tr("value: JSON, or a text")
                                                              : tr("regular expression"));
    row.with->setPlaceholderText(tr("by this text; \\1 is a group"));
}

Result<mend::Edits> EditRules::edits() const {
    std::vector<mend::Edit> edits;
    for (const Row& row : m_rows) {
        const std::string path = row.field->text().trimmed().toStdString();
        if (path.empty()) {
            continue;
        }
        const std::string value = row.value->text().toStdString();
        switch (kindOf(row.kind->currentIndex())) {
        case mend::EditKind::Set:
            if (auto read = mend::valueFrom(value)) {
                edits.push_back({mend::EditKind::Set, path, std::move(*read), {}, {}});
            } else {
                return fail(read.error());
            }
            break;
        case mend::EditKind::Replace:
            edits.push_back({mend::EditKind::Replace, path, {}, value, row.with->text().toStdString()});
            break;
        default:
            edits.push_back({mend::EditKind::Remove, path, {}, {}, {}});
            break;
        }
    }
    return mend::Edits::of(std::move(edits));
}

void EditRules::setKnownFields(const QStringList& fields) {
    m_known->setStringList(fields);
}

} // namespace dashstream::ui
