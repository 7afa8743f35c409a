// A stored message prepared for a detail view: decoded, dumped and explained on the reader thread, so that the GUI only
// shows it. A value.
#pragma once

#include "core/store/records.h"
#include "core/wire/describe.h"

#include <QList>
#include <QPair>
#include <QString>

#include <vector>

namespace dashstream::ui {

struct MessageDetail {
    QString headline;                     ///< "Dead letter 12: thread t-1, sequence 7"
    QString explanation;                  ///< what happened, and what can be done
    QList<QPair<QString, QString>> facts; ///< headers and origin
    wire::TreeNode tree;
    QString decodeError; ///< empty: `tree` holds the message
    QString hexDump;
    std::vector<store::Attempt> attempts;
    QString failure; ///< of a record that somebody else gave up: why, in his words; stands in place of attempts
};

/// Any thread.
[[nodiscard]] MessageDetail detailOf(const store::DeadLetter& letter);
[[nodiscard]] MessageDetail detailOf(const store::RetryEntry& entry);

/// Offset, 16 bytes in hex, the same as text; at most `maxBytes`, then a line that says how many are left out.
[[nodiscard]] QString hexDumpOf(std::string_view bytes, std::size_t maxBytes = 64U * 1024);

} // namespace dashstream::ui
