// Goes through another's dead letter topic for a command, with progress and until a signal. One thread.
#pragma once

#include "app/commands/cluster_access.h"
#include "app/signal_watcher.h"
#include "core/resend/remote_scan.h"

namespace dashstream::app {

/// What --where, --id and --topic mean. Errors: "usage.where".
[[nodiscard]] Result<resend::RemoteSelection> remoteSelection(const DeadOptions& options, UtcTime now);

/// True: it was gone through whole; false: a signal or `visit` (by false) ended it.
/// Errors: those of RemoteScan, "kafka.silent" (Retriable).
[[nodiscard]] Result<bool>
scanTopic(resend::RemoteScan& scan, CommandContext& context, SignalWatcher& signals,
          const std::function<bool(const kafka::ConsumedRecord&, const resend::RemoteLetter&)>& visit);

/// "3:17": partition and offset.
[[nodiscard]] std::string placeText(PartitionId partition, Offset offset);

} // namespace dashstream::app
