// What the rate limit let pass and held, by tenant. GUI thread.
#pragma once

#include "core/limit/limiter_status.h"
#include "ui/models/rows_model.h"

namespace dashstream::ui {

class TenantsModel final : public RowsModel<limit::TenantDecisions> {
public:
    enum Col { Tenant, Allowed, Exceeded, Count };
    explicit TenantsModel(QObject* parent = nullptr);

protected:
    [[nodiscard]] QString key(const limit::TenantDecisions& row) const override;
    [[nodiscard]] QVariant cell(const limit::TenantDecisions& row, int column, int role) const override;
};

} // namespace dashstream::ui
