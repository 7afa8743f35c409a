// The next number of a thread, with a million threads in memory, against a lookup of the same keys in an unordered_map;
// and the same when only some of a million known threads are held and the traffic touches those.
#include "core/engine/thread_table.h"
#include "tests/bench/bench_report.h"

#include <chrono>
#include <random>
#include <unordered_map>

namespace {

using namespace dashstream;
using Clock = std::chrono::steady_clock;

std::vector<std::string> namesOf(std::size_t count) {
    std::vector<std::string> names;
    names.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        names.push_back("thread-" + std::to_string(i * 7919 % 10'000'019));
    }
    return names;
}

/// The order in which messages come: at random, each thread as often as any other.
std::vector<const std::string*> trafficOf(const std::vector<std::string>& names, std::size_t count,
                                          std::uint64_t seed) {
    std::mt19937_64 random(seed);
    std::vector<const std::string*> traffic;
    traffic.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        traffic.push_back(&names[random() % names.size()]);
    }
    return traffic;
}

std::uint64_t next(engine::ThreadTable& table, const std::string& name) {
    engine::ThreadState& thread = table.use(name);
    if (thread.numbers.available() == 0) {
        thread.numbers.reserved(thread.numbers.nextReservation());
    }
    return thread.numbers.take().value;
}

template <typename Work>
double nanosecondsEach(const std::vector<const std::string*>& traffic, Work work) {
    std::uint64_t sum = 0;
    const auto begin = Clock::now();
    for (const std::string* name : traffic) {
        sum += work(*name);
    }
    const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    if (sum == 0) {
        std::fprintf(stderr, "sequence_bench: nothing was numbered\n");
        std::exit(1);
    }
    return seconds * 1e9 / static_cast<double>(traffic.size());
}

/// Lets the idle ones leave until `held` are in memory, as the engine does.
void evict(engine::ThreadTable& table) {
    for (auto leaving = table.evictable(10'000); !leaving.empty(); leaving = table.evictable(10'000)) {
        for (engine::ThreadState* thread : leaving) {
            table.leave(*thread);
        }
    }
}

} // namespace

int main(int argc, char** argv) {
    const bench::Options options = bench::parse(argc, argv, {.runs = 5, .size = 1'000'000, .smokeSize = 10'000});
    bench::printMachine("sequences: next number of a thread");
    const std::size_t all = options.size;
    const std::size_t held = all / 10;
    const std::vector<std::string> names = namesOf(all);
    const std::vector<std::string> some(names.end() - static_cast<std::ptrdiff_t>(held), names.end());

    engine::ThreadTable whole(all);
    std::unordered_map<std::string, std::uint64_t> map;
    engine::ThreadTable part(held);  // a million were known, a tenth is held
    engine::ThreadTable alone(held); // no more than that tenth was ever known
    for (const std::string& name : names) {
        next(whole, name);
        map.emplace(name, 1);
        next(part, name);
        if (part.farOverLimit()) {
            evict(part);
        }
    }
    evict(part);
    for (const std::string& name : some) {
        next(alone, name);
    }
    std::printf("%zu threads, of which the table of %zu holds %zu\n", all, held, part.size());

    bench::Ratios full("next ns", "unordered_map ns");
    bench::Ratios flat("next of some ns", "next of only those ns");
    for (int run = 0; run < options.runs; ++run) {
        const auto traffic = trafficOf(names, all, static_cast<std::uint64_t>(run) + 1);
        const auto local = trafficOf(some, all, static_cast<std::uint64_t>(run) + 100);
        const double ours = nanosecondsEach(traffic, [&](const std::string& name) { return next(whole, name); });
        full.add(ours, nanosecondsEach(traffic, [&](const std::string& name) { return map.find(name)->second; }));
        const double ofSome = nanosecondsEach(local, [&](const std::string& name) { return next(part, name); });
        flat.add(ofSome, nanosecondsEach(local, [&](const std::string& name) { return next(alone, name); }));
    }
    flat.print("sequence_held_of_many_ratio", "of the same traffic where no others were ever known; target about 1");
    full.print("sequence_next_ratio", "of an unordered_map lookup of the same keys; target <= 3");
    return 0;
}
