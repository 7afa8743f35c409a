// Dead letters: what died, and what can be done?
#pragma once

#include "core/base/strong_type.h"
#include "core/filter/fields.h"
#include "core/resend/resend_view.h"
#include "core/wire/codec.h"
#include "ui/pages/page.h"
#include "ui/store_access.h"

#include <optional>
#include <vector>

class QAction;
class QComboBox;
class QLabel;
class QPushButton;

namespace dashstream::ui {

class DeadExchangeActions;
class DeadDiscard;
class DeadGroupsModel;
class DeadModel;
class LetterView;
class ResendStrip;
class RevisionWatch;

class DeadLettersPage : public Page {
    Q_OBJECT
public:
    DeadLettersPage(StoreAccess& store, QWidget* parent);
    void showSnapshot(const engine::Snapshot& snapshot) override;
    [[nodiscard]] DataTable* mainTable() const override { return m_table; }
    /// The number of a dead letter: selects it, or shows it alone when it is not in the table.
    void goTo(const QString& argument) override;
    [[nodiscard]] DeadExchangeActions* exchange() const { return m_exchange; }
    [[nodiscard]] DeadDiscard* discard() const { return m_discard; }
    /// How messages are encoded; edited ones, too.
    void setEncoding(const wire::EncodeSettings& settings) { m_encoding = settings; }

Q_SIGNALS:
    void resendWanted(const dashstream::resend::ResendRequest& request);
    /// The copies in Kafka of these; empty: of all that are refused.
    void copyWanted(const std::vector<dashstream::DeadLetterId>& letters);
    void cancelResendWanted(dashstream::ResendJobId job);

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void buildHeading();
    void buildExchange();
    void buildTables();
    void connectTables();
    void updateIcons();
    void updateButtons();
    void updateCopies();
    void wantCopies();
    void refresh();
    void refreshGroups();
    void refreshSearch();
    void countByChanged();
    [[nodiscard]] std::vector<std::string> knownValues(filter::Field field) const;
    void takeIds();
    void chooseGroup();
    void showSelected();
    void showDetail(DeadLetterId id);
    void askResend(const std::vector<DeadLetterId>& letters, const QString& edits = {}, quint64 changed = 0);
    /// The selected ones, or all that the table shows when none is.
    void askEdit();
    /// Those of the selected rows that are open.
    [[nodiscard]] std::vector<DeadLetterId> selectedLetters() const;
    /// Those of the selected rows that have no copy in Kafka, as far as it is known.
    [[nodiscard]] std::vector<DeadLetterId> selectedWithoutCopy() const;

    StoreAccess& m_store;
    DeadModel* m_letters = nullptr;
    DeadGroupsModel* m_groups = nullptr;
    RevisionWatch* m_watch = nullptr;
    DataTable* m_table = nullptr;
    DataTable* m_groupTable = nullptr;
    QComboBox* m_which = nullptr;
    QComboBox* m_groupBy = nullptr;
    QLabel* m_searchNote = nullptr;
    CancelToken m_groupsCancel;
    LetterView* m_detail = nullptr;
    ResendStrip* m_strip = nullptr;
    DeadExchangeActions* m_exchange = nullptr;
    DeadDiscard* m_discard = nullptr;
    QPushButton* m_edit = nullptr;
    QPushButton* m_resend = nullptr;
    QPushButton* m_resendAll = nullptr;
    QPushButton* m_copyAgain = nullptr;
    QAction* m_copySelected = nullptr;
    QString m_topic; ///< the configured one
    wire::EncodeSettings m_encoding;
    engine::DeadCopiesView m_copies;
    std::size_t m_copyable = 0;           ///< of the selected rows
    std::optional<DeadLetterId> m_wanted; ///< of goTo(), until the ids are here
    CancelToken m_detailCancel;
};

} // namespace dashstream::ui
