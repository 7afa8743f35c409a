#include "ui/models/values_model.h"

#include "ui/format.h"

namespace dashstream::ui {
namespace {

QString originText(config::OriginKind origin) {
    switch (origin) {
    case config::OriginKind::Default:
        return ValuesModel::tr("default");
    case config::OriginKind::File:
        return ValuesModel::tr("profile file");
    case config::OriginKind::Environment:
        return ValuesModel::tr("environment");
    case config::OriginKind::CommandLine:
        return ValuesModel::tr("command line");
    }
    return {};
}

QString shown(const std::string& value) {
    return value.empty() ? ValuesModel::tr("(empty)") : fromOutside(value);
}

} // namespace

ValuesModel::ValuesModel(QObject* parent)
    : RowsModel({{QStringLiteral("key"), tr("Setting"), 240, ColumnKind::Fixed},
                 {QStringLiteral("value"), tr("Value in force"), 260, ColumnKind::Fixed},
                 {QStringLiteral("origin"), tr("Comes from"), 110},
                 {QStringLiteral("place"), tr("Where"), 220},
                 {QStringLiteral("default"), tr("Default"), 200, ColumnKind::Fixed}},
                parent) {}

QString ValuesModel::key(const config::EffectiveValue& row) const {
    return fromCore(row.key);
}

QVariant ValuesModel::cell(const config::EffectiveValue& row, int column, int role) const {
    if (role == ToneRole) {
        const bool isDefault = row.origin == config::OriginKind::Default;
        const bool emptyValue = column == Value && row.value.empty();
        if (column == Default || column == Place || emptyValue || (isDefault && column == Origin)) {
            return static_cast<int>(Tone::Muted);
        }
        return {};
    }
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole) {
        return {};
    }
    QString text;
    switch (column) {
    case Key:
        text = fromOutside(row.key);
        break;
    case Value:
        text = shown(row.value);
        break;
    case Origin:
        text = originText(row.origin);
        break;
    case Place:
        text = fromOutside(row.place);
        break;
    case Default:
        text = shown(row.defaultValue);
        break;
    default:
        break;
    }
    return role == Qt::ToolTipRole ? plainToolTip(text) : text;
}

} // namespace dashstream::ui
