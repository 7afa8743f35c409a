// Makes telemetry at a rate, or as fast as it is taken. Everything but ids and times repeats with the seed.
#pragma once

#include "core/base/clock.h"
#include "core/source/generator_settings.h"
#include "core/source/source.h"
#include "core/source/telemetry_maker.h"

#include <cstdint>
#include <string>

namespace dashstream::source {

class GeneratorSource final : public Source {
public:
    /// `clock` must outlive it; null: the system's.
    GeneratorSource(std::string spec, GeneratorSettings settings, const Clock* clock = nullptr);

    [[nodiscard]] Result<SourceBatch> read(std::size_t maxMessages, const CancelToken& cancel) override;
    [[nodiscard]] std::string spec() const override { return m_spec; }
    [[nodiscard]] Progress progress() const override { return {}; }

private:
    [[nodiscard]] std::uint64_t due();
    [[nodiscard]] std::uint64_t waitForDue(const CancelToken& cancel);

    std::string m_spec;
    GeneratorSettings m_settings;
    SystemClock m_systemClock;
    const Clock* m_clock;
    TelemetryMaker m_maker;
    std::uint64_t m_made = 0;
    bool m_started = false;
    SteadyTime m_origin{};           ///< when the first message of the current stretch was due
    std::uint64_t m_stretchMade = 0; ///< since m_origin
};

} // namespace dashstream::source
