#include "core/control/request_handler.h"

#include "core/control/dead_requests.h"
#include "core/control/protocol.h"
#include "core/control/snapshot_json.h"

#include <nlohmann/json.hpp>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <limits>

namespace dashstream::control {

namespace {

using nlohmann::json;

json badField(const std::string& text) {
    return answer(Error{ErrorClass::Usage, "control.bad_request", text, "See the control protocol's page."});
}

/// Ids from 1; nothing: the field is missing or holds something else.
template <typename Id>
std::optional<std::vector<Id>> idsOf(const json& request) {
    const auto found = request.find("ids");
    if (found == request.end() || !found->is_array()) {
        return std::nullopt;
    }
    std::vector<Id> ids;
    ids.reserve(found->size());
    for (const json& value : *found) {
        if (!value.is_number_integer() || value.get<std::int64_t>() < 1) {
            return std::nullopt;
        }
        ids.emplace_back(value.get<std::int64_t>());
    }
    return ids;
}

/// [[partition, offset], …]; nothing: the field holds something else. A missing one is empty.
std::optional<std::vector<std::pair<PartitionId, Offset>>> placesOf(const json& object, const char* field) {
    std::vector<std::pair<PartitionId, Offset>> places;
    for (const json& place : object.value(field, json::array())) {
        if (!place.is_array() || place.size() != 2 || !place[0].is_number_unsigned() ||
            !place[1].is_number_unsigned() ||
            place[0].get<std::uint64_t>() > std::uint64_t{std::numeric_limits<std::int32_t>::max()} ||
            place[1].get<std::uint64_t>() > std::uint64_t{std::numeric_limits<std::int64_t>::max()}) {
            return std::nullopt;
        }
        places.emplace_back(PartitionId(place[0].get<std::int32_t>()), Offset(place[1].get<std::int64_t>()));
    }
    return places;
}

/// {"topic":…,"places":…,"ends":…,"counted_at_us":…} of "source"; an empty topic where there is no such field.
std::optional<resend::RemoteChoice> remoteOf(const json& request) {
    const auto found = request.find("source");
    if (found == request.end()) {
        return resend::RemoteChoice{};
    }
    auto places = found->is_object() ? placesOf(*found, "places") : std::nullopt;
    auto ends = places ? placesOf(*found, "ends") : std::nullopt;
    const auto topic = ends ? textField(*found, "topic") : std::nullopt;
    if (!topic || topic->empty()) {
        return std::nullopt;
    }
    const std::int64_t countedAt = integerField(*found, "counted_at_us").value_or(0);
    return resend::RemoteChoice{*topic, std::move(*places), std::move(*ends),
                                UtcTime(std::chrono::microseconds(countedAt))};
}

json toJson(const engine::ForgetOutcome& outcome) {
    return {{"forgotten", outcome.forgotten},
            {"in_use", outcome.inUse},
            {"active", outcome.active},
            {"unknown", outcome.unknown}};
}

json toJson(const engine::SeedOutcome& outcome) {
    return {{"raised", outcome.raised}, {"kept", outcome.kept}};
}

/// Nothing: they are not a list of names.
std::optional<std::vector<std::string>> namesOf(const json& request, const char* field) {
    const auto found = request.find(field);
    if (found == request.end() || !found->is_array() || found->empty()) {
        return std::nullopt;
    }
    std::vector<std::string> names;
    for (const json& name : *found) {
        if (!name.is_string() || name.get_ref<const std::string&>().empty()) {
            return std::nullopt;
        }
        names.push_back(name.get<std::string>());
    }
    return names;
}

/// What retry and give_up are about: an empty list is all, and must be asked for as such.
std::optional<std::vector<RetryId>> retriesOf(const json& request) {
    if (flagField(request, "all")) {
        return std::vector<RetryId>{};
    }
    auto ids = idsOf<RetryId>(request);
    return ids && !ids->empty() ? ids : std::nullopt;
}

} // namespace

Result<std::shared_ptr<Inbox>> Inbox::make() {
    FileHandle event(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!event.valid()) {
        return fail(ErrorClass::Local, "control.listen", "The system has no event descriptor left",
                    "Raise the limit of open files.");
    }
    return std::shared_ptr<Inbox>(new Inbox(std::move(event)));
}

void Inbox::put(Item item) {
    {
        const std::lock_guard lock(m_mutex);
        m_items.push_back(std::move(item));
    }
    wake();
}

std::vector<Inbox::Item> Inbox::takeAll() {
    eventfd_t count = 0;
    static_cast<void>(::eventfd_read(m_event.get(), &count));
    const std::lock_guard lock(m_mutex);
    return std::exchange(m_items, {});
}

void Inbox::wake() {
    static_cast<void>(::eventfd_write(m_event.get(), 1));
}

const std::vector<RequestHandler::Named>& RequestHandler::actions() {
    static const std::vector<Named> kActions{{"ping", &RequestHandler::ping},
                                             {"status", &RequestHandler::status},
                                             {"health", &RequestHandler::health},
                                             {"retry", &RequestHandler::retry},
                                             {"give_up", &RequestHandler::giveUp},
                                             {"dead_resend", &RequestHandler::deadResend},
                                             {"dead_edit", &RequestHandler::deadEdit},
                                             {"dead_copy", &RequestHandler::deadCopy},
                                             {"dead_import", &RequestHandler::deadImport},
                                             {"dead_export", &RequestHandler::deadExport},
                                             {"dead_discard", &RequestHandler::deadDiscard},
                                             {"dead_restore", &RequestHandler::deadRestore},
                                             {"resend_pause", &RequestHandler::resendPause},
                                             {"resend_resume", &RequestHandler::resendResume},
                                             {"resend_rate", &RequestHandler::resendRate},
                                             {"resend_cancel", &RequestHandler::resendCancel},
                                             {"sequences_forget", &RequestHandler::sequencesForget},
                                             {"sequences_seed", &RequestHandler::sequencesSeed},
                                             {"raise_window", &RequestHandler::raiseWindow},
                                             {"source_add", &RequestHandler::sourceAdd},
                                             {"source_pause", &RequestHandler::sourcePause},
                                             {"source_resume", &RequestHandler::sourceResume},
                                             {"source_stop", &RequestHandler::sourceStop}};
    return kActions;
}

json RequestHandler::handle(const json& request, Connection& client) {
    const auto version = integerField(request, "v");
    if (version != kProtocolVersion) {
        return answer(Error{ErrorClass::Usage, "control.version",
                            "The request is not of protocol version " + std::to_string(kProtocolVersion),
                            "Use programs of the same version."});
    }
    const std::string name = textField(request, "request").value_or("");
    const auto& known = actions();
    const auto found = std::ranges::find_if(known, [&name](const Named& named) { return name == named.name; });
    if (found != known.end()) {
        return (this->*found->action)(request, client);
    }
    std::string names;
    for (const Named& named : known) {
        names += (names.empty() ? "" : ", ") + std::string(named.name);
    }
    return answer(Error{ErrorClass::Usage, "control.unknown_request",
                        "There is no request '" + name.substr(0, 64) + "'", "Known are: " + names + "."});
}

json RequestHandler::ping(const json&, Connection&) {
    return answer({{"pid", ::getpid()}, {"profile", m_parts.profile}, {"version", m_parts.version}});
}

json RequestHandler::status(const json&, Connection&) {
    return answer({{"pid", ::getpid()},
                   {"profile", m_parts.profile},
                   {"version", m_parts.version},
                   {"snapshot", toJson(*m_parts.engine->snapshot())}});
}

json RequestHandler::health(const json&, Connection&) {
    const auto snapshot = m_parts.engine->snapshot();
    const monitor::Health health =
        m_parts.health ? m_parts.health() : monitor::judgeHealth(*snapshot, SystemClock().steadyNow());
    const auto isUp = [](const kafka::BrokerStatistics& broker) { return broker.state == "UP"; };
    return answer({{"pid", ::getpid()},
                   {"health", monitor::toJson(health)},
                   {"brokers", snapshot->brokers.size()},
                   {"brokers_reachable", std::ranges::count_if(snapshot->statistics.brokers, isUp)},
                   {"partitions", snapshot->partitions.size()}});
}

json RequestHandler::retry(const json& request, Connection&) {
    auto ids = retriesOf(request);
    if (!ids) {
        return badField("'retry' needs \"ids\" with numbers from 1, or \"all\": true");
    }
    const std::size_t count = ids->size();
    m_parts.engine->retryNow(std::move(*ids));
    return answer({{"asked", count}});
}

json RequestHandler::giveUp(const json& request, Connection& client) {
    auto ids = retriesOf(request);
    if (!ids) {
        return badField("'give_up' needs \"ids\" with numbers from 1, or \"all\": true");
    }
    const std::size_t count = ids->size();
    m_parts.engine->giveUp(std::move(*ids), client.peer().user);
    return answer({{"asked", count}});
}

/// A request of its own, so that a holder that knows no edits refuses it.
json RequestHandler::deadEdit(const json& request, Connection& client) {
    if (textField(request, "edits").value_or("").empty()) {
        return badField("'dead_edit' needs \"edits\", a list of edits as a text");
    }
    return startResend(request, client);
}

json RequestHandler::deadResend(const json& request, Connection& client) {
    return request.contains("edits") ? badField("\"edits\" go with 'dead_edit'") : startResend(request, client);
}

json RequestHandler::startResend(const json& request, Connection& client) {
    auto remote = remoteOf(request);
    if (!remote) {
        return badField("\"source\" needs a \"topic\"; \"places\" and \"ends\" are lists of [partition, offset]");
    }
    auto ids = remote->topic.empty() ? idsOf<DeadLetterId>(request) : std::optional(std::vector<DeadLetterId>{});
    const double rate = numberField(request, "rate_per_second").value_or(0);
    const std::int64_t canary = integerField(request, "canary").value_or(0);
    const std::int64_t canaryWait = integerField(request, "canary_wait_ms").value_or(10'000);
    const std::int64_t maxFailed = integerField(request, "max_failed_percent").value_or(100);
    if (!ids || ids->empty() == remote->topic.empty() || !(rate >= 0) || canary < 0 || canaryWait < 0 ||
        maxFailed < 0 || maxFailed > 100) {
        return badField("'dead_resend' needs \"ids\" with numbers from 1; \"rate_per_second\", \"canary\" and "
                        "\"canary_wait_ms\" must not be negative, \"max_failed_percent\" is 0 to 100");
    }
    if (client.waitsForJob || client.watch) {
        return badField("This connection waits for a resend already; open another one");
    }
    client.waitsForJob = true;
    resend::ResendRequest resend{std::move(*ids), client.peer().user, rate};
    resend.topic = textField(request, "topic").value_or("");
    resend.canary = canary;
    resend.canaryWait = milliseconds(canaryWait);
    resend.maxFailedPercent = static_cast<int>(maxFailed);
    resend.filter = textField(request, "filter").value_or("");
    resend.quarantinedToo = flagField(request, "quarantined_too");
    resend.remote = std::move(*remote);
    resend.edits = textField(request, "edits").value_or("");
    m_parts.engine->resend(std::move(resend), [inbox = m_parts.inbox, id = client.id()](Result<ResendJobId> job) {
        inbox->put({id, std::move(job), std::nullopt});
    });
    return nullptr;
}

json RequestHandler::deadCopy(const json& request, Connection& client) {
    auto ids =
        flagField(request, "refused") ? std::optional(std::vector<DeadLetterId>{}) : idsOf<DeadLetterId>(request);
    if (!ids || (ids->empty() && !flagField(request, "refused"))) {
        return badField("'dead_copy' needs \"ids\" with numbers from 1, or \"refused\": true");
    }
    const std::size_t count = ids->size();
    if (auto asked = m_parts.engine->copyDead(std::move(*ids), client.peer().user); !asked) {
        return answer(asked.error());
    }
    return answer({{"asked", count}});
}

json RequestHandler::deadDiscard(const json& request, Connection& client) {
    return changeDead(request, store::DeadAction::Discard, client);
}

json RequestHandler::deadRestore(const json& request, Connection& client) {
    return changeDead(request, store::DeadAction::Restore, client);
}

json RequestHandler::changeDead(const json& request, store::DeadAction action, Connection& client) {
    auto change = changeOf(request, action);
    if (!change || client.waitsForJob || client.watch) {
        return badField("'dead_discard' and 'dead_restore' need \"ids\" with numbers from 1, and a connection that "
                        "waits for nothing else");
    }
    change->by = client.peer().user;
    client.waitsForJob = true;
    m_parts.engine->changeDead(std::move(*change), [inbox = m_parts.inbox,
                                                    id = client.id()](const Result<store::DeadChanged>& changed) {
        inbox->put({id, {}, changed ? Result<std::string>(control::toJson(*changed).dump()) : fail(changed.error())});
    });
    return nullptr;
}

json RequestHandler::resendPause(const json& request, Connection& client) {
    return onResend(request, [&](ResendJobId job) { m_parts.engine->pauseResend(job, client.peer().user); });
}

json RequestHandler::resendResume(const json& request, Connection& client) {
    return onResend(request, [&](ResendJobId job) { m_parts.engine->resumeResend(job, client.peer().user); });
}

json RequestHandler::resendCancel(const json& request, Connection& client) {
    return onResend(request, [&](ResendJobId job) { m_parts.engine->cancelResend(job, client.peer().user); });
}

json RequestHandler::resendRate(const json& request, Connection& client) {
    const double rate = numberField(request, "rate_per_second").value_or(-1);
    if (!(rate >= 0)) {
        return badField("'resend_rate' needs \"rate_per_second\", 0 for as fast as it goes");
    }
    return onResend(request, [&](ResendJobId job) { m_parts.engine->setResendRate(job, rate, client.peer().user); });
}

json RequestHandler::onResend(const json& request, const std::function<void(ResendJobId)>& action) {
    const auto job = integerField(request, "job");
    if (!job || *job < 1) {
        return badField("\"job\" must be the number of a resend job");
    }
    const auto snapshot = m_parts.engine->snapshot();
    const auto view = std::ranges::find_if(
        snapshot->resends, [&job](const resend::ResendView& resend) { return resend.id.value == *job; });
    if (view == snapshot->resends.end()) {
        return answer(Error{ErrorClass::Usage, "resend.unknown", "There is no resend with this \"job\" under way",
                            "'jobs list' shows them all, those that ended too."});
    }
    if (!view->running) {
        return answer(
            Error{ErrorClass::Usage, "resend.over",
                  "Resend " + std::to_string(*job) + " has ended (" + std::string(resend::phaseText(view->phase)) + ")",
                  "Make another one for what is left."});
    }
    action(ResendJobId(*job));
    return answer({{"job", *job}});
}

json RequestHandler::sequencesForget(const json& request, Connection& client) {
    auto names = namesOf(request, "threads");
    if (!names || client.waitsForJob || client.watch) {
        return badField(
            "'sequences_forget' needs \"threads\" with their names, and a connection that waits for nothing "
            "else");
    }
    engine::ForgetRequest forget;
    forget.threads = std::move(*names);
    if (request.contains("idle_since_us")) {
        const auto since = integerField(request, "idle_since_us");
        if (!since || *since < 0) { // who asks for the idle ones must not lose others
            return badField("'sequences_forget': \"idle_since_us\" is a number of microseconds since 1970");
        }
        forget.idleSince = utcFromMicros(*since);
    }
    forget.requestedBy = client.peer().user;
    client.waitsForJob = true;
    m_parts.engine->forgetThreads(
        std::move(forget), [inbox = m_parts.inbox, id = client.id()](const Result<engine::ForgetOutcome>& outcome) {
            inbox->put({id, {}, outcome ? Result<std::string>(toJson(*outcome).dump()) : fail(outcome.error())});
        });
    return nullptr;
}

json RequestHandler::sequencesSeed(const json& request, Connection& client) {
    engine::SeedRequest seed;
    seed.topic = textField(request, "topic").value_or("");
    const auto threads = request.find("threads");
    if (threads != request.end() && threads->is_array()) {
        for (const json& thread : *threads) {
            const auto highest = integerField(thread, "highest").value_or(0);
            const std::string name = textField(thread, "thread").value_or("");
            if (highest < 1 || name.empty()) {
                return badField("'sequences_seed': each of \"threads\" has \"thread\" and \"highest\", from 1");
            }
            seed.threads.push_back({name, SequenceNo(static_cast<std::uint64_t>(highest))});
        }
    }
    if (seed.threads.empty() || client.waitsForJob || client.watch) {
        return badField("'sequences_seed' needs \"threads\", and a connection that waits for nothing else");
    }
    seed.requestedBy = client.peer().user;
    client.waitsForJob = true;
    m_parts.engine->seedThreads(
        std::move(seed), [inbox = m_parts.inbox, id = client.id()](const Result<engine::SeedOutcome>& outcome) {
            inbox->put({id, {}, outcome ? Result<std::string>(toJson(*outcome).dump()) : fail(outcome.error())});
        });
    return nullptr;
}

json RequestHandler::raiseWindow(const json&, Connection&) {
    if (!m_parts.raiseWindow || !m_parts.raiseWindow()) {
        return answer(Error{ErrorClass::Usage, "control.no_window", "The process that holds the store has no window",
                            "It runs without a display; end it to open a console on this profile."});
    }
    return answer(json::object());
}

json RequestHandler::sourceAdd(const json& request, Connection&) {
    const auto spec = textField(request, "source");
    if (!spec || *spec == "-") {
        return badField("'source_add' needs \"source\", e.g. \"jsonl:/path/file\"; stdin cannot be given over");
    }
    const bool goOn = flagField(request, "resume");
    if (goOn && !m_parts.openSource) {
        return badField("'source_add': this process cannot go on with a source; leave \"resume\" out");
    }
    auto source = goOn ? m_parts.openSource(*spec, source::Start::GoOn) : source::openSource(*spec);
    if (!source) {
        return answer(source.error());
    }
    return answer({{"id", m_parts.engine->addSource(std::move(*source)).value}});
}

json RequestHandler::sourcePause(const json& request, Connection&) {
    return onSource(request, &engine::Engine::pauseSource);
}

json RequestHandler::sourceResume(const json& request, Connection&) {
    return onSource(request, &engine::Engine::resumeSource);
}

json RequestHandler::sourceStop(const json& request, Connection&) {
    return onSource(request, &engine::Engine::stopSource);
}

json RequestHandler::onSource(const json& request, void (engine::Engine::*action)(SourceId)) {
    const auto id = integerField(request, "id");
    const auto snapshot = m_parts.engine->snapshot();
    const bool known = id && std::ranges::any_of(snapshot->sources, [&id](const engine::SourceView& source) {
                           return source.id.value == *id;
                       });
    if (!known) {
        return badField("There is no source with this \"id\"; 'status' lists them");
    }
    (m_parts.engine->*action)(SourceId(static_cast<std::int32_t>(*id)));
    return answer({{"id", *id}});
}

} // namespace dashstream::control
