#include "core/control/control_server.h"

#include "core/control/protocol.h"
#include "core/control/snapshot_json.h"

#include <nlohmann/json.hpp>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>

namespace dashstream::control {

namespace {

using nlohmann::json;

/// How often a running resend is looked at; the engine publishes ten times a second.
constexpr milliseconds kJobInterval{100};
constexpr milliseconds kIdleCheckInterval{1000};
/// A client that waits hears something so often, also when nothing moves.
constexpr milliseconds kLongestSilence{2000};

const resend::ResendView* findJob(const engine::Snapshot& snapshot, ResendJobId job) {
    const auto found = std::ranges::find(snapshot.resends, job, &resend::ResendView::id);
    return found == snapshot.resends.end() ? nullptr : &*found;
}

} // namespace

Result<std::unique_ptr<ControlServer>> ControlServer::start(ControlParts parts) {
    auto path = socketPath(parts.folder);
    if (!path) {
        return fail(path.error());
    }
    auto inbox = Inbox::make();
    if (!inbox) {
        return fail(inbox.error());
    }
    auto listener = listenAt(*path);
    if (!listener) {
        return fail(listener.error());
    }
    return std::unique_ptr<ControlServer>(
        new ControlServer(std::move(parts), std::move(*path), std::move(*listener), std::move(*inbox)));
}

ControlServer::ControlServer(ControlParts parts, std::filesystem::path path, FileHandle listener,
                             std::shared_ptr<Inbox> inbox)
    : m_parts(std::move(parts)), m_path(std::move(path)), m_listener(std::move(listener)), m_inbox(std::move(inbox)),
      m_handler({m_parts.engine, m_inbox, m_parts.profile, m_parts.version, [this] { return raiseWindow(); },
                 m_parts.health, m_parts.openSource}),
      m_thread([this] { run(); }) {}

ControlServer::~ControlServer() {
    m_stop = true;
    m_inbox->wake();
    m_thread.join();
    static_cast<void>(::unlink(m_path.c_str()));
}

void ControlServer::setRaiseWindow(std::function<void()> raise) {
    const std::lock_guard lock(m_raiseMutex);
    m_raise = std::move(raise);
}

bool ControlServer::raiseWindow() {
    const std::lock_guard lock(m_raiseMutex);
    if (!m_raise) {
        return false;
    }
    m_raise();
    return true;
}

void ControlServer::run() {
    while (!m_stop) {
        wait();
        deliverInbox();
        if (m_listenerReady) {
            acceptOne();
        }
        for (std::size_t i = 0; i < m_ready.size(); ++i) {
            auto& client = m_clients[i];
            const bool heard = (m_ready[i] & (POLLIN | POLLHUP | POLLERR)) != 0;
            if (heard && !client->receive(m_clock.steadyNow())) {
                client.reset();
            } else {
                serve(*client);
            }
        }
        reportJobs();
        dropGone();
    }
    farewell();
}

void ControlServer::wait() {
    std::vector<pollfd> descriptors{{m_inbox->descriptor(), POLLIN, 0}, {m_listener.get(), POLLIN, 0}};
    bool watching = false;
    for (const auto& client : m_clients) {
        const int reads = client->mayRead() ? POLLIN : 0;
        const int writes = client->wantsToWrite() ? POLLOUT : 0;
        descriptors.push_back({client->descriptor(), static_cast<short>(reads | writes), 0});
        watching = watching || client->watch.has_value();
    }
    const milliseconds patience = watching ? kJobInterval : kIdleCheckInterval;
    const int found =
        ::poll(descriptors.data(), descriptors.size(), m_clients.empty() ? -1 : static_cast<int>(patience.count()));
    m_ready.assign(m_clients.size(), 0);
    m_listenerReady = found > 0 && (descriptors[1].revents & POLLIN) != 0;
    for (std::size_t i = 0; found > 0 && i < m_ready.size(); ++i) {
        m_ready[i] = descriptors[i + 2].revents;
    }
}

void ControlServer::acceptOne() {
    FileHandle socket(::accept4(m_listener.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!socket.valid()) {
        return;
    }
    const auto peer = peerOf(socket.get());
    if (!peer || !mayControl(*peer)) {
        m_parts.logger->log(observe::LogLevel::Warning, "control",
                            "Refused a connection of " + (peer ? peer->user : std::string("somebody unknown")));
        return;
    }
    auto client = std::make_unique<Connection>(++m_lastId, std::move(socket), *peer, m_clock.steadyNow());
    if (m_clients.size() >= m_parts.maxClients) {
        send(*client, answer(Error{ErrorClass::Retriable, "control.busy", "Too many programs are connected",
                                   "Try again in a moment."}));
        static_cast<void>(client->flush());
        return;
    }
    m_clients.push_back(std::move(client));
}

void ControlServer::serve(Connection& client) {
    // One request a turn: a client that sends many does not hold up the others.
    const auto line = client.mayRead() ? client.nextLine() : std::nullopt;
    if (!line || line->empty()) {
        return;
    }
    auto request = parseLine(*line);
    json reply = request ? m_handler.handle(*request, client) : answer(request.error());
    if (!reply.is_null()) {
        send(client, std::move(reply));
    }
    if (client.hasLine()) {
        m_inbox->wake(); // come back without waiting
    }
}

void ControlServer::send(Connection& client, json object) {
    redactStrings(object, *m_parts.redactor);
    client.send(object);
}

void ControlServer::deliverInbox() {
    for (Inbox::Item& item : m_inbox->takeAll()) {
        const auto found =
            std::ranges::find_if(m_clients, [&item](const auto& c) { return c->id() == item.connection; });
        if (found == m_clients.end()) {
            continue;
        }
        Connection& client = **found;
        client.waitsForJob = false;
        if (item.reply) {
            send(client, *item.reply ? answer(json::parse(**item.reply)) : answer(item.reply->error()));
            continue;
        }
        if (!item.job) {
            send(client, answer(item.job.error()));
            continue;
        }
        client.watch = JobWatch{*item.job};
        send(client, answer({{"job", item.job->value}}, false));
    }
}

void ControlServer::reportJobs() {
    engine::Engine::SnapshotPtr snapshot;
    for (const auto& client : m_clients) {
        if (client == nullptr || !client->watch) {
            continue;
        }
        snapshot = snapshot == nullptr ? m_parts.engine->snapshot() : snapshot;
        JobWatch& watch = *client->watch;
        const resend::ResendView* job = findJob(*snapshot, watch.job);
        if (job == nullptr) {
            continue;
        }
        const std::uint64_t done = job->delivered + job->failed;
        const SteadyTime now = m_clock.steadyNow();
        const bool news = !watch.seen || done != watch.lastDone || job->sent != watch.lastSent || !job->running;
        if (news || now - watch.reportedAt > kLongestSilence) {
            send(*client, answer({{"resend", toJson(*job)}}, !job->running));
            watch.reportedAt = now;
        }
        watch.seen = true;
        watch.lastDone = done;
        watch.lastSent = job->sent;
        if (!job->running) {
            client->watch.reset();
        }
    }
}

void ControlServer::dropGone() {
    const SteadyTime now = m_clock.steadyNow();
    for (auto& client : m_clients) {
        if (client == nullptr) {
            continue;
        }
        if (client->lineTooLong()) {
            send(*client, answer(Error{ErrorClass::Usage, "control.too_long",
                                       "The line is longer than " + std::to_string(kMaxLineBytes) + " bytes",
                                       "Ask for less at once."}));
            static_cast<void>(client->flush());
            client.reset();
            continue;
        }
        const bool waits = client->watch || client->waitsForJob;
        const bool idle = !waits && now - client->lastHeard() > m_parts.idleLimit;
        if (!client->flush() || idle) {
            client.reset();
        }
    }
    std::erase(m_clients, nullptr);
}

void ControlServer::farewell() {
    deliverInbox();
    reportJobs();
    for (const auto& client : m_clients) {
        if (client->watch || client->waitsForJob) {
            send(*client,
                 answer(Error{ErrorClass::Cancelled, "control.closing", "The process that holds the store is closing",
                              "What was not sent stays a dead letter or in the retry queue; look with 'dead "
                              "list' and 'retries list'."}));
        }
        static_cast<void>(client->flush());
    }
    m_clients.clear();
}

} // namespace dashstream::control
