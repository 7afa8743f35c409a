#include "core/source/generator_source.h"

#include "core/source/source_batch.h"

#include <algorithm>
#include <thread>
#include <utility>

namespace dashstream::source {

namespace {

using std::chrono::duration;
using std::chrono::duration_cast;

constexpr milliseconds kTick{2};            ///< shortest wait: at high rates a batch is what came due meanwhile
constexpr milliseconds kLongestSleep{20};   ///< so that a cancel is seen
constexpr duration<double> kLongestDebt{1}; ///< whoever was held back longer does not catch up in a burst

} // namespace

GeneratorSource::GeneratorSource(std::string spec, GeneratorSettings settings, const Clock* clock)
    : m_spec(std::move(spec)), m_settings(std::move(settings)), m_clock(clock != nullptr ? clock : &m_systemClock),
      m_maker(m_settings) {}

// How many messages should have been made by now and are not.
std::uint64_t GeneratorSource::due() {
    const SteadyTime now = m_clock->steadyNow();
    if (!m_started) {
        m_started = true;
        m_origin = now;
    }
    const auto debt = [&] {
        return duration<double>(now - m_origin).count() * m_settings.rate + 1 - static_cast<double>(m_stretchMade);
    };
    if (debt() > m_settings.rate * kLongestDebt.count() + 1) {
        m_origin = now - duration_cast<SteadyTime::duration>(kLongestDebt);
        m_stretchMade = 0;
    }
    return debt() < 1 ? 0 : static_cast<std::uint64_t>(debt());
}

std::uint64_t GeneratorSource::waitForDue(const CancelToken& cancel) {
    const SteadyTime patienceEnds = m_clock->steadyNow() + kSourcePatience;
    while (!cancel.cancelled()) {
        const std::uint64_t ready = due();
        if (ready > 0) {
            return ready;
        }
        const SteadyTime now = m_clock->steadyNow();
        if (now >= patienceEnds) {
            return 0;
        }
        const auto next = m_origin + duration_cast<SteadyTime::duration>(
                                         duration<double>(static_cast<double>(m_stretchMade) / m_settings.rate));
        const auto pause = std::clamp<SteadyTime::duration>(next - now, kTick, kLongestSleep);
        std::this_thread::sleep_for(pause);
    }
    return 0;
}

Result<SourceBatch> GeneratorSource::read(std::size_t maxMessages, const CancelToken& cancel) {
    std::uint64_t wanted = maxMessages;
    if (m_settings.rate > 0) {
        wanted = std::min(wanted, waitForDue(cancel));
    }
    if (m_settings.count > 0) {
        wanted = std::min(wanted, m_settings.count - m_made);
    }
    SourceBatch batch = makeBatch(wanted);
    const UtcTime now = m_clock->utcNow();
    const std::size_t perMessage = m_settings.bytes.value_or(0) + 256;
    for (std::uint64_t index = 0; index < wanted && !cancel.cancelled(); ++index) {
        if (index * perMessage > kBatchInputBytes) {
            break;
        }
        SourceMessage& made = batch.messages.emplace_back();
        made.message = google::protobuf::Arena::CreateMessage<wire::v1::DashStreamMessage>(batch.arena.get());
        made.trace = m_maker.make(now, *made.message);
        made.position = ++m_made;
        ++m_stretchMade;
    }
    batch.ended = m_settings.count > 0 && m_made >= m_settings.count;
    return batch;
}

} // namespace dashstream::source
