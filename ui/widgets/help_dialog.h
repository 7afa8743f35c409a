// F1: the help text of a page, from the program's own resources. GUI thread.
#pragma once

#include <QDialog>

namespace dashstream::ui {

class HelpDialog : public QDialog {
    Q_OBJECT
public:
    /// `topic`: name of a file in resources/help without its ending.
    HelpDialog(const QString& topic, QWidget* parent);
};

} // namespace dashstream::ui
