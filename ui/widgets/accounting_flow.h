// The accounting as a flow: what entered on the left, where it is or how it was settled on the right, and whether the
// sum holds. Painted; GUI thread.
#pragma once

#include "core/engine/accounting.h"

#include <QWidget>

namespace dashstream::ui {

class AccountingFlow : public QWidget {
    Q_OBJECT
public:
    explicit AccountingFlow(QWidget* parent);
    void show(const engine::Accounting& accounting);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

Q_SIGNALS:
    void retryQueueWanted();
    void deadLettersWanted();

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;

private:
    struct Box {
        QString title;
        QString value;
        QString note;
        QColor colour;
        QRectF area;
    };
    [[nodiscard]] QList<Box> boxes() const;
    void paintBox(QPainter& painter, const Box& box) const;
    void paintArrow(QPainter& painter, const QRectF& from, const QRectF& to) const;

    engine::Accounting m_accounting;
};

} // namespace dashstream::ui
