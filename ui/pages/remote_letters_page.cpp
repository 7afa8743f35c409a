#include "ui/pages/remote_letters_page.h"

#include "ui/format.h"
#include "ui/models/remote_model.h"
#include "ui/widgets/data_table.h"
#include "ui/widgets/filter_assistant.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/letter_view.h"
#include "ui/widgets/plain_label.h"
#include "ui/widgets/resend_dialog.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QSplitter>

namespace dashstream::ui {

RemoteLettersPage::RemoteLettersPage(QWidget* parent)
    : Page({QStringLiteral("dead-topics"), tr("Dead letter topics"), tr("What died elsewhere, and what can be done?")},
           parent) {
    m_model = new RemoteModel(this);
    buildHeading();
    buildTable();
    updateIcons();
    showState();
    updateButtons();
}

void RemoteLettersPage::buildHeading() {
    m_topicField = new QLineEdit(this);
    m_topicField->setObjectName(QStringLiteral("remoteTopic"));
    m_topicField->setAccessibleName(tr("Dead letter topic"));
    m_topicField->setPlaceholderText(tr("Name of a dead letter topic"));
    m_topicField->setMinimumWidth(220);
    m_topicField->setClearButtonEnabled(true);
    m_topicField->setToolTip(tr("A topic of whatever origin: DashStream, Spring, Kafka Connect, Kafka Streams, … It is "
                                "only read: no group is joined, nothing is committed"));
    m_read = new QPushButton(tr("Read"), this);
    m_read->setObjectName(QStringLiteral("readRemote"));
    m_resend = new QPushButton(tr("Resend selected…"), this);
    m_resend->setObjectName(QStringLiteral("resendRemoteSelected"));
    m_resendAll = new QPushButton(tr("Resend all shown…"), this);
    m_resendAll->setObjectName(QStringLiteral("resendRemoteAll"));
    m_resendAll->setToolTip(tr("All records of the topic that pass the filter"));
    heading()->addWidget(m_topicField);
    heading()->addWidget(m_read);
    heading()->addWidget(m_resend);
    heading()->addWidget(m_resendAll);
    connect(m_topicField, &QLineEdit::returnPressed, this, &RemoteLettersPage::read);
    connect(m_topicField, &QLineEdit::textChanged, this, &RemoteLettersPage::updateButtons);
    connect(m_read, &QPushButton::clicked, this, &RemoteLettersPage::startOrStop);
    connect(m_resend, &QPushButton::clicked, this, &RemoteLettersPage::resendSelected);
    connect(m_resendAll, &QPushButton::clicked, this, &RemoteLettersPage::resendAll);
}

void RemoteLettersPage::buildTable() {
    m_state = plainLabel({}, this, QStringLiteral("muted"));
    m_state->setObjectName(QStringLiteral("remoteState"));
    body()->addWidget(m_state);
    auto* rows = new QSplitter(Qt::Vertical, this);
    rows->setObjectName(QStringLiteral("remoteRows"));
    rows->setChildrenCollapsible(false);
    m_table = new DataTable(m_model,
                            {QStringLiteral("remote_letters"), tr("error ~ timeout and topic = orders, or words"),
                             tr("No topic is read"),
                             tr("Write the name of a dead letter topic above and press Read. Its records stay where "
                                "they are."),
                             tr("record"), tr("records")},
                            rows);
    m_table->setPausesOnSelection(false);
    m_table->useFilterLanguage();
    QFrame* detail = card({}, rows);
    m_detail = new LetterView(QStringLiteral("remote_detail"), detail);
    cardLayout(detail)->addWidget(m_detail);
    rows->setSizes({310, 300});
    body()->addWidget(rows, 1);
    adopt(m_table);
    connect(m_table, &DataTable::selectionChanged, this, [this] {
        updateButtons();
        showSelected();
    });
    connect(m_model, &RemoteModel::filterChosen, this, [this] {
        if (m_asked) {
            read();
        }
    });
}

void RemoteLettersPage::showSnapshot(const engine::Snapshot& /*snapshot*/) {}

void RemoteLettersPage::goTo(const QString& argument) {
    m_topicField->setText(argument);
    read();
}

void RemoteLettersPage::setProposal(const QString& topic) {
    if (m_topicField->text().isEmpty()) {
        m_topicField->setText(topic);
    }
}

void RemoteLettersPage::startOrStop() {
    if (m_reading) {
        Q_EMIT stopWanted();
    } else {
        read();
    }
}

void RemoteLettersPage::read() {
    const QString topic = m_topicField->text().trimmed();
    if (topic.isEmpty()) {
        return;
    }
    m_question.topic = topic.toStdString();
    m_question.filter = m_table->filterField()->text().trimmed().toStdString();
    ++m_question.number;
    m_asked = true;
    m_reading = true;
    m_progress = {};
    m_end = {};
    m_model->clear();
    m_table->setEmptyText(tr("Reading %1").arg(topic), tr("What passes the filter appears here."));
    showState();
    updateButtons();
    showSelected();
    Q_EMIT readWanted(m_question);
}

void RemoteLettersPage::showProgress(const RemoteProgress& progress) {
    if (progress.number != m_question.number) {
        return; // of a question before
    }
    m_model->append(progress.rows);
    m_progress = progress;
    m_progress.rows.clear();
    showState();
    updateButtons();
}

void RemoteLettersPage::showEnd(const RemoteEnd& end) {
    if (end.number != m_question.number) {
        return;
    }
    m_end = end;
    m_reading = false;
    m_model->settle();
    const QString topic = fromOutside(m_question.topic);
    if (end.error) {
        m_table->setEmptyText(tr("Topic %1 could not be read").arg(topic), fromOutside(end.error->text()));
        Q_EMIT told(tr("Topic %1 could not be read").arg(topic), fromOutside(end.error->text()));
    } else {
        m_table->setEmptyText(m_progress.total == 0 ? tr("Topic %1 is empty").arg(topic) : tr("No record passes"),
                              m_progress.total == 0 ? tr("Nothing died, or it was deleted by now.")
                                                    : tr("Change the filter to see others."));
    }
    showState();
    updateButtons();
}

void RemoteLettersPage::showState() {
    m_state->setVisible(m_asked);
    if (m_reading && m_progress.total == 0) {
        m_state->setText(m_progress.trouble.empty() ? tr("Asking the brokers for the topic…")
                                                    : tr("Kafka: %1").arg(fromOutside(m_progress.trouble)));
        return;
    }
    QString text =
        tr("%1 of %2 records read, %3 pass")
            .arg(formatNumber(m_progress.read), formatNumber(m_progress.total), formatNumber(m_progress.passed));
    const auto shown = static_cast<std::uint64_t>(m_model->rowCount());
    if (shown < m_progress.passed) {
        text += tr("; the first %1 are shown").arg(formatNumber(shown));
    }
    if (m_end.notWhole > 0) {
        text += tr("; %1 do not hold their whole message").arg(formatNumber(m_end.notWhole));
    }
    if (m_reading && !m_progress.trouble.empty()) {
        text += tr(". Kafka: %1").arg(fromOutside(m_progress.trouble));
    } else if (!m_reading && !m_end.complete && !m_end.error) {
        text += tr(". Stopped");
    }
    m_state->setText(text);
}

void RemoteLettersPage::showSelected() {
    const auto rows = m_table->selectedRows();
    if (rows.size() != 1) {
        m_detail->clear(rows.empty() ? tr("Select a record to see it whole.")
                                     : tr("%1 selected.").arg(formatCount(rows.size(), tr("record"), tr("records"))));
        return;
    }
    if (const resend::RemoteRow* row = m_model->rowAt(rows.front())) {
        m_detail->clear(tr("Reading…"));
        Q_EMIT recordWanted(fromOutside(m_question.topic), row->partition, row->offset);
    }
}

void RemoteLettersPage::showRecord(const Result<MessageDetail>& detail) {
    if (m_table->selectedRows().size() != 1) {
        return;
    }
    if (detail) {
        m_detail->show(*detail);
    } else {
        m_detail->clear(fromOutside(detail.error().text()));
    }
}

void RemoteLettersPage::resendSelected() {
    resend::ResendRequest request;
    std::uint64_t bytes = 0;
    std::uint64_t left = 0;
    std::map<std::string, std::uint64_t> failedIn;
    for (const int at : m_table->selectedRows()) {
        const resend::RemoteRow* row = m_model->rowAt(at);
        if (row == nullptr || !row->whole) {
            ++left;
            continue;
        }
        request.remote.places.emplace_back(row->partition, row->offset);
        bytes += static_cast<std::uint64_t>(row->bytes);
        ++failedIn[row->topic];
    }
    const std::uint64_t count = request.remote.places.size();
    ask(std::move(request), count, bytes, left, failedIn);
}

void RemoteLettersPage::resendAll() {
    resend::ResendRequest request;
    request.filter = m_question.filter;
    request.remote.ends = m_end.ends;
    request.remote.countedAt = m_end.countedAt;
    ask(std::move(request), m_end.whole, m_end.bytes, m_end.notWhole, m_end.failedIn);
}

void RemoteLettersPage::ask(resend::ResendRequest request, std::uint64_t count, std::uint64_t bytes, std::uint64_t left,
                            const std::map<std::string, std::uint64_t>& failedIn) {
    if (count == 0) {
        Q_EMIT told(tr("Nothing can be sent"), tr("None of these records holds its whole message."));
        return;
    }
    request.remote.topic = m_question.topic;
    QString text =
        tr("%1 of topic %2, %3 together.")
            .arg(formatCount(count, tr("record"), tr("records")), fromOutside(m_question.topic), formatBytes(bytes));
    QString target;
    if (failedIn.size() == 1 && !failedIn.begin()->first.empty()) {
        request.topic = failedIn.begin()->first;
        target = fromOutside(request.topic);
        text += tr(" They failed in topic %1.").arg(target);
    } else if (failedIn.size() > 1) {
        text +=
            tr(" They failed in %1 topics: say where all of them shall go, or filter by topic.").arg(failedIn.size());
    } else {
        text += tr(" They do not tell where they failed: say where they shall go.");
    }
    if (left > 0) {
        text += tr(" %1 are left out: they do not hold their whole message.").arg(formatNumber(left));
    }
    auto* dialog = new ResendDialog(std::move(request), count, target, text, this);
    connect(dialog, &ResendDialog::resendWanted, this, [this, count](const resend::ResendRequest& wanted) {
        Q_EMIT resendWanted(wanted);
        Q_EMIT noted(
            tr("A resend job of %1 is made: page Resend jobs").arg(formatCount(count, tr("record"), tr("records"))));
    });
    dialog->open();
}

void RemoteLettersPage::updateButtons() {
    m_read->setText(m_reading ? tr("Stop") : tr("Read"));
    m_read->setEnabled(m_reading || !m_topicField->text().trimmed().isEmpty());
    m_resend->setEnabled(!m_table->selectedRows().empty());
    m_resendAll->setEnabled(!m_reading && m_end.complete && m_end.whole > 0);
    updateIcons();
}

void RemoteLettersPage::updateIcons() {
    m_read->setIcon(icon(m_reading ? QStringLiteral("stop") : QStringLiteral("open"), palette()));
    m_resend->setIcon(icon(QStringLiteral("resend"), palette()));
    m_resendAll->setIcon(icon(QStringLiteral("resend"), palette()));
}

void RemoteLettersPage::changeEvent(QEvent* event) {
    Page::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_resendAll != nullptr) {
        updateIcons();
    }
}

} // namespace dashstream::ui
