#include "ui/models/message_text.h"

#include "core/wire/message_access.h"
#include "ui/format.h"

#include <QCoreApplication>

namespace dashstream::ui {
namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("MessageText", text);
}

} // namespace

QString typeText(int messageType) {
    if (!wire::v1::MessageType_IsValid(messageType)) {
        return QString::number(messageType);
    }
    return fromCore(wire::typeName(static_cast<wire::v1::MessageType>(messageType)));
}

QString stateText(store::RetryState state) {
    switch (state) {
    case store::RetryState::Waiting:
        return tr("waiting");
    case store::RetryState::Sending:
        return tr("sending");
    case store::RetryState::Stalled:
        return tr("stalled");
    }
    return {};
}

QString stateText(store::DeadState state) {
    switch (state) {
    case store::DeadState::Open:
        return tr("open");
    case store::DeadState::Resending:
        return tr("sending");
    case store::DeadState::Resent:
        return tr("resent");
    case store::DeadState::Discarded:
        return tr("discarded");
    }
    return {};
}

QString stateText(store::CopyState state) {
    switch (state) {
    case store::CopyState::None:
        return tr("none");
    case store::CopyState::Pending:
        return tr("pending");
    case store::CopyState::Copied:
        return tr("copied");
    case store::CopyState::Refused:
        return tr("refused");
    }
    return {};
}

} // namespace dashstream::ui
