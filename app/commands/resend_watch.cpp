#include "app/commands/resend_watch.h"

#include "app/accounting_text.h"
#include "core/control/control_client.h"
#include "core/control/protocol.h"
#include "core/control/snapshot_json.h"

#include <algorithm>

namespace dashstream::app {

using nlohmann::json;

namespace {
std::uint64_t count(const json& resend, const char* name) {
    return static_cast<std::uint64_t>(std::max<std::int64_t>(control::integerField(resend, name).value_or(0), 0));
}
} // namespace

ResendOutcome outcomeOf(const json& resend) {
    return {count(resend, "total"), count(resend, "delivered"), count(resend, "failed"),
            control::flagField(resend, "cancelled"), resend};
}

std::string progressLine(const json& resend) {
    std::string text = "sent " + grouped(count(resend, "sent")) + " of " + grouped(count(resend, "total")) +
                       ", delivered " + grouped(count(resend, "delivered")) + ", failed again " +
                       grouped(count(resend, "failed"));
    if (const std::uint64_t checking = count(resend, "checking"); checking > 0) {
        text += ", " + grouped(checking) + " are looked for in the topic";
    }
    const std::string why = control::textField(resend, "why").value_or("");
    return why.empty() ? text : text + " (" + why + ")";
}

void sayPaused(const json& resend, CommandContext& context) {
    if (control::textField(resend, "state").value_or("") == "paused") {
        const std::string job = std::to_string(control::integerField(resend, "job").value_or(0));
        context.out.note("Resend " + job + " is paused: " + control::textField(resend, "why").value_or("") +
                         ". 'dashstreamctl jobs resume " + job + "' goes on, 'jobs cancel " + job + "' ends it");
    }
}

Result<resend::ResendView> watchJob(engine::Engine& engine, const JobSlot& slot, CommandContext& context,
                                    SignalWatcher& signals, bool keepWhenStopped) {
    constexpr milliseconds kPatience{200};
    SystemClock clock;
    SteadyTime lastProgress{};
    resend::ResendView last;
    while (true) {
        signals.bell().wait(kPatience);
        const auto job = slot.get();
        if (job && !*job) {
            return fail(job->error());
        }
        const auto snapshot = engine.snapshot();
        const auto trouble = std::ranges::find(snapshot->conditions, "store.failed", &engine::Condition::id);
        if (trouble != snapshot->conditions.end()) {
            return fail(ErrorClass::Local, trouble->id, trouble->title, trouble->advice);
        }
        const auto view =
            !job ? snapshot->resends.end() : std::ranges::find(snapshot->resends, **job, &resend::ResendView::id);
        if (view != snapshot->resends.end()) {
            last = *view;
            if (!last.running || last.phase == resend::Phase::Paused) {
                return last;
            }
        }
        if (signals.stop().cancelled()) {
            if (last.id != ResendJobId{} && !keepWhenStopped) {
                engine.cancelResend(last.id, control::currentUser());
            }
            last.cancelled = true;
            return last;
        }
        if (clock.steadyNow() - lastProgress >= std::chrono::seconds(1)) {
            lastProgress = clock.steadyNow();
            context.out.progress(progressLine(control::toJson(last)));
        }
    }
}

} // namespace dashstream::app
