// Resend jobs: those under way as the snapshot shows them, and earlier ones as the store has them. GUI thread.
#pragma once

#include "core/resend/resend_view.h"
#include "ui/models/rows_model.h"

namespace dashstream::ui {

/// A job of an earlier run.
[[nodiscard]] resend::ResendView viewOf(const store::ResendJob& job);

class JobsModel final : public RowsModel<resend::ResendView> {
    Q_OBJECT
public:
    enum Col {
        Job,
        State,
        Progress,
        Delivered,
        Failed,
        Left,
        RateNow,
        RateSet,
        Remaining,
        Made,
        By,
        Source,
        Topic,
        Why,
        Count
    };
    explicit JobsModel(QObject* parent = nullptr);

    [[nodiscard]] static QString stateText(const resend::ResendView& job);

protected:
    [[nodiscard]] QString key(const resend::ResendView& row) const override;
    [[nodiscard]] QVariant cell(const resend::ResendView& row, int column, int role) const override;
};

} // namespace dashstream::ui
