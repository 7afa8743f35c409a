// Configuration: what is set, and where does it come from?
#pragma once

#include "core/config/loader.h"
#include "ui/pages/page.h"

class QLabel;

namespace dashstream::ui {

class FindingsModel;
class ValuesModel;

class ConfigurationPage : public Page {
    Q_OBJECT
public:
    explicit ConfigurationPage(QWidget* parent);
    void showSnapshot(const engine::Snapshot& snapshot) override;
    void showConfiguration(const config::Loaded& loaded, const QString& profile, const QString& file,
                           const QString& dataFolder);
    [[nodiscard]] DataTable* mainTable() const override { return m_valuesTable; }

private:
    ValuesModel* m_values = nullptr;
    FindingsModel* m_findings = nullptr;
    DataTable* m_valuesTable = nullptr;
    DataTable* m_findingsTable = nullptr;
    QLabel* m_place = nullptr;
};

} // namespace dashstream::ui
