// What one limiter decision costs for a batch of 64 messages of a tenant while 10 000 tenants are held, beside one
// steady_clock::now(). The tenants come in random order, so that the caches help as little as they do in real traffic.
// Target: at most 3, and not one allocation.
#include "core/flow/rate_limiter.h"
#include "tests/bench/bench_report.h"

#include <chrono>
#include <new>
#include <random>
#include <string>
#include <vector>

namespace {
std::size_t g_allocations = 0; // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)
} // namespace

// Counts what the decisions allocate: nothing is allowed.
void* operator new(std::size_t size) {
    ++g_allocations;
    if (void* memory = std::malloc(size == 0 ? 1 : size)) {
        return memory;
    }
    throw std::bad_alloc();
}
void operator delete(void* memory) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}

namespace {

using namespace dashstream;
using Clock = std::chrono::steady_clock;

constexpr std::uint64_t kBatch = 64;

double nanosSince(Clock::time_point begin, std::size_t calls) {
    return std::chrono::duration<double, std::nano>(Clock::now() - begin).count() / static_cast<double>(calls);
}

struct Rig {
    Rig() : limiter(flow::RateLimits(flow::RateLimit{1e6, 1e6})) {
        for (std::size_t i = 0; i < flow::RateLimiter::kMaxTenants; ++i) {
            names.push_back("tenant-" + std::to_string(i));
            (void)limiter.take(names.back(), 1, SteadyTime{std::chrono::hours(1)});
        }
        std::mt19937 random(1); // NOLINT(cert-msc51-cpp): the same order every time
        for (std::size_t i = 0; i < 1U << 16U; ++i) {
            order.push_back(static_cast<std::uint32_t>(random() % names.size()));
        }
    }
    flow::RateLimiter limiter;
    std::vector<std::string> names;
    std::vector<std::uint32_t> order;
};

double decide(Rig& rig, std::size_t calls, SteadyTime now, std::uint64_t& granted) {
    const auto begin = Clock::now();
    for (std::size_t i = 0; i < calls; ++i) {
        now += std::chrono::microseconds(1);
        granted += rig.limiter.take(rig.names[rig.order[i & 0xFFFFU]], kBatch, now).granted;
    }
    return nanosSince(begin, calls);
}

double readClock(std::size_t calls) {
    const auto begin = Clock::now();
    auto latest = begin;
    for (std::size_t i = 0; i < calls; ++i) {
        latest = std::max(latest, Clock::now());
    }
    return latest < begin ? 0 : nanosSince(begin, calls);
}

} // namespace

int main(int argc, char** argv) {
    const bench::Options options = bench::parse(argc, argv, {9, 2'000'000, 100'000});
    bench::printMachine("limiter_bench: one decision for " + std::to_string(kBatch) + " messages of a tenant, " +
                        std::to_string(flow::RateLimiter::kMaxTenants) + " tenants held, nanoseconds");
    Rig rig;
    bench::Ratios ratios("decision", "steady_clock::now()");
    std::uint64_t granted = 0;
    const std::size_t before = g_allocations;
    std::size_t made = 0;
    SteadyTime now{std::chrono::hours(1)};
    for (int run = 0; run < options.runs; ++run) {
        now += std::chrono::seconds(10);
        const std::size_t then = g_allocations;
        const double decision = decide(rig, options.size, now, granted);
        made += g_allocations - then;
        ratios.add(decision, readClock(options.size));
    }
    std::printf("allocations of all decisions: %zu (must be 0); before them: %zu; granted %llu messages\n", made,
                before, static_cast<unsigned long long>(granted));
    ratios.print("limiter_decision_vs_clock", "target: at most 3");
    return made == 0 && rig.limiter.tenants() == flow::RateLimiter::kMaxTenants ? 0 : 1;
}
