#include "core/limit/redis_client.h"

#include "core/limit/redis_connection.h"
#include "core/limit/redis_error.h"
#include "core/limit/redis_script.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <condition_variable>
#include <csignal>
#include <cstdio>
#include <deque>
#include <mutex>

namespace dashstream::limit {

namespace {

constexpr std::size_t kAtOnce = 256; ///< requests in one round trip
constexpr milliseconds kStopSlack{500};
constexpr milliseconds kStopPatience{1000}; ///< for what waits to be sent at the end, however long the timeout is

std::string decimal(double value) {
    std::array<char, 40> text{};
    std::snprintf(text.data(), text.size(), "%.17g", value);
    return text.data();
}

const char* operationOf(BudgetRequest::Kind kind) {
    switch (kind) {
    case BudgetRequest::Kind::Take:
        return "take";
    case BudgetRequest::Kind::GiveBack:
        return "give_back";
    case BudgetRequest::Kind::Check:
        break;
    }
    return "check";
}

RedisConnection::Command commandOf(const BudgetRequest& request, const std::string& script) {
    if (request.kind == BudgetRequest::Kind::Check) {
        return {"PING"};
    }
    return {"EVALSHA",
            script,
            "1",
            bucketKey(request.tenant),
            decimal(request.limit.perSecond),
            decimal(request.limit.burst),
            std::to_string(request.want),
            std::to_string(request.back)};
}

Result<BudgetGrant> grantOf(const BudgetRequest& request, const RedisReply& reply, const std::string& server) {
    if (reply.type == RedisReply::Type::Error) {
        return fail(errorOfReply(server, reply.text));
    }
    if (request.kind == BudgetRequest::Kind::Check) {
        return reply.text == "PONG" ? Result<BudgetGrant>(BudgetGrant{}) : fail(nonsense(server, "no PONG after PING"));
    }
    const auto& parts = reply.elements;
    if (reply.type != RedisReply::Type::Array || parts.size() != 2 || parts[0].type != RedisReply::Type::Integer ||
        parts[1].type != RedisReply::Type::Text) {
        return fail(nonsense(server, "the script's answer is no grant"));
    }
    BudgetGrant grant;
    const std::string& left = parts[1].text;
    const auto parsed = std::from_chars(left.data(), left.data() + left.size(), grant.left);
    if (parts[0].integer < 0 || static_cast<std::uint64_t>(parts[0].integer) > request.want ||
        parsed.ec != std::errc()) {
        return fail(nonsense(server, "the script grants more than was wanted"));
    }
    grant.granted = static_cast<std::uint64_t>(parts[0].integer);
    return grant;
}

} // namespace

std::string bucketKey(const std::string& tenant) {
    return "rate_limit:" + tenant + ":bucket";
}

/// What the thread works with; lives as long as either side does.
struct RedisClient::Shared {
    Shared(RedisSettings settings, Deliver told)
        : deliver(std::move(told)),
          connection(settings.url, std::move(settings.caLocation), settings.timeout, stopper) {}

    void run();
    bool takeWaiting(std::vector<BudgetRequest>& requests);
    void handle(const std::vector<BudgetRequest>& requests);
    Result<void> ready(BudgetReport& report);
    Result<std::vector<RedisReply>> exchange(const std::vector<BudgetRequest>& requests);
    void failAll(const std::vector<BudgetRequest>& requests, const Error& error, BudgetReport& report);

