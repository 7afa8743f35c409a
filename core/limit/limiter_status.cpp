#include "core/limit/limiter_status.h"

namespace dashstream::limit {

std::string_view toText(LimiterState state) {
    switch (state) {
    case LimiterState::Off:
        return "off";
    case LimiterState::Local:
        return "local";
    case LimiterState::Connecting:
        return "connecting";
    case LimiterState::Shared:
        return "shared";
    case LimiterState::Refusing:
        return "refusing";
    case LimiterState::FallenBack:
        return "fallen back";
    }
    return "?";
}

} // namespace dashstream::limit
