// Dead letter topics: what died elsewhere, and what can be done?
#pragma once

#include "ui/models/message_detail.h"
#include "ui/pages/page.h"
#include "ui/remote_reading.h"

class QLabel;
class QLineEdit;
class QPushButton;

namespace dashstream::ui {

class LetterView;
class RemoteModel;

class RemoteLettersPage : public Page {
    Q_OBJECT
public:
    explicit RemoteLettersPage(QWidget* parent);
    void showSnapshot(const engine::Snapshot& snapshot) override;
    [[nodiscard]] DataTable* mainTable() const override { return m_table; }
    /// The name of a topic: reads it.
    void goTo(const QString& argument) override;

    /// What is proposed while nothing was typed: the configured topic of copies.
    void setProposal(const QString& topic);
    void showProgress(const RemoteProgress& progress);
    void showEnd(const RemoteEnd& end);
    void showRecord(const Result<MessageDetail>& detail);

Q_SIGNALS:
    void readWanted(const dashstream::ui::RemoteQuestion& question);
    void stopWanted();
    void recordWanted(const QString& topic, dashstream::PartitionId partition, dashstream::Offset offset);
    void resendWanted(const dashstream::resend::ResendRequest& request);

protected:
    void changeEvent(QEvent* event) override;

private:
    void buildHeading();
    void buildTable();
    void read();
    void startOrStop();
    void showState();
    void showSelected();
    void resendSelected();
    void resendAll();
    void ask(resend::ResendRequest request, std::uint64_t count, std::uint64_t bytes, std::uint64_t left,
             const std::map<std::string, std::uint64_t>& failedIn);
    void updateButtons();
    void updateIcons();

    RemoteModel* m_model = nullptr;
    DataTable* m_table = nullptr;
    LetterView* m_detail = nullptr;
    QLineEdit* m_topicField = nullptr;
    QPushButton* m_read = nullptr;
    QPushButton* m_resend = nullptr;
    QPushButton* m_resendAll = nullptr;
    QLabel* m_state = nullptr;
    RemoteQuestion m_question; ///< the newest
    RemoteProgress m_progress; ///< of it, without rows
    RemoteEnd m_end;
    bool m_reading = false;
    bool m_asked = false; ///< there was a question
};

} // namespace dashstream::ui
