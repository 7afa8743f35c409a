// Writes one message by hand and sends it: checked while it is typed, with a preview, and told what became of it. Stays
// with its page, so that what was written is there again; sees no engine. GUI thread.
#pragma once

#include "core/engine/compose_check.h"
#include "core/engine/snapshot.h"
#include "ui/compose_outcome.h"
#include "ui/style/theme.h"

#include <QDialog>

#include <optional>

class QBoxLayout;
class QComboBox;
class QLabel;
class QPushButton;
class QSplitter;

namespace dashstream::ui {

class ComposeChecker;
class MessageEditor;
class MessagePreview;

class ComposerDialog : public QDialog {
    Q_OBJECT
public:
    explicit ComposerDialog(QWidget* parent);

    /// The configuration in force.
    void setConfiguration(const config::Config& config);
    void showSnapshot(const engine::Snapshot& snapshot);
    /// The engine has it, as a source of its own.
    void showTaken(SourceId source);
    void showOutcome(const ComposeOutcome& outcome);
    void open() override;

Q_SIGNALS:
    void sendWanted(const QString& text);
    void threadWanted(const QString& thread);
    void helpWanted();

protected:
    void changeEvent(QEvent* event) override;

private:
    /// A symbol and words, both of a tone.
    struct Line {
        QLabel* symbol = nullptr;
        QLabel* text = nullptr;
        Tone tone = Tone::Muted;
        QString icon = {};
    };

    [[nodiscard]] QBoxLayout* buildTemplates();
    [[nodiscard]] QSplitter* buildEditor();
    [[nodiscard]] QBoxLayout* buildOutcome();
    [[nodiscard]] QBoxLayout* buildButtons();
    [[nodiscard]] Line makeLine(const QString& objectName);
    void say(Line& line, Tone tone, const QString& icon, const QString& text);
    void drawSymbol(const Line& line);
    void useTemplate(int index);
    void textChanged();
    void showCheck(const engine::ComposeCheck& check);
    void showFault(const engine::ComposeFault& fault);
    void send();
    void sendChecked();
    void updateSend();
    [[nodiscard]] QString whyNotSendable() const;
    void showRefusal(const ComposeOutcome& outcome);

    MessageEditor* m_editor = nullptr;
    MessagePreview* m_preview = nullptr;
    ComposeChecker* m_checker = nullptr;
    QComboBox* m_templates = nullptr;
    QPushButton* m_goThere = nullptr;
    QPushButton* m_showThread = nullptr;
    QPushButton* m_send = nullptr;
    QLabel* m_why = nullptr;
    Line m_verdict;
    Line m_outcome;
    engine::ComposeCheck m_check;
    std::optional<engine::Phase> m_phase; ///< nothing: no engine yet
    bool m_sending = false;
    bool m_sendWhenChecked = false;
    std::optional<SourceId> m_source; ///< while sending
    QString m_lastThread;
};

} // namespace dashstream::ui
