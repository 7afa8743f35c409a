// What the screen asks of dead letters in files, and what it is told. Plain values; may cross threads.
#pragma once

#include "core/base/error.h"
#include "core/base/strong_type.h"
#include "core/exchange/import_check.h"

#include <QMetaType>
#include <QString>

#include <optional>
#include <vector>

namespace dashstream::ui {

enum class ExchangeKind { Export, Check, Import };

struct DeadExport {
    QString file; ///< replaced where it is there: the file dialog has asked
    std::vector<DeadLetterId> letters;
    QString filter; ///< that they were chosen by; may be empty
    QString chosen; ///< in words, for the audit log
};

struct ExchangeProgress {
    ExchangeKind kind = ExchangeKind::Export;
    quint64 done = 0; ///< letters, or bytes of the file that was read
    quint64 total = 0;
};

struct ImportPreview {
    QString file;
    exchange::ImportCheck check;
};

struct ExchangeEnd {
    ExchangeKind kind = ExchangeKind::Export;
    QString file;
    quint64 done = 0;  ///< exported, imported
    quint64 known = 0; ///< left out: the store has them already
    quint64 wrong = 0; ///< lines that were left out
    bool cancelled = false;
    std::optional<Error> error; ///< what is counted is done all the same
};

} // namespace dashstream::ui

Q_DECLARE_METATYPE(dashstream::ui::ExchangeEnd)