    std::mutex mutex; ///< of the next three
    std::condition_variable changed;
    std::deque<BudgetRequest> waiting;
    bool stopping = false;
    bool ended = false;
    Deliver deliver;
    Stopper stopper;
    RedisConnection connection;
    std::string script; ///< what the server calls it; empty: it has not been given yet
};

void RedisClient::Shared::run() {
    // A peer that is gone is an error of the write, not the end of the program.
    sigset_t pipe;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
    std::vector<BudgetRequest> requests;
    while (takeWaiting(requests)) {
        handle(requests);
    }
    connection.close();
    const std::lock_guard lock(mutex);
    ended = true;
    changed.notify_all();
}

bool RedisClient::Shared::takeWaiting(std::vector<BudgetRequest>& requests) {
    requests.clear();
    std::unique_lock lock(mutex);
    changed.wait(lock, [this] { return stopping || !waiting.empty(); });
    while (!waiting.empty() && requests.size() < kAtOnce) {
        requests.push_back(std::move(waiting.front()));
        waiting.pop_front();
    }
    return !requests.empty();
}

void RedisClient::Shared::handle(const std::vector<BudgetRequest>& requests) {
    BudgetReport report;
    if (auto connected = ready(report); !connected) {
        failAll(requests, connected.error(), report);
        deliver(std::move(report));
        return;
    }
    const auto begin = std::chrono::steady_clock::now();
    auto replies = exchange(requests);
    const auto took = std::chrono::duration_cast<microseconds>(std::chrono::steady_clock::now() - begin);
    if (!replies) {
        for (const BudgetRequest& request : requests) {
            report.exchanges.push_back({operationOf(request.kind), took, true});
        }
        failAll(requests, replies.error(), report);
        deliver(std::move(report));
        return;
    }
    for (std::size_t i = 0; i < requests.size(); ++i) {
        auto grant = grantOf(requests[i], (*replies)[i], connection.server());
        report.exchanges.push_back({operationOf(requests[i].kind), took, !grant.has_value()});
        if (!grant && grant.error().code != "limiter.bucket") {
            connection.close(); // a new one sees what the server is now: with a password, a primary, …
        }
        report.answers.push_back({requests[i].id, std::move(grant)});
    }
    deliver(std::move(report));
}

Result<void> RedisClient::Shared::ready(BudgetReport& report) {
    if (connection.isOpen()) {
        return {};
    }
    const auto begin = std::chrono::steady_clock::now();
    script.clear();
    auto opened = connection.open();
    report.exchanges.push_back({"connect",
                                std::chrono::duration_cast<microseconds>(std::chrono::steady_clock::now() - begin),
                                !opened.has_value()});
    return opened;
}

Result<std::vector<RedisReply>> RedisClient::Shared::exchange(const std::vector<BudgetRequest>& requests) {
    for (int round = 0;; ++round) {
        std::vector<RedisConnection::Command> commands;
        if (script.empty()) { // first of all, so that the others find it
            auto loaded = connection.exchange({{"SCRIPT", "LOAD", kBudgetScript}});
            if (!loaded) {
                return fail(loaded.error());
            }
            const RedisReply& reply = loaded->front();
            if (reply.type != RedisReply::Type::Text) {
                connection.close();
                return fail(reply.type == RedisReply::Type::Error ? errorOfReply(connection.server(), reply.text)
                                                                  : nonsense(connection.server(), "no script name"));
            }
            script = reply.text;
        }
        commands.reserve(requests.size());
        for (const BudgetRequest& request : requests) {
            commands.push_back(commandOf(request, script));
        }
        auto replies = connection.exchange(commands);
        const bool forgotten = replies && std::any_of(replies->begin(), replies->end(), [](const RedisReply& reply) {
                                   return reply.type == RedisReply::Type::Error && reply.text.starts_with("NOSCRIPT");
                               });
        if (!forgotten || round > 0) {
            return replies;
        }
        script.clear(); // the server was emptied of scripts (SCRIPT FLUSH): none of the requests had an effect
    }
}

/// Those that still wait fail as well: what they would take now, nobody would use.
void RedisClient::Shared::failAll(const std::vector<BudgetRequest>& requests, const Error& error,
                                  BudgetReport& report) {
    std::deque<BudgetRequest> more;
    {
        const std::lock_guard lock(mutex);
        more.swap(waiting);
    }
    for (const BudgetRequest& request : requests) {
        report.answers.push_back({request.id, fail(error)});
    }
    for (const BudgetRequest& request : more) {
        report.answers.push_back({request.id, fail(error)});
    }
}

RedisClient::RedisClient(const RedisSettings& settings, Deliver deliver)
    : m_shared(std::make_shared<Shared>(settings, std::move(deliver))), m_timeout(settings.timeout) {
    m_thread = std::thread([shared = m_shared] { shared->run(); });
}

void RedisClient::abandon() {
    {
        const std::lock_guard lock(m_shared->mutex);
        m_shared->stopping = true;
        m_shared->waiting.clear();
    }
    m_shared->stopper.stop();
    m_shared->changed.notify_all();
    m_thread.detach(); // it owns all that it touches
}

RedisClient::~RedisClient() {
    if (!m_thread.joinable()) {
        return; // abandoned
    }
    std::unique_lock lock(m_shared->mutex);
    m_shared->stopping = true;
    m_shared->changed.notify_all();
    const auto ended = [this] { return m_shared->ended; };
    if (!m_shared->changed.wait_for(lock, std::min(2 * m_timeout, kStopPatience), ended)) {
        m_shared->stopper.stop();
        m_shared->waiting.clear();
    }
    if (m_shared->changed.wait_for(lock, kStopSlack, ended)) {
        lock.unlock();
        m_thread.join();
    } else {
        m_thread.detach(); // in a name look-up, which nothing can end; it owns all that it touches
    }
}

void RedisClient::ask(BudgetRequest request) {
    {
        const std::lock_guard lock(m_shared->mutex);
        m_shared->waiting.push_back(std::move(request));
    }
    m_shared->changed.notify_all();
}

} // namespace dashstream::limit
