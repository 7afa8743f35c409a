// Edits dead letters before they are sent again: a single one as JSON, several by field. While it is typed it is tried
// on all of them, and the first that change are shown place by place. Sends nothing itself. GUI thread; deletes itself
// when closed.
#pragma once

#include "core/resend/edit_preview.h"
#include "ui/store_access.h"

#include <QDialog>
#include <QTimer>

#include <memory>
#include <vector>

class QLabel;
class QPushButton;
class QTreeWidget;

namespace dashstream::ui {

class EditRules;
class MessageEditor;

class EditDialog : public QDialog {
    Q_OBJECT
public:
    EditDialog(StoreAccess& store, std::vector<DeadLetterId> letters, wire::EncodeSettings settings, QWidget* parent);
    ~EditDialog() override;
    /// Asks first when something was typed.
    void reject() override;

Q_SIGNALS:
    /// `edits`: as mend::Edits::text() writes them; `changed`: how many of the letters they change.
    void edited(const std::vector<dashstream::DeadLetterId>& letters, const QString& edits, quint64 changed);

private:
    struct Loaded {
        QString text;       ///< the first letter's content, laid out
        QStringList fields; ///< what is there in it
    };

    void build();
    void loadFirst();
    void showFirst(const Result<Loaded>& loaded);
    void textChanged();
    void check();
    void lookOn();
    void showPreview();
    void say(const QString& text, bool bad);
    void addSample(const resend::EditSample& sample);
    [[nodiscard]] Result<mend::Edits> typedEdits();
    [[nodiscard]] bool single() const { return m_letters.size() == 1; }
    void finish();
    [[nodiscard]] bool touched() const;

    StoreAccess& m_store;
    std::vector<DeadLetterId> m_letters;
    wire::EncodeSettings m_settings;
    MessageEditor* m_editor = nullptr; ///< of a single one
    EditRules* m_rules = nullptr;      ///< of several
    QLabel* m_summary = nullptr;
    QTreeWidget* m_differences = nullptr;
    QPushButton* m_action = nullptr;
    QTimer m_delay;
    CancelToken m_cancel;     ///< of the preview
    CancelToken m_loadCancel; ///< of the first letter
    std::shared_ptr<resend::EditPreview> m_preview;
    std::size_t m_looked = 0;
    std::string m_edits; ///< that the preview is of
    QString m_original;  ///< a single letter's content as it was shown first
};

} // namespace dashstream::ui
