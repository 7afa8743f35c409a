#include "core/engine/dead_copy_loop.h"

#include "core/kafka/error_table.h"

#include <algorithm>

namespace dashstream::engine {

namespace {
constexpr std::size_t kReadAtOnce = 512; ///< more than can be busy: window and marks under way
constexpr std::size_t kMarksUnderWay = 256;
constexpr std::size_t kRevivedAtOnce = 200;
constexpr milliseconds kCountEvery{500};
constexpr milliseconds kEventPatience{50};
constexpr milliseconds kIdlePatience{1'000};
constexpr milliseconds kNoProducerPause{3'000};
constexpr std::int64_t kMarkOfNothing = 1;

/// What a refusal may depend on. No secret goes in: a wrong password is no refusal, it waits.
std::int64_t markOf(const config::Config& config) {
    std::uint64_t hash = 14'695'981'039'346'656'037U; // FNV-1a
    for (const std::string* text : {&config.kafka.bootstrapServers, &config.dlq.topic, &config.sasl.mechanism,
                                    &config.sasl.username, &config.tls.certificateLocation}) {
        for (const char letter : *text + '\n') {
            hash = (hash ^ static_cast<unsigned char>(letter)) * 1'099'511'628'211U;
        }
    }
    return std::max<std::int64_t>(static_cast<std::int64_t>(hash >> 1U), kMarkOfNothing);
}

/// The letter itself was refused, not the topic.
bool isOwnRefusal(const std::string& code) {
    return std::ranges::any_of(kafka::errorTable(), [&code](const kafka::ErrorEntry& entry) {
        return entry.errorClass == ErrorClass::PermanentMessage && kafka::codeName(entry.code) == code;
    });
}
} // namespace

DeadCopyLoop::DeadCopyLoop(DeadCopierParts parts, std::unique_ptr<store::StoreReader> reader)
    : m_parts(std::move(parts)), m_reader(std::move(reader)),
      m_pauses({1, DeadCopier::kFirstPause, DeadCopier::kLongestPause}),
      m_probes({1, DeadCopier::kFirstProbe, DeadCopier::kLongestProbe}), m_marks(*m_parts.store),
      m_startedAt(m_parts.clock->utcNow()) {
    std::random_device entropy;
    m_random.seed(entropy());
    m_view.enabled = true;
    m_view.topic = m_parts.config.dlq.topic;
}

Result<std::unique_ptr<DeadCopyLoop>> DeadCopyLoop::make(DeadCopierParts parts) {
    auto reader = store::StoreReader::open(parts.store->databasePath().parent_path());
    if (!reader) {
        return fail(reader.error());
    }
    auto counts = (*reader)->copyCounts();
    if (!counts) {
        return fail(counts.error());
    }
    std::unique_ptr<DeadCopyLoop> loop(new DeadCopyLoop(std::move(parts), std::move(*reader)));
    loop->startPass(*counts);
    return loop;
}

/// Rights may have changed while nobody looked; what is too large stays so unless the settings changed.
void DeadCopyLoop::startPass(const store::CopyCounts& counts) {
    const std::int64_t mark = markOf(m_parts.config);
    if (counts.refused > 0) {
        m_revivals.push_back({DeadLetterId{0}, counts.settingsMark != mark});
    }
    if (counts.settingsMark != mark) {
        store::WriteBatch batch;
        batch.add(store::op::SetCopySettings{mark});
        m_parts.store->submit(std::move(batch), {});
    }
}

void DeadCopyLoop::copyAgain(const std::vector<DeadLetterId>& letters) {
    m_pauseUntil = {};
    m_topicRefuses = false; // the cause may just have been mended
    m_probesMade = 0;
    if (m_producer) {
        m_producer->refreshMetadata();
    }
    if (letters.empty()) {
        m_revivals.push_back({DeadLetterId{0}, true});
        return;
    }
    const auto rows = m_reader->deadRows(letters);
    if (!rows) {
        note(observe::LogLevel::Warning, "Dead letters cannot be read: " + rows.error().text());
        return;
    }
    for (const store::DeadRow& row : *rows) {
        if (row.copyState != store::CopyState::Copied && !busy(row.id)) {
            mark(row.id, store::CopyState::Pending);
        }
    }
}

void DeadCopyLoop::finish(SteadyTime until, CancelToken hurry) {
    m_finishUntil = until;
    m_hurry = std::move(hurry);
    m_mayBeMore = true;
}

bool DeadCopyLoop::over() const {
    if (!m_finishUntil) {
        return false;
    }
    const SteadyTime now = m_parts.clock->steadyNow();
    const bool nothingToSend = !m_mayBeMore || now < m_pauseUntil || m_topicRefuses;
    const bool done = m_inside.empty() && m_marks.empty() && m_revivals.empty() && nothingToSend;
    return done || m_hurry.cancelled() || now >= *m_finishUntil;
}

milliseconds DeadCopyLoop::patience() const {
    if (m_producer || m_finishUntil) {
        return milliseconds{0}; // step() waits for the producer's events
    }
    return m_mayBeMore || !m_marks.empty() || !m_revivals.empty() || m_countDue ? kEventPatience : kIdlePatience;
}

void DeadCopyLoop::step() {
    const SteadyTime now = m_parts.clock->steadyNow();
    if (m_producer) {
        kafka::ProducerEvents events;
        m_producer->poll(events, kEventPatience);
        onEvents(events);
    }
    if (m_producerFatal) {
        dropProducer();
    }
    if (m_marks.step(now)) {
        ++m_view.revision;
        m_mayBeMore = true;
        m_countDue = true;
    }
    revive();
    feed(now);
    count(now);
}

bool DeadCopyLoop::haveProducer(SteadyTime now) {
    if (m_producer) {
        return true;
    }
    auto made = m_parts.makeProducer();
    if (!made) {
        m_view.lastError = made.error().text();
        m_view.lastErrorAt = m_parts.clock->utcNow();
        m_pauseUntil = now + kNoProducerPause;
        return false;
    }
    m_producer = std::move(*made);
    return true;
}

bool DeadCopyLoop::mayFeed(SteadyTime now) {
    if (now < m_pauseUntil || m_marks.size() >= kMarksUnderWay) {
        return false;
    }
    if (!m_mayBeMore && m_suspects.empty() && !m_topicRefuses) {
        return false;
    }
    return true;
}

void DeadCopyLoop::feed(SteadyTime now) {
    if (!mayFeed(now)) {
        return;
    }
    if (m_topicRefuses && now < m_nextProbe && m_metadataError == 0) {
        return;
    }
    if (!m_producer) {
        const auto pending = m_reader->pendingCopies(1); // no connection before there is something to copy
        if ((!pending || pending->empty()) && !m_topicRefuses) {
            m_mayBeMore = !pending;
            return;
        }
    }
    if (!haveProducer(now)) {
        return;
    }
    if (m_partitions == 0) {
        refuseByTopic(now);
        return;
    }
    if (m_topicRefuses) {
        probe(now);
    } else if (!m_suspects.empty()) {
        sendSuspect();
    } else {
        sendPending(now);
    }
}

void DeadCopyLoop::sendPending(SteadyTime) {
    const std::size_t window = m_pausesMade > 0 ? 1 : DeadCopier::kWindowCopies;
    if (m_inside.size() >= window) {
        return;
    }
    const auto pending = m_reader->pendingCopies(kReadAtOnce);
    if (!pending) {
        note(observe::LogLevel::Warning, "Pending copies cannot be read: " + pending.error().text());
        return;
    }
    for (const DeadLetterId id : *pending) {
        if (busy(id)) {
            continue;
        }
        const bool room =
            m_inside.size() < window && m_insideBytes < DeadCopier::kWindowBytes && m_marks.size() < kMarksUnderWay;
        if (!room || m_topicRefuses || m_producerFatal || send(id, false) == Sent::NoRoom) {
            return;
        }
    }
    m_mayBeMore = pending->size() == kReadAtOnce;
}

void DeadCopyLoop::sendSuspect() {
    if (!m_inside.empty()) {
        return;
    }
    const DeadLetterId id = m_suspects.front();
    if (send(id, true) != Sent::NoRoom) {
        m_suspects.pop_front();
    }
}

/// The topic refuses: one letter is tried now and then, to see whether it still does.
void DeadCopyLoop::probe(SteadyTime now) {
    if (now < m_nextProbe || !m_inside.empty() || !m_marks.empty()) {
        return;
    }
    m_nextProbe = now + m_probes.delayAfter(++m_probesMade, chance());
    const auto pending = m_reader->pendingCopies(1);
    if (pending && !pending->empty()) {
        send(pending->front(), true);
        return;
    }
    const auto some = m_reader->refusedCopies(DeadLetterId{0}, kReadAtOnce);
    const auto byTopic = !some ? std::vector<store::RefusedCopy>::const_iterator{}
                               : std::ranges::find_if(*some, [](const auto& one) { return !isOwnRefusal(one.code); });
    if (some && byTopic != some->end()) {
        send(byTopic->id, true);
    } else if (some) {
        m_topicRefuses = false; // nobody waits for it any more
    }
}

DeadCopyLoop::Sent DeadCopyLoop::send(DeadLetterId id, bool alone) {
    auto letter = m_reader->deadLetter(id);
    if (!letter) {
        return Sent::Settled; // gone; or unreadable, then it stays pending
    }
    auto json = deadLetterRecordOf(*letter);
    if (!json) {
        refused(id, "RECORD", json.error().text());
        return Sent::Settled;
    }
    auto copy = std::make_unique<DeadCopy>();
    copy->id = id;
    copy->key = letter->traceId;
    copy->value = std::move(*json);
    copy->traceparent = letter->message.traceparent;
    copy->tracestate = letter->message.tracestate;
    copy->alone = alone;
    kafka::Record record;
    record.key = copy->key;
    record.value = asBytes(std::string_view(copy->value));
    record.partition = m_producer->partitionFor(copy->key, m_partitions);
    record.traceparent = copy->traceparent;
    record.tracestate = copy->tracestate;
    record.token = copy.get();
    const kafka::SendResult result = m_producer->send(record);
    if (result.status == kafka::SendStatus::Full) {
        return Sent::NoRoom;
    }
    m_view.retries += m_failedBefore.contains(id) ? 1 : 0;
    if (result.status == kafka::SendStatus::Failed) {
        copy->alone = true; // refused on its own, before any batch
        failed(*copy, result.errorCode, kafka::Persistence::NotPersisted);
        return Sent::Settled;
    }
    m_insideBytes += copy->value.size();
    m_inside.emplace(id, std::move(copy));
    return Sent::Yes;
}

void DeadCopyLoop::revive() {
    if (m_revivals.empty() || m_marks.size() >= kMarksUnderWay) {
        return;
    }
    Revival& pass = m_revivals.front();
    const auto page = m_reader->refusedCopies(pass.after, kRevivedAtOnce);
    if (!page) {
        note(observe::LogLevel::Warning, "Refused copies cannot be read: " + page.error().text());
        m_revivals.pop_front();
        return;
    }
    for (const store::RefusedCopy& one : *page) {
        pass.after = one.id;
        if (!busy(one.id) && (pass.ownRefusals || !isOwnRefusal(one.code))) {
            m_failedBefore.insert(one.id);
            mark(one.id, store::CopyState::Pending);
        }
    }
    if (page->size() < kRevivedAtOnce) {
        m_revivals.pop_front();
    }
}

void DeadCopyLoop::count(SteadyTime now) {
    if (!m_countDue || now < m_nextCount) {
        return;
    }
    m_nextCount = now + kCountEvery;
    const auto counts = m_reader->copyCounts();
    if (!counts) {
        return;
    }
    m_countDue = m_mayBeMore || !m_inside.empty() || !m_marks.empty();
    m_view.pending = static_cast<std::uint64_t>(counts->pending);
    m_view.refused = static_cast<std::uint64_t>(counts->refused);
    m_view.lastRefusal = counts->lastRefusal;
    m_oldestPending = counts->oldestPending;
}

DeadCopiesView DeadCopyLoop::view() const {
    DeadCopiesView view = m_view;
    if (m_oldestPending) {
        const auto age = m_parts.clock->utcNow() - std::max(*m_oldestPending, m_startedAt);
        view.oldestPending = std::max(std::chrono::duration_cast<milliseconds>(age), milliseconds{0});
    }
    return view;
}

void DeadCopyLoop::note(observe::LogLevel level, const std::string& text) {
    if (m_parts.logger != nullptr) {
        m_parts.logger->log(level, "dead-letters", text);
    }
}

} // namespace dashstream::engine
