#include "ui/widgets/plain_label.h"

#include <QVBoxLayout>

namespace dashstream::ui {

QLabel* plainLabel(const QString& text, QWidget* parent, const QString& objectName) {
    auto* label = new QLabel(parent);
    label->setTextFormat(Qt::PlainText);
    label->setText(text);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    label->setFocusPolicy(Qt::NoFocus);
    label->setObjectName(objectName);
    return label;
}

QLabel* plainParagraph(const QString& text, QWidget* parent, const QString& objectName) {
    QLabel* label = plainLabel(text, parent, objectName);
    label->setWordWrap(true);
    return label;
}

QFrame* card(const QString& title, QWidget* parent) {
    auto* frame = new QFrame(parent);
    frame->setObjectName(QStringLiteral("card"));
    auto* layout = new QVBoxLayout(frame);
    layout->setContentsMargins(12, 8, 12, 10);
    layout->setSpacing(6);
    if (!title.isEmpty()) {
        layout->addWidget(plainLabel(title, frame, QStringLiteral("sectionTitle")));
    }
    return frame;
}

QBoxLayout* cardLayout(QFrame* frame) {
    return static_cast<QBoxLayout*>(frame->layout());
}

} // namespace dashstream::ui
