// Which rows a selection of the command line means. One thread.
#pragma once

#include "app/cli_options.h"
#include "core/store/reader.h"

#include <optional>
#include <string_view>
#include <vector>

namespace dashstream::app {

/// The filter expression of --where, in the system's time zone. Error: "usage.where" (Usage), with the place.
[[nodiscard]] Result<filter::Expression> readFilter(const std::string& where);
/// Dead letters in the order of their ids (the order they are sent again in); `--id` leaves out what is not there.
[[nodiscard]] Result<std::vector<DeadLetterId>> selectDead(store::StoreReader& reader, const Selection& selection,
                                                           bool openOnly,
                                                           std::optional<store::CopyState> copy = std::nullopt,
                                                           std::optional<store::DeadState> state = std::nullopt);
/// "pending": as the command line says it.
[[nodiscard]] std::string_view copyStateText(store::CopyState state);
[[nodiscard]] std::optional<store::CopyState> copyStateOf(std::string_view text);
[[nodiscard]] Result<std::vector<RetryId>> selectRetries(store::StoreReader& reader, const Selection& selection);

} // namespace dashstream::app
