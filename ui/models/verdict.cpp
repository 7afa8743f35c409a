#include "ui/models/verdict.h"

#include "ui/format.h"

#include <QCoreApplication>

#include <algorithm>
#include <string_view>

namespace dashstream::ui {
namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("Verdict", text);
}

struct Judge {
    VerdictLevel level = VerdictLevel::Good;
    QStringList reasons;

    void find(VerdictLevel severity, const QString& reason) {
        level = std::max(level, severity);
        reasons.append(reason);
    }
};

/// The engine's condition says it already, with what to do.
bool toldByCondition(const engine::Snapshot& snapshot, std::string_view family) {
    return std::any_of(snapshot.conditions.begin(), snapshot.conditions.end(),
                       [family](const engine::Condition& condition) { return condition.id.starts_with(family); });
}

void judgeAccounting(Judge& judge, const engine::Snapshot& snapshot) {
    const engine::Accounting& accounting = snapshot.accounting;
    if (!accounting.balanced() && !toldByCondition(snapshot, "accounting.")) {
        judge.find(VerdictLevel::Trouble, imbalanceText(accounting));
    }
    if (accounting.dead > 0 && !toldByCondition(snapshot, "dead.")) {
        judge.find(VerdictLevel::Attention, formatCount(accounting.dead, tr("dead letter waits for a decision"),
                                                        tr("dead letters wait for a decision")));
    }
    if (accounting.retrying > 0 && !toldByCondition(snapshot, "retries.")) {
        judge.find(VerdictLevel::Attention, formatCount(accounting.retrying, tr("message waits for another try"),
                                                        tr("messages wait for another try")));
    }
}

void judgeSources(Judge& judge, const engine::Snapshot& snapshot) {
    for (const engine::SourceView& source : snapshot.sources) {
        if (source.state == engine::SourceState::Failed) {
            judge.find(VerdictLevel::Attention, tr("Source failed: %1").arg(fromOutside(source.stateText)));
        }
    }
}

void judgeConditions(Judge& judge, const engine::Snapshot& snapshot) {
    for (const engine::Condition& condition : snapshot.conditions) {
        if (condition.urgency != engine::Urgency::Notice) {
            judge.find(condition.urgency == engine::Urgency::Critical ? VerdictLevel::Trouble : VerdictLevel::Attention,
                       fromOutside(condition.title));
        }
    }
    if (snapshot.conditions.empty()) {
        if (snapshot.connection == engine::ConnectionState::Disconnected) {
            judge.find(VerdictLevel::Trouble,
                       tr("No broker can be reached: %1").arg(fromOutside(snapshot.connectionText)));
        } else if (snapshot.connection == engine::ConnectionState::Degraded) {
            judge.find(VerdictLevel::Attention,
                       tr("Not all brokers are up: %1").arg(fromOutside(snapshot.connectionText)));
        }
    }
}

void praise(Judge& judge, const engine::Snapshot& snapshot) {
    if (!snapshot.connectionText.empty()) {
        judge.reasons.append(fromOutside(snapshot.connectionText));
    }
    judge.reasons.append(tr("nothing waits for another try, nothing died"));
    judge.reasons.append(tr("the accounting adds up"));
}

QString headlineOf(VerdictLevel level) {
    switch (level) {
    case VerdictLevel::Starting:
        return tr("Starting");
    case VerdictLevel::Good:
        return tr("All is well");
    case VerdictLevel::Attention:
        return tr("Needs attention");
    case VerdictLevel::Trouble:
        return tr("In trouble");
    }
    return {};
}

} // namespace

const Verdict& VerdictTracker::update(const engine::Snapshot& snapshot) {
    Judge judge;
    judgeConditions(judge, snapshot);
    judgeAccounting(judge, snapshot);
    judgeSources(judge, snapshot);
    if (judge.level == VerdictLevel::Good && snapshot.connection == engine::ConnectionState::Starting) {
        judge.level = VerdictLevel::Starting;
        judge.reasons = {tr("Waiting for the first answer of the cluster")};
    } else if (judge.level == VerdictLevel::Good) {
        praise(judge, snapshot);
    }
    if (judge.level != m_verdict.level || toMicros(m_verdict.since) == 0) {
        m_verdict.since = snapshot.at;
        m_verdict.level = judge.level;
    }
    m_verdict.headline = headlineOf(judge.level);
    m_verdict.reasons = judge.reasons;
    return m_verdict;
}

QString equationText(const engine::Accounting& accounting) {
    const QString carried =
        accounting.carriedIn == 0 ? QString() : tr(" (+ %1 carried in)").arg(formatNumber(accounting.carriedIn));
    return tr("accepted %1%2 %3 delivered %4 + in flight %5 + retry %6 + dead %7 + discarded %8")
        .arg(formatNumber(accounting.accepted), carried,
             accounting.balanced() ? QStringLiteral("=") : QStringLiteral("≠"), formatNumber(accounting.delivered),
             formatNumber(accounting.inFlight), formatNumber(accounting.retrying), formatNumber(accounting.dead),
             formatNumber(accounting.discarded));
}

QString imbalanceText(const engine::Accounting& accounting) {
    if (accounting.balanced()) {
        return {};
    }
    const auto missing = static_cast<std::int64_t>(accounting.entered() - accounting.accountedFor());
    return missing > 0
               ? tr("The accounting does not add up: %1 have no known outcome. Stop the sources and save the log.")
                     .arg(formatMessages(static_cast<std::uint64_t>(missing)))
               : tr("The accounting does not add up: %1 more than entered have an outcome. Stop the sources "
                    "and save the log.")
                     .arg(formatMessages(static_cast<std::uint64_t>(-missing)));
}

} // namespace dashstream::ui
