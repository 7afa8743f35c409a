// Asks what the generator shall make and gives it as a SOURCE ("generate:count=…"). GUI thread.
#pragma once

#include <QDialog>
#include <QList>

class QCheckBox;
class QDialogButtonBox;
class QGridLayout;
class QLabel;
class QSpinBox;

namespace dashstream::ui {

class GeneratorDialog : public QDialog {
    Q_OBJECT
public:
    explicit GeneratorDialog(QWidget* parent);
    /// As on the command line.
    [[nodiscard]] QString source() const;

Q_SIGNALS:
    void sourceWanted(const QString& spec);

private:
    QSpinBox* addNumber(QGridLayout* form, const QString& label, const QString& name, int minimum, int maximum,
                        int value, const QString& zeroText);
    void addTypes(QGridLayout* form);
    void showSource();

    QSpinBox* m_count = nullptr;
    QSpinBox* m_rate = nullptr;
    QSpinBox* m_threads = nullptr;
    QSpinBox* m_bytes = nullptr;
    QSpinBox* m_seed = nullptr;
    QList<QCheckBox*> m_types;
    QLabel* m_preview = nullptr;
    QDialogButtonBox* m_buttons = nullptr;
};

} // namespace dashstream::ui
