// Writes a whole table to a CSV file: rows come in pages from the model, the file is written by a worker thread.
// Deletes itself when done. GUI thread.
#pragma once

#include "ui/models/table_model.h"

#include <QPointer>
#include <QString>

#include <memory>

class QSaveFile;

namespace dashstream::ui {

class TableExporter : public QObject {
    Q_OBJECT
public:
    TableExporter(TableModel* model, QString fileName, QObject* parent);
    ~TableExporter() override;

    /// Rows in the order of the model; `order` maps to model rows when a proxy sorts and filters (empty: as they are).
    void start(std::vector<int> order);

Q_SIGNALS:
    void finished(const QString& fileName, int rows);
    void failed(const QString& errorText);

private:
    void nextPage();
    void takeRows(const QList<QStringList>& rows, int wanted);
    void write(QByteArray bytes, bool last);
    void written(bool good, bool last, const QString& errorText);

    static constexpr int kPageRows = 1024;
    QPointer<TableModel> m_model;
    QString m_fileName;
    std::shared_ptr<QSaveFile> m_file; ///< used by one worker task at a time
    std::vector<int> m_order;
    bool m_ordered = false;
    int m_next = 0;
    int m_total = 0;
    int m_rows = 0;
};

} // namespace dashstream::ui
