#include "ui/widgets/table_exporter.h"

#include "ui/widgets/csv.h"

#include <QSaveFile>
#include <QThreadPool>

namespace dashstream::ui {

TableExporter::TableExporter(TableModel* model, QString fileName, QObject* parent)
    : QObject(parent), m_model(model), m_fileName(std::move(fileName)),
      m_file(std::make_shared<QSaveFile>(m_fileName)) {}

TableExporter::~TableExporter() = default;

void TableExporter::start(std::vector<int> order) {
    m_ordered = !m_model->asksStore();
    m_order = std::move(order);
    m_total = m_ordered ? static_cast<int>(m_order.size()) : m_model->rowCount();
    QStringList titles;
    for (const Column& column : m_model->columns()) {
        titles.append(column.id);
    }
    write(csvLine(titles), false);
}

void TableExporter::nextPage() {
    if (!m_model || m_next >= m_total) {
        write({}, true);
        return;
    }
    const int count = std::min(kPageRows, m_total - m_next);
    const auto take = [this, alive = QPointer<TableExporter>(this), count](const QList<QStringList>& rows) {
        if (alive) {
            takeRows(rows, count);
        }
    };
    if (!m_ordered) {
        m_model->exportRows(m_next, count, take);
        return;
    }
    QList<QStringList> rows;
    for (int at = m_next; at < m_next + count; ++at) {
        m_model->exportRows(m_order[static_cast<std::size_t>(at)], 1,
                            [&rows](const QList<QStringList>& one) { rows.append(one); });
    }
    take(rows);
}

void TableExporter::takeRows(const QList<QStringList>& rows, int wanted) {
    QByteArray bytes;
    for (const QStringList& row : rows) {
        bytes += csvLine(row);
    }
    m_next += wanted;
    m_rows += static_cast<int>(rows.size());
    write(std::move(bytes), false);
}

void TableExporter::write(QByteArray bytes, bool last) {
    QThreadPool::globalInstance()->start([file = m_file, bytes = std::move(bytes), last,
                                          self = QPointer<TableExporter>(this), context = this->parent()] {
        const bool open = file->isOpen() || file->open(QIODevice::WriteOnly);
        const bool good = open && file->write(bytes) == bytes.size() && (!last || file->commit());
        const QString problem = good ? QString() : file->errorString();
        QMetaObject::invokeMethod(
            context,
            [self, good, last, problem] {
                if (self) {
                    self->written(good, last, problem);
                }
            },
            Qt::QueuedConnection);
    });
}

void TableExporter::written(bool good, bool last, const QString& errorText) {
    if (!good) {
        Q_EMIT failed(
            tr("%1 could not be written: %2. Choose another folder or make room.").arg(m_fileName, errorText));
        deleteLater();
    } else if (last) {
        Q_EMIT finished(m_fileName, m_rows);
        deleteLater();
    } else {
        nextPage();
    }
}

} // namespace dashstream::ui
