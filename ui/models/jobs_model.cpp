#include "ui/models/jobs_model.h"

#include "core/mend/edits.h"
#include "ui/format.h"
#include "ui/style/theme.h"

namespace dashstream::ui {

namespace {
Tone toneOf(const resend::ResendView& job) {
    switch (job.phase) {
    case resend::Phase::Paused:
        return Tone::Warning;
    case resend::Phase::Done:
        return job.failed > 0 ? Tone::Warning : Tone::Good;
    case resend::Phase::Cancelled:
        return Tone::Muted;
    default:
        return Tone::Normal;
    }
}

double share(const resend::ResendView& job) {
    return job.total == 0 ? 100.0
                          : 100.0 * static_cast<double>(job.delivered + job.failed) / static_cast<double>(job.total);
}

QString remaining(const resend::ResendView& job) {
    if (job.phase != resend::Phase::Running || job.rateNow < 0.1) {
        return {};
    }
    const auto seconds = static_cast<std::int64_t>(static_cast<double>(job.left()) / job.rateNow);
    return JobsModel::tr("%1 min %2 s").arg(seconds / 60).arg(seconds % 60, 2, 10, QLatin1Char('0'));
}

QVariant sortValue(const resend::ResendView& job, int column) {
    switch (column) {
    case JobsModel::Job:
        return static_cast<qlonglong>(job.id.value);
    case JobsModel::Progress:
        return share(job);
    case JobsModel::Delivered:
        return static_cast<qulonglong>(job.delivered);
    case JobsModel::Failed:
        return static_cast<qulonglong>(job.failed);
    case JobsModel::Left:
        return static_cast<qulonglong>(job.left());
    case JobsModel::RateNow:
        return job.rateNow;
    case JobsModel::RateSet:
        return job.ratePerSecond;
    case JobsModel::Made:
        return static_cast<qlonglong>(toMicros(job.startedAt));
    default:
        return {};
    }
}
} // namespace

resend::ResendView viewOf(const store::ResendJob& job) {
    resend::ResendView view;
    view.id = job.id;
    view.total = static_cast<std::uint64_t>(job.total);
    view.delivered = static_cast<std::uint64_t>(job.delivered);
    view.failed = static_cast<std::uint64_t>(job.failed);
    view.cancelled = job.state == store::ResendJobState::Cancelled;
    view.phase = view.cancelled ? resend::Phase::Cancelled : resend::Phase::Done;
    view.startedAt = job.createdAt;
    view.topic = job.topic;
    view.sourceTopic = job.sourceTopic;
    view.edits = mend::editsInWords(job.edits);
    view.requestedBy = job.requestedBy;
    view.ratePerSecond = job.ratePerSecond;
    view.why = job.why;
    return view;
}

JobsModel::JobsModel(QObject* parent)
    : RowsModel({{QStringLiteral("job"), tr("Job"), 44, ColumnKind::Number},
                 {QStringLiteral("state"), tr("State"), 115},
                 {QStringLiteral("progress"), tr("Progress"), 70, ColumnKind::Number},
                 {QStringLiteral("delivered"), tr("Delivered"), 74, ColumnKind::Number},
                 {QStringLiteral("failed"), tr("Failed"), 58, ColumnKind::Number},
                 {QStringLiteral("left"), tr("Left"), 64, ColumnKind::Number},
                 {QStringLiteral("rate_now"), tr("Rate now"), 72, ColumnKind::Number},
                 {QStringLiteral("rate_set"), tr("Rate set"), 72, ColumnKind::Number},
                 {QStringLiteral("remaining"), tr("Remaining"), 80, ColumnKind::Number},
                 {QStringLiteral("made"), tr("Made"), 165, ColumnKind::Time, false},
                 {QStringLiteral("by"), tr("By"), 80, ColumnKind::Text, false},
                 {QStringLiteral("source"), tr("From"), 95},
                 {QStringLiteral("topic"), tr("Topic"), 95},
                 {QStringLiteral("why"), tr("Why it waits"), 240}},
                parent) {}

QString JobsModel::key(const resend::ResendView& row) const {
    return QString::number(row.id.value);
}

QString JobsModel::stateText(const resend::ResendView& job) {
    switch (job.phase) {
    case resend::Phase::Preparing:
        return tr("being written down");
    case resend::Phase::Checking:
        return tr("checking %1").arg(formatNumber(job.checking));
    case resend::Phase::Running:
        return job.cancelled ? tr("being cancelled") : tr("running");
    case resend::Phase::CanaryWait:
        return tr("first ones are out");
    case resend::Phase::Paused:
        return tr("paused");
    case resend::Phase::Done:
        return tr("done");
    case resend::Phase::Cancelled:
        break;
    }
    return tr("cancelled");
}

QVariant JobsModel::cell(const resend::ResendView& row, int column, int role) const {
    if (role == SortRole) {
        return sortValue(row, column);
    }
    if (role == ToneRole && (column == State || (column == Failed && row.failed > 0))) {
        return static_cast<int>(column == Failed ? Tone::Critical : toneOf(row));
    }
    if (role == Qt::ToolTipRole && column == Why && !row.why.empty()) {
        return plainToolTip(fromOutside(row.why));
    }
    if (role != Qt::DisplayRole) {
        return {};
    }
    switch (column) {
    case Job:
        return QString::number(row.id.value);
    case State:
        return stateText(row);
    case Progress:
        return QStringLiteral("%1%2%").arg(share(row), 0, 'f', 1).arg(kThinSpace);
    case Delivered:
        return formatNumber(row.delivered);
    case Failed:
        return formatNumber(row.failed);
    case Left:
        return formatNumber(row.left());
    case RateNow:
        return row.phase == resend::Phase::Running ? formatRate(row.rateNow) : QString();
    case RateSet:
        return row.ratePerSecond > 0 ? formatRate(row.ratePerSecond) : tr("no limit");
    case Remaining:
        return remaining(row);
    case Made:
        return formatMoment(row.startedAt);
    case By:
        return fromOutside(row.requestedBy);
    case Source:
        return (row.sourceTopic.empty() ? tr("dead letters") : fromOutside(row.sourceTopic)) +
               (row.edits.empty() ? QString() : tr(", edited"));
    case Topic:
        return fromOutside(row.topic);
    case Why:
        return fromOutside(row.why);
    default:
        return {};
    }
}

} // namespace dashstream::ui
