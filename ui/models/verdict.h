// "Is all well, and since when?": one verdict with its reasons, made of a snapshot. GUI thread.
#pragma once

#include "core/engine/snapshot.h"

#include <QString>
#include <QStringList>

namespace dashstream::ui {

enum class VerdictLevel { Starting, Good, Attention, Trouble };

struct Verdict {
    VerdictLevel level = VerdictLevel::Starting;
    QString headline;
    QStringList reasons; ///< most urgent first; never empty
    UtcTime since{};     ///< when the level became what it is

    bool operator==(const Verdict&) const = default;
};

class VerdictTracker {
public:
    [[nodiscard]] const Verdict& update(const engine::Snapshot& snapshot);

private:
    Verdict m_verdict;
};

/// "accepted 10 (+ 2 carried in) = delivered 8 + in flight 4 + retry 0 + dead 0 + discarded 0".
[[nodiscard]] QString equationText(const engine::Accounting& accounting);
/// By how much and what it means; empty when it holds.
[[nodiscard]] QString imbalanceText(const engine::Accounting& accounting);

} // namespace dashstream::ui
