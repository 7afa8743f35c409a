#include "tests/simulation/life.h"

#include "tests/simulation/trace.h"

#include <algorithm>

namespace dashstream::simulation {

namespace {
constexpr std::size_t kBatchMessages = 6;
} // namespace

SimGround::SimGround() {
    auto store = store::Store::open(m_folder.data());
    if (store) {
        (*store)->close();
    }
    m_fresh = disk.image();
}

Life::Life(SimGround& ground, std::uint64_t seed, Kind kind, Plant plant)
    : m_ground(ground), m_random(seed), m_disks(ground.disk), m_plants(plant), m_mayGrow(kind == Kind::Growing) {
    m_ground.clean();
    choose(kind);
    if (seed % 4 == 0) { // then batches are accepted in parts
        m_config.rate.limitPerSecond = static_cast<double>(100 + seed % 700);
        m_config.rate.burst = static_cast<double>(1 + seed % 13);
    }
}

void Life::choose(Kind kind) {
    m_config.kafka.topic = "events";
    m_config.message.compression = config::MessageCompression::Off;
    m_config.delivery.mode = oneIn(2) ? config::DeliveryMode::Bounded : config::DeliveryMode::UntilDelivered;
    m_config.delivery.ordering = oneIn(5) ? config::Ordering::Relaxed : config::Ordering::Strict;
    const bool memory = kind == Kind::Memory || (kind == Kind::Growing && oneIn(3));
    m_config.delivery.durability = memory ? config::Durability::Memory : config::Durability::Journal;
    m_config.delivery.sendTimeout = milliseconds(500) + upTo(1'500);
    m_config.delivery.stall = milliseconds(200) + upTo(3'000);
    m_config.delivery.verifySettle = milliseconds(3'000);
    m_config.retry = {1 + static_cast<int>(m_random() % 5), milliseconds(20), milliseconds(400)};
    m_config.sequences.maxInMemory = oneIn(3) ? 2 : 100;
    m_producer.linger = upTo(8);
    m_producer.batchMessages = 1 + m_random() % 12;
    m_producer.queueMessages = oneIn(3) ? 10 : 1'000;
    m_threads = 1 + m_random() % 6;
    m_mayRefuse = oneIn(4);
    m_diskFails = oneIn(2);
    m_story.strict = m_config.delivery.ordering == config::Ordering::Strict;
    m_story.journal = m_config.delivery.durability == config::Durability::Journal;
    m_story.orderMayBreak = m_mayRefuse;
    m_mayRead = !oneIn(12);
    m_story.mayRead = m_mayRead;
    m_story.bounded = m_config.delivery.mode == config::DeliveryMode::Bounded;
    m_cluster.emplace(m_random(), m_clock, static_cast<std::int32_t>(1 + m_random() % 3));
    m_cluster->allowReading(m_mayRead);
}

std::string Life::described() const {
    const bool bounded = m_config.delivery.mode == config::DeliveryMode::Bounded;
    return std::string(bounded ? "bounded" : "until delivered") + (m_story.strict ? ", strict" : ", relaxed") +
           (m_story.journal ? ", journal, " : ", memory, ") + std::to_string(m_threads) + " threads, " +
           std::to_string(m_cluster->partitions()) + " partitions" + (m_mayRefuse ? ", refusals" : "") +
           (m_mayGrow ? ", growing" : "") + (m_config.rate.limitPerSecond ? ", limited" : "") +
           (m_diskFails ? ", failing disk" : "") + (m_mayRead ? "" : ", unreadable topic");
}

void Life::wrong(const std::string& what) {
    if (m_plants.plant() != Plant::None) {
        return; // the topic alone must show a planted mistake
    }
    m_story.wrong.push_back("life " + std::to_string(m_story.lives.size()) + ", step " +
                            std::to_string(m_counts.steps) + ": " + what);
}

/// False: the disk does not let it begin.
bool Life::begin() {
    const SimWorld world{m_config, m_clock,           *m_cluster,
                         m_disks,  m_ground.folder(), m_producer,
                         m_stored, m_plants,          [this](const std::string& what) { wrong(what); }};
    auto engine = SimEngine::start(world, m_random());
    if (!engine) {
        if (!m_diskFails || m_calm) {
            wrong("it does not start: " + engine.error().text());
        }
        m_disks.restart(oneIn(2), m_random);
        return false;
    }
    m_engine = std::move(*engine);
    m_sources.resize(std::min<std::size_t>(m_threads, 2));
    for (std::size_t i = 0; i < m_sources.size(); ++i) {
        goOn(i);
    }
    m_story.lives.emplace_back();
    if (tracing()) {
        trace("life " + std::to_string(m_story.lives.size()) + " begins, carried in are " +
              std::to_string(m_engine->books().carriedIn));
    }
    return true;
}

void Life::goOn(std::size_t index) {
    Source& source = m_sources[index];
    const SimEngine::SimSource made = m_engine->addSource("simulated:" + std::to_string(index));
    const auto accepted = [this](std::uint64_t number) { return m_story.offered[number].accepted; };
    const auto count = static_cast<std::uint64_t>(std::ranges::count_if(source.messages, accepted));
    if (m_story.journal && (made.goesOnAt < count || made.goesOnAt > source.messages.size())) {
        wrong("source " + std::to_string(index) + " goes on at " + std::to_string(made.goesOnAt) + ", accepted were " +
              std::to_string(count) + " of " + std::to_string(source.messages.size()));
    }
    // Without a journal a source repeats what was not settled; here it goes on with new messages instead.
    source.begin = m_story.journal ? std::min(made.goesOnAt, source.messages.size()) : source.messages.size();
    source.next = source.begin;
    source.told = 0;
    source.batch.reset();
    source.ledger = made.ledger;
}

Verdict Life::live() {
    const std::uint64_t lives = 1 + m_random() % 4;
    for (std::uint64_t life = 0; life < lives && m_story.wrong.empty(); ++life) {
        for (int tries = 0; !begin() && tries < 20 && m_story.wrong.empty(); ++tries) {
        }
        if (m_diskFails && oneIn(3)) {
            m_disks.cutStoreAfter(m_random() % 200);
        }
        for (std::uint64_t steps = 20 + m_random() % 200; steps > 0 && m_engine && m_story.wrong.empty(); --steps) {
            step();
        }
        if (m_engine && oneIn(2)) {
            crash();
        } else if (m_engine) {
            closeInOrder(static_cast<int>(m_random() % 100));
        }
    }
    if (m_story.wrong.empty()) {
        calmDown();
    }
    if (!m_story.wrong.empty()) {
        return {m_story.wrong, 0, 0, 0, 0};
    }
    return judge(m_story, *m_cluster);
}

void Life::step() {
    ++m_counts.steps;
    passTime();
    if (tracing()) {
        trace("step " + std::to_string(m_counts.steps));
    }
    if (!m_calm && oneIn(14)) {
        fault();
    }
    if (!m_calm && oneIn(60)) {
        command();
    }
    if (!m_calm && oneIn(3)) {
        offerSome();
    }
    const bool lived = m_engine->turn();
    noteAccepted();
    if (!lived) {
        crash();
        return;
    }
    check();
}

void Life::passTime() {
    switch (m_random() % 20) {
    case 0:
        m_clock.advance(upTo(1'000));
        break;
    case 1:
        m_clock.moveTo(m_engine->pipeline().nextStep());
        break;
    case 2:
    case 3:
    case 4:
    case 5:
        m_clock.advance(upTo(40));
        break;
    default:
        m_clock.advance(upTo(4));
    }
}

void Life::fault() {
    ++m_counts.faults;
    switch (m_random() % 8) {
    case 0:
        diskFault();
        break;
    case 1:
        clockFault();
        break;
    default:
        brokerFault();
    }
}

void Life::brokerFault() {
    if (tracing()) {
        trace("brokers fail");
    }
    const auto partition = static_cast<std::int32_t>(m_random() % static_cast<std::uint64_t>(m_cluster->partitions()));
    switch (m_random() % 10) {
    case 0:
    case 1:
        m_cluster->cut(partition, milliseconds(2'000));
        break;
    case 2:
        m_cluster->moveLeader(partition, upTo(500));
        break;
    case 3:
        m_cluster->goDown(partition, upTo(oneIn(4) ? 15'000 : 1'500));
        break;
    case 4:
        m_cluster->holdFollowers(partition, upTo(3'000));
        break;
    case 5:
        m_cluster->killInstance(oneIn(2) ? 45 : 47); // OUT_OF_ORDER_SEQUENCE_NUMBER, INVALID_PRODUCER_EPOCH
        break;
    case 6:
        if (m_mayRefuse) {
            m_cluster->refuseTopic(oneIn(2) ? 29 : 3, upTo(3'000)); // TOPIC_AUTHORIZATION_FAILED, UNKNOWN_TOPIC_OR_PART
        }
        break;
    case 7:
        if (m_mayRefuse) {
            m_cluster->limitBatches(oneIn(2) ? std::optional<std::size_t>() : std::optional<std::size_t>(1'200));
        }
        break;
    case 8:
        if (m_mayGrow && m_cluster->partitions() < 6) {
            m_cluster->grow(m_cluster->partitions() + 1);
            if (tracing()) {
                trace("partitions are now " + std::to_string(m_cluster->partitions()));
            }
        }
        break;
    default:
        for (std::int32_t one = 0; one < m_cluster->partitions(); ++one) {
            m_cluster->goDown(one, upTo(2'000));
        }
    }
}

void Life::diskFault() {
    if (!m_diskFails) {
        return;
    }
    switch (m_random() % 5) {
    case 0:
        m_disks.cutStoreAfter(m_random() % 20);
        break;
    case 1:
        m_disks.cutJournalAfter(m_random() % 12);
        break;
    case 2:
        m_disks.failStore(m_random() % 6, oneIn(2), 1 + static_cast<int>(m_random() % 4));
        break;
    case 3:
        m_disks.failJournal(m_random() % 6, oneIn(2));
        break;
    default:
        m_disks.heal();
    }
}

/// Somebody sets the clock, or the machine was asleep.
void Life::clockFault() {
    const auto hours = static_cast<std::int64_t>(m_random() % 5) - 2;
    if (oneIn(2)) {
        m_clock.jump(std::chrono::hours(hours) + upTo(1'000));
    } else {
        m_clock.advance(upTo(oneIn(2) ? 60'000 : 3'600'000));
    }
}

void Life::command() {
    engine::Settlement& settlement = m_engine->pipeline().settlement();
    std::size_t count = 0;
    if (oneIn(2)) {
        count = settlement.retryNow({});
    } else if (oneIn(2)) {
        count = settlement.giveUp({}, "operator");
        m_story.givenUp = m_story.givenUp || count > 0;
    }
    if (tracing()) {
        trace("operator's word for " + std::to_string(count));
    }
}

std::uint64_t Life::makeMessage(std::size_t index) {
    Offered offered;
    const std::size_t ofSource = (m_threads - index + m_sources.size() - 1) / m_sources.size();
    offered.thread = "thread-" + std::to_string(index + m_sources.size() * (m_random() % ofSource));
    offered.bodyBytes = oneIn(30) ? 1'500 : 20 + m_random() % 300;
    m_story.offered.push_back(std::move(offered));
    ++m_counts.offered;
    return m_story.offered.size() - 1;
}

source::SourceBatch Life::read(std::size_t index) {
    Source& source = m_sources[index];
    source::SourceBatch batch;
    batch.arena = std::make_unique<google::protobuf::Arena>();
    for (std::uint64_t count = 1 + m_random() % kBatchMessages; count > 0; --count) {
        if (source.next == source.messages.size()) {
            source.messages.push_back(makeMessage(index));
        }
        const std::uint64_t number = source.messages[source.next++];
        const Offered& offered = m_story.offered[number];
        auto* message = google::protobuf::Arena::CreateMessage<wire::v1::DashStreamMessage>(batch.arena.get());
        wire::v1::Header& header = *message->mutable_event()->mutable_header();
        header.set_thread_id(offered.thread);
        header.set_message_id(std::string(idOfNumber(number).raw()));
        message->mutable_event()->set_node_id(bodyOf(number, offered.bodyBytes));
        source::SourceMessage from;
        from.message = message;
        from.position = source.next;
        from.endByte = source.next;
        batch.messages.push_back(std::move(from));
    }
    batch.place = source::SourcePlace{source.next, source.next, {}};
    return batch;
}

void Life::offerSome() {
    const std::size_t index = m_random() % m_sources.size();
    Source& source = m_sources[index];
    if (!source.batch) {
        source.batch = read(index);
    }
    if (m_engine->takes(*source.ledger)) {
        m_engine->offer(source.ledger, std::move(*source.batch));
        source.batch.reset();
    }
}

/// A source is told of its messages in their order; nothing of what is offered here is refused before the end.
void Life::noteAccepted() {
    for (Source& source : m_sources) {
        for (; source.told < source.ledger->accepted; ++source.told) {
            Offered& offered = m_story.offered[source.messages[source.begin + source.told]];
            if (offered.accepted) {
                wrong("a message is accepted twice");
            }
            offered.accepted = true;
            offered.life = static_cast<int>(m_story.lives.size()) - 1;
            ++m_counts.accepted;
        }
    }
}

void Life::noteEngine() {
    const engine::Accounting& books = m_engine->books();
    LifeEnd& end = m_story.lives.back();
    end.accepted = books.accepted;
    end.duplicatesPossible = books.duplicatesPossible;
    end.duplicatesAvoided = books.duplicatesAvoided;
    end.reordersPossible = books.reordersPossible;
    end.findingsOut = m_engine->inquiries();
}

void Life::check() {
    if (std::string bad = m_engine->imbalance(); !bad.empty()) {
        wrong(bad);
    }
    std::uint64_t told = 0;
    for (const Source& source : m_sources) {
        told += source.told;
    }
    if (m_engine->books().accepted != told) {
        wrong(std::to_string(m_engine->books().accepted) + " are booked as accepted, sources were told of " +
              std::to_string(told));
    }
}

} // namespace dashstream::simulation
