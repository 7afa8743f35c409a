// "Go to anything": pages, threads by the beginning of their name, dead letters by number. GUI thread.
#pragma once

#include <QDialog>
#include <QList>

#include <functional>

class QLineEdit;
class QListWidget;
class QListWidgetItem;

namespace dashstream::ui {

struct GotoTarget {
    QString page;     ///< id of the page
    QString argument; ///< thread name or dead letter number; empty: the page alone
    QString label;
};

class GotoPalette : public QDialog {
    Q_OBJECT
public:
    GotoPalette(QList<GotoTarget> pages, QWidget* parent);
    /// Answer to searchWanted; dropped when the text is another one by now.
    void showFound(const QString& text, const QList<GotoTarget>& targets);

Q_SIGNALS:
    void searchWanted(const QString& text);
    void chosen(const QString& page, const QString& argument);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void fill(const QString& text);
    void add(const GotoTarget& target);
    void choose(const QListWidgetItem* item);

    QList<GotoTarget> m_pages;
    QLineEdit* m_field = nullptr;
    QListWidget* m_list = nullptr;
};

} // namespace dashstream::ui
