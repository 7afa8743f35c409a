#include "app/commands/remote_scanning.h"

#include "app/accounting_text.h"
#include "app/commands/selection.h"
#include "core/filter/parse.h"

namespace dashstream::app {

namespace {
constexpr milliseconds kPoll{100};
constexpr std::chrono::seconds kSilence{30}; ///< the clients' own session and request timeouts are shorter
} // namespace

std::string placeText(PartitionId partition, Offset offset) {
    return std::to_string(partition.value) + ":" + std::to_string(offset.value);
}

Result<resend::RemoteSelection> remoteSelection(const DeadOptions& options, UtcTime now) {
    const SystemClock clock;
    filter::TimeContext times = filter::systemTime(clock);
    times.now = now;
    auto where = filter::parse(options.selection.where, times);
    if (!where) {
        return fail(ErrorClass::Usage, "usage.where", "--where " + where.error().text(),
                    "'dashstreamctl dead fields' lists what can be asked.");
    }
    resend::RemoteSelection selection;
    selection.topic = options.topic;
    selection.where = std::move(*where);
    selection.places = {options.places.begin(), options.places.end()};
    return selection;
}

Result<bool> scanTopic(resend::RemoteScan& scan, CommandContext& context, SignalWatcher& signals,
                       const std::function<bool(const kafka::ConsumedRecord&, const resend::RemoteLetter&)>& visit) {
    SystemClock clock;
    SteadyTime lastProgress = clock.steadyNow();
    SteadyTime lastRecord = lastProgress;
    bool wanted = true;
    while (wanted && !signals.stop().cancelled()) {
        const std::uint64_t before = scan.read();
        const auto done =
            scan.step(kPoll, [&](const kafka::ConsumedRecord& record, const resend::RemoteLetter& letter) {
                wanted = wanted && visit(record, letter);
            });
        if (!done) {
            return fail(done.error());
        }
        if (*done) {
            return wanted;
        }
        const SteadyTime now = clock.steadyNow();
        lastRecord = scan.read() > before ? now : lastRecord;
        if (now - lastRecord > kSilence) {
            return fail(ErrorClass::Retriable, "kafka.silent",
                        "Nothing came from the topic for " + std::to_string(kSilence.count()) + " s" +
                            (scan.trouble().empty() ? "" : ": " + scan.trouble()),
                        "Look at the brokers ('dashstreamctl brokers'), then try again.");
        }
        if (now - lastProgress >= std::chrono::seconds(1)) {
            lastProgress = now;
            context.out.progress("read " + grouped(scan.read()) + " of " + grouped(scan.total()) + " records" +
                                 (scan.trouble().empty() ? "" : " (" + scan.trouble() + ")"));
        }
    }
    return false;
}

} // namespace dashstream::app
