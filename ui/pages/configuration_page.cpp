#include "ui/pages/configuration_page.h"

#include "ui/models/findings_model.h"
#include "ui/models/values_model.h"
#include "ui/widgets/data_table.h"
#include "ui/widgets/plain_label.h"

#include <QSplitter>
#include <QVBoxLayout>

namespace dashstream::ui {

ConfigurationPage::ConfigurationPage(QWidget* parent)
    : Page({QStringLiteral("configuration"), tr("Configuration"), tr("What is set, and where does it come from?")},
           parent) {
    m_values = new ValuesModel(this);
    m_findings = new FindingsModel(this);
    m_place = plainParagraph({}, this, QStringLiteral("muted"));
    body()->addWidget(m_place);
    auto* splitter = new QSplitter(Qt::Vertical, this);
    splitter->setObjectName(QStringLiteral("configurationSplitter"));
    splitter->setChildrenCollapsible(false);
    m_valuesTable = new DataTable(m_values,
                                  {QStringLiteral("values"), tr("Search settings"), tr("Nothing loaded yet"),
                                   tr("The settings in force are listed here once the profile is read."), tr("setting"),
                                   tr("settings")},
                                  splitter);
    QFrame* findings = card(tr("Findings of the check"), splitter);
    m_findingsTable = new DataTable(m_findings,
                                    {QStringLiteral("findings"),
                                     {},
                                     tr("The check found nothing"),
                                     tr("Wrong, unknown or risky settings would be listed here with what to do."),
                                     tr("finding"),
                                     tr("findings")},
                                    findings);
    m_findingsTable->sortBy(FindingsModel::Severity, Qt::AscendingOrder);
    cardLayout(findings)->addWidget(m_findingsTable, 1);
    splitter->setSizes({420, 180});
    splitter->setStretchFactor(0, 1);
    body()->addWidget(splitter, 1);
    adopt(m_valuesTable);
    adopt(m_findingsTable);
}

void ConfigurationPage::showSnapshot(const engine::Snapshot& /*snapshot*/) {}

void ConfigurationPage::showConfiguration(const config::Loaded& loaded, const QString& profile, const QString& file,
                                          const QString& dataFolder) {
    m_place->setText(tr("Profile %1  ·  settings %2  ·  data %3").arg(profile, file, dataFolder));
    m_values->setRows(loaded.values);
    m_findings->setRows(loaded.findings);
}

} // namespace dashstream::ui
