// Sources: where do messages come from?
#pragma once

#include "ui/pages/page.h"

class QPushButton;

namespace dashstream::ui {

class ComposerDialog;
class DemoPanel;
class LimiterPanel;
class RejectsModel;
class SourcesModel;

class SourcesPage : public Page {
    Q_OBJECT
public:
    explicit SourcesPage(QWidget* parent);
    void showSnapshot(const engine::Snapshot& snapshot) override;
    [[nodiscard]] DataTable* mainTable() const override { return m_table; }
    [[nodiscard]] bool everySnapshot() const override; ///< while the composer is open
    [[nodiscard]] ComposerDialog* composer() const { return m_composer; }
    /// Shown only when the console runs the demo cluster.
    [[nodiscard]] DemoPanel* demoPanel() const { return m_demo; }

    /// The SOURCE that reads a file, by its ending: ".frames" and ".bin" hold frames, all else JSON Lines.
    [[nodiscard]] static QString specOf(const QString& fileName);

Q_SIGNALS:
    void sourceWanted(const QString& spec);
    /// After its last accepted message.
    void goOnWanted(const QString& spec);
    void pauseWanted(dashstream::SourceId id);
    void resumeWanted(dashstream::SourceId id);
    void stopWanted(dashstream::SourceId id);

protected:
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void buildHeading();
    void buildTables();
    void updateIcons();
    void updateButtons();
    /// Emits `wanted` with the SOURCE of each file that is chosen.
    void askFile(const QString& title, void (SourcesPage::*wanted)(const QString& spec));
    void resumeSelected();
    void askGenerator();
    /// Calls `act` with the id of each selected source.
    template <typename Act>
    void forSelected(Act act);

    SourcesModel* m_sources = nullptr;
    RejectsModel* m_rejects = nullptr;
    DataTable* m_table = nullptr;
    DataTable* m_rejectsTable = nullptr;
    LimiterPanel* m_limiter = nullptr;
    DemoPanel* m_demo = nullptr;
    ComposerDialog* m_composer = nullptr;
    QPushButton* m_compose = nullptr;
    QPushButton* m_open = nullptr;
    QPushButton* m_goOn = nullptr;
    QPushButton* m_generate = nullptr;
    QPushButton* m_pause = nullptr;
    QPushButton* m_resume = nullptr;
    QPushButton* m_stop = nullptr;
};

} // namespace dashstream::ui
