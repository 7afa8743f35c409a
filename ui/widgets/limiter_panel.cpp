#include "ui/widgets/limiter_panel.h"

#include "ui/format.h"
#include "ui/models/tenants_model.h"
#include "ui/widgets/data_table.h"
#include "ui/widgets/plain_label.h"

#include <QVBoxLayout>

namespace dashstream::ui {
namespace {

QString wordFor(limit::LimiterState state) {
    switch (state) {
    case limit::LimiterState::Off:
        return LimiterPanel::tr("No limit");
    case limit::LimiterState::Local:
        return LimiterPanel::tr("Limits of this process alone");
    case limit::LimiterState::Connecting:
        return LimiterPanel::tr("Shared: Redis has not answered yet, nothing is accepted");
    case limit::LimiterState::Shared:
        return LimiterPanel::tr("Shared: Redis decides");
    case limit::LimiterState::Refusing:
        return LimiterPanel::tr("Refusing: Redis cannot decide, nothing is accepted");
    case limit::LimiterState::FallenBack:
        return LimiterPanel::tr("Fallen back: this process limits by itself");
    }
    return {};
}

} // namespace

LimiterPanel::LimiterPanel(QWidget* parent) : QWidget(parent) {
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    QFrame* frame = card(tr("Rate limit"), this);
    outer->addWidget(frame);
    m_state = plainParagraph({}, frame);
    m_state->setObjectName(QStringLiteral("limiterState"));
    m_error = plainParagraph({}, frame, QStringLiteral("muted"));
    m_tenants = new TenantsModel(this);
    m_table = new DataTable(m_tenants,
                            {QStringLiteral("tenants"), tr("Filter tenants"), tr("No message yet"),
                             tr("Each tenant is listed with its first message."), tr("tenant"), tr("tenants")},
                            frame);
    cardLayout(frame)->addWidget(m_state);
    cardLayout(frame)->addWidget(m_error);
    cardLayout(frame)->addWidget(m_table, 1);
    hide();
}

void LimiterPanel::show(const limit::LimiterStatus& status) {
    setVisible(status.state != limit::LimiterState::Off);
    m_state->setText(stateText(status));
    m_error->setText(errorText(status));
    m_error->setVisible(!status.lastError.empty());
    m_table->offer([this, rows = status.decisions] { m_tenants->setRows(rows); });
}

QString LimiterPanel::stateText(const limit::LimiterStatus& status) {
    QString text = tr("%1. %2 allowed, %3 over the limit")
                       .arg(wordFor(status.state), formatMessages(status.allowed), formatNumber(status.exceeded));
    if (status.shared) {
        text += tr(" · Redis %1, %2 round trips · on error: %3")
                    .arg(fromOutside(status.server), formatNumber(status.roundTrips),
                         status.localOnError ? tr("this process limits by itself (rate.on_error = local)")
                                             : tr("nothing is accepted"));
    }
    return text;
}

QString LimiterPanel::errorText(const limit::LimiterStatus& status) {
    if (status.lastError.empty()) {
        return {};
    }
    return tr("Last error, %1: %2. %3")
        .arg(formatMoment(status.lastErrorAt), fromOutside(status.lastError), fromOutside(status.lastRemedy));
}

} // namespace dashstream::ui
