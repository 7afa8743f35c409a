#include "core/engine/conditions.h"

#include <algorithm>
#include <utility>

namespace dashstream::engine {

namespace {
std::string sentence(std::string text) {
    if (!text.empty() && text.back() != '.') {
        text += '.';
    }
    return text;
}

constexpr std::chrono::seconds kCopiesWaitLong{30};

std::string plural(std::uint64_t count, const std::string& one, const std::string& many) {
    return std::to_string(count) + " " + (count == 1 ? one : many);
}

bool isUp(const kafka::BrokerStatistics& broker) {
    return broker.state == "UP" || broker.state == "UPDATE";
}

/// librdkafka connects to a broker only when there is something for it: until then it is idle, not down.
bool isIdle(const kafka::BrokerStatistics& broker) {
    return broker.state == "INIT";
}

} // namespace

std::string_view toText(ConnectionState state) {
    switch (state) {
    case ConnectionState::Starting:
        return "connecting";
    case ConnectionState::Connected:
        return "connected";
    case ConnectionState::Degraded:
        return "degraded";
    case ConnectionState::Disconnected:
        return "disconnected";
    }
    return "?";
}

void Conditions::connection(Snapshot& snapshot, const ClusterNews& news) const {
    const auto& brokers = news.statistics.brokers;
    const auto up = std::count_if(brokers.begin(), brokers.end(), isUp);
    const auto idle = std::count_if(brokers.begin(), brokers.end(), isIdle);
    const auto all = static_cast<std::ptrdiff_t>(brokers.size());
    const std::size_t known = std::max(brokers.size(), news.topic.brokers.size());
    snapshot.connectionText = std::to_string(up) + " of " + plural(known, "broker", "brokers") + " connected" +
                              (idle > 0 ? ", " + std::to_string(idle) + " not needed yet" : std::string());
    if (up > 0 || (idle > 0 && news.topicKnown)) {
        snapshot.connection = up + idle == all ? ConnectionState::Connected : ConnectionState::Degraded;
    } else if (brokers.empty() && !news.topicKnown && news.lastClientError.empty()) {
        snapshot.connection = ConnectionState::Starting;
        snapshot.connectionText = "connecting";
    } else if (brokers.empty() && news.topicKnown) {
        snapshot.connection = ConnectionState::Connected; // metadata came, statistics follow within a second
        snapshot.connectionText = plural(known, "broker", "brokers");
    } else {
        snapshot.connection = ConnectionState::Disconnected;
    }
}

void Conditions::limiter(Snapshot& snapshot) {
    const limit::LimiterStatus& shown = snapshot.limiter;
    if (shown.state == limit::LimiterState::Refusing) {
        add(snapshot, {"limiter.failed",
                       Urgency::Critical,
                       "The rate limit cannot be decided: " + shown.lastError,
                       sentence(shown.lastRemedy) + " Nothing new is accepted until then; it goes on by itself",
                       Remedy::ShowSources,
                       {}});
    } else if (shown.state == limit::LimiterState::FallenBack) {
        add(snapshot, {"limiter.local",
                       Urgency::Warning,
                       "The rate limit is not shared now: " + shown.lastError,
                       sentence(shown.lastRemedy) + " Until then this process lets the whole limit pass by itself "
                                                    "(rate.on_error = local)",
                       Remedy::ShowSources,
                       {}});
    } else if (shown.shared && shown.localOnError) {
        add(snapshot, {"limiter.local_policy",
                       Urgency::Notice,
                       "rate.on_error is local: without Redis, each producer lets the whole limit pass by itself",
                       "Set rate.on_error to closed where the limit must hold for all producers together",
                       Remedy::ShowConfiguration,
                       {}});
    }
    if (shown.brokenTenants > 0) {
        add(snapshot, {"limiter.bucket",
                       Urgency::Warning,
                       "The rate limit of " + plural(shown.brokenTenants, "tenant", "tenants") +
                           " cannot be decided: " + shown.lastError,
                       shown.lastRemedy,
                       Remedy::ShowSources,
                       {}});
    }
}

void Conditions::add(Snapshot& snapshot, Condition condition) {
    Held& held = m_held.try_emplace(condition.id, Held{m_clock.utcNow(), {}, false}).first->second;
    held.title = condition.title;
    condition.since = held.since;
    snapshot.conditions.push_back(std::move(condition));
}

void Conditions::noteChanges(const Snapshot& snapshot, EventLog& events) {
    for (const Condition& condition : snapshot.conditions) {
        Held& held = m_held.at(condition.id);
        if (!std::exchange(held.told, true)) {
            events.note(condition.urgency, condition.title + ". " + condition.advice);
        }
    }
    std::erase_if(m_held, [&](const auto& entry) {
        const bool over = std::none_of(snapshot.conditions.begin(), snapshot.conditions.end(),
                                       [&](const Condition& condition) { return condition.id == entry.first; });
        if (over) {
            events.note(Urgency::Notice, "Over: " + entry.second.title);
        }
        return over;
    });
}

void Conditions::copies(Snapshot& snapshot) {
    const DeadCopiesView& copies = snapshot.deadCopies;
    const std::string topic = "to topic " + copies.topic;
    if (copies.refused > 0) {
        add(snapshot, {"dead.copies_refused",
                       Urgency::Warning,
                       plural(copies.refused, "copy of a dead letter", "copies of dead letters") + " " + topic +
                           " refused: " + copies.lastRefusal,
                       "The letters are whole in the store. Mend the cause and choose Copy again on the page Dead "
                       "letters, or 'dashstreamctl dead copy --retry'",
                       Remedy::ShowDeadLetters,
                       {}});
    }
    if (copies.pending > 0 && copies.oldestPending > kCopiesWaitLong) {
        add(snapshot, {"dead.copies_waiting",
                       Urgency::Warning,
                       plural(copies.pending, "copy of a dead letter waits", "copies of dead letters wait") + " " +
                           topic + (copies.lastError.empty() ? std::string() : ": " + copies.lastError),
                       "The letters are whole in the store; the copies are made as soon as the cluster takes them",
                       Remedy::ShowDeadLetters,
                       {}});
    }
}

void Conditions::journal(Snapshot& snapshot) {
    const JournalView& shown = snapshot.journal;
    if (shown.trouble) {
        const std::string& code = shown.trouble->code;
        const bool full = code == "journal.full" || code == "journal.disk_low";
        const bool waits = full || code == "journal.no_space";
        add(snapshot, {full ? "journal.full" : (waits ? "journal.no_space" : "journal.failed"),
                       Urgency::Critical,
                       shown.trouble->message,
                       sentence(shown.trouble->remedy) +
                           (waits ? " Nothing new is accepted until then; it goes on by itself"
                                  : " Nothing new is accepted; what is accepted is kept. Start the program again "
                                    "once the disk is in order"),
                       Remedy::ShowLog,
                       {}});
    }
    if (shown.damaged + shown.lost > 0) {
        add(snapshot, {"journal.damaged",
                       Urgency::Critical,
                       "The journal is damaged in " + plural(shown.damaged + shown.lost, "place", "places") + ": " +
                           plural(shown.skipped + shown.lost, "accepted message is", "accepted messages are") +
                           " known to be lost",
                       "Check the disk. 'dashstreamctl store check' lists the places, the log names each",
                       Remedy::ShowLog,
                       {}});
    }
    if (shown.open && snapshot.durability == "memory" && shown.live > 0) {
        add(snapshot, {"journal.left",
                       Urgency::Warning,
                       plural(shown.live, "message", "messages") + " of an earlier run are still in the journal",
                       "New messages are accepted once those have their outcome, or threads would lose their order",
                       Remedy::ShowRetries,
                       {}});
    }
}

void Conditions::inquiries(Snapshot& snapshot) {
    if (snapshot.inquiries.empty()) {
        return;
    }
    std::size_t undecided = 0;
    const InquiryProgress* stuck = nullptr;
    for (const InquiryProgress& shown : snapshot.inquiries) {
        undecided += shown.undecided;
        stuck = shown.failuresInARow > 0 ? &shown : stuck;
    }
    const InquiryProgress& first = stuck != nullptr ? *stuck : snapshot.inquiries.front();
    add(snapshot,
        {"inquiry.running",
         Urgency::Warning,
         snapshot.inquiries.size() == 1
             ? sentence(first.text())
             : "Checking " + plural(undecided, "message", "messages") + " of " +
                   std::to_string(snapshot.inquiries.size()) + " partitions against the topic",
         stuck != nullptr ? "It is tried again: " + stuck->lastFailure
                          : "Nobody knows whether the brokers have them; what the topic has is not sent again",
         Remedy::ShowBrokers,
         {}});
}

void Conditions::judge(Snapshot& snapshot, Pipeline& pipeline) {
    const ClusterNews& news = pipeline.news();
    connection(snapshot, news);
    const std::string topic = pipeline.state().config.kafka.topic;
    if (!snapshot.accounting.balanced()) {
        add(snapshot, {"accounting.unbalanced",
                       Urgency::Critical,
                       "The accounting does not add up: " + std::to_string(snapshot.accounting.entered()) +
                           " entered, " + std::to_string(snapshot.accounting.accountedFor()) + " are accounted for",
                       "Keep the data folder and the log, and report it: this is a defect of this program",
                       Remedy::ShowLog,
                       {}});
    }
    if (const auto& trouble = pipeline.state().gateway.trouble()) {
        add(snapshot, {"store.failed",
                       Urgency::Critical,
                       trouble->message,
                       trouble->remedy.empty() ? "Nothing new is accepted; what is accepted is kept in memory"
                                               : sentence(trouble->remedy) + " Nothing new is accepted until then",
                       Remedy::ShowLog,
                       {}});
    }
    if (!m_producerTrouble.empty()) {
        add(snapshot, {"producer.lost",
                       Urgency::Critical,
                       "The Kafka client ended: " + m_producerTrouble,
                       "It is made anew every few seconds; what is accepted is kept",
                       Remedy::ShowBrokers,
                       {}});
    }
    if (snapshot.connection == ConnectionState::Disconnected) {
        add(snapshot,
            {"brokers.down",
             Urgency::Critical,
             "No broker answers" + (news.lastClientError.empty() ? std::string() : ": " + news.lastClientError),
             "What is accepted waits and is sent when one is back. Check the brokers and "
             "kafka.bootstrap_servers",
             Remedy::ShowBrokers,
             {}});
    } else if (snapshot.connection == ConnectionState::Degraded) {
        add(snapshot, {"brokers.some_down",
                       Urgency::Warning,
                       "Only " + snapshot.connectionText,
                       "Messages for partitions without a leader wait",
                       Remedy::ShowBrokers,
                       {}});
    }
    if (!news.topic.error.empty() && snapshot.connection != ConnectionState::Disconnected) {
        add(snapshot, {"topic.unusable",
                       Urgency::Critical,
                       "Topic " + topic + ": " + news.topic.error,
                       "Make the topic, or grant the right to write to it; messages wait until then",
                       Remedy::ShowBrokers,
                       {}});
    }
    if (snapshot.accounting.retrying > 0) {
        add(snapshot, {"retries.waiting",
                       Urgency::Warning,
                       plural(snapshot.accounting.retrying, "message waits", "messages wait") + " for another try",
                       "They are sent as soon as their partition takes them",
                       Remedy::ShowRetries,
                       {}});
    }
    if (snapshot.accounting.diedNow > 0 && snapshot.accounting.dead > 0) {
        add(snapshot, {"dead.new",
                       Urgency::Warning,
                       plural(snapshot.accounting.dead, "dead letter", "dead letters"),
                       "See why they died, and send them again once the cause is mended",
                       Remedy::ShowDeadLetters,
                       {}});
    }
    journal(snapshot);
    inquiries(snapshot);
    limiter(snapshot);
    copies(snapshot);
    const std::size_t ours = pipeline.state().config.message.maxBytes;
    if (const auto& theirs = snapshot.topicLimit.maxMessageBytes; theirs && *theirs < ours) {
        add(snapshot, {"topic.limit",
                       Urgency::Warning,
                       "Topic " + topic + " takes at most " + std::to_string(*theirs) +
                           " bytes (max.message.bytes), message.max_bytes allows " + std::to_string(ours),
                       "Messages that are too large for the topic are rejected. Lower message.max_bytes, or raise the "
                       "topic's limit",
                       Remedy::ShowConfiguration,
                       {}});
    }
    for (const SourceView& source : snapshot.sources) {
        if (source.state == SourceState::Failed) {
            add(snapshot, {"source.failed." + std::to_string(source.id.value),
                           Urgency::Warning,
                           source.stateText,
                           "Mend it and open the source again",
                           Remedy::ShowSources,
                           {}});
        }
    }
    noteChanges(snapshot, pipeline.state().events);
    std::stable_sort(snapshot.conditions.begin(), snapshot.conditions.end(),
                     [](const Condition& left, const Condition& right) { return left.urgency > right.urgency; });
}

} // namespace dashstream::engine
