// A record of another's dead letter topic prepared for a detail view. Any thread.
#pragma once

#include "core/kafka/consumer.h"
#include "ui/models/message_detail.h"

#include <string>

namespace dashstream::ui {

[[nodiscard]] MessageDetail remoteDetailOf(const std::string& topic, const kafka::ConsumedRecord& record);

} // namespace dashstream::ui
