// What every benchmark shares: its few options, a line about the machine, and ratios against a baseline measured in the
// same run. A time alone proves nothing on a shared machine.
#pragma once

#include <sys/utsname.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

namespace dashstream::bench {

struct Options {
    int runs = 5;
    std::size_t size = 0;
    std::size_t smokeSize = 0;
};

/// --runs N, --size N, --smoke (one short run, only to see that it works).
inline Options parse(int argc, char** argv, Options options) {
    for (int i = 1; i < argc; ++i) {
        if (std::strcmp(argv[i], "--smoke") == 0) {
            options.runs = 1;
            options.size = options.smokeSize;
        } else if (std::strcmp(argv[i], "--runs") == 0 && i + 1 < argc) {
            options.runs = std::max(1, std::atoi(argv[++i]));
        } else if (std::strcmp(argv[i], "--size") == 0 && i + 1 < argc) {
            options.size = static_cast<std::size_t>(std::atoll(argv[++i]));
        } else {
            std::fprintf(stderr, "usage: %s [--runs N] [--size N] [--smoke]\n", argv[0]);
            std::exit(2);
        }
    }
    return options;
}

inline double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    const std::size_t middle = values.size() / 2;
    return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

inline void printMachine(const std::string& what) {
    utsname system{};
    uname(&system);
    std::printf("%s\n%u cores, %s %s %s, compiler %s\n", what.c_str(), std::thread::hardware_concurrency(),
                system.sysname, system.release, system.machine, __VERSION__);
#ifndef NDEBUG
    std::printf("NOTE: built with assertions; figures of a release build count\n");
#endif
}

/// Pairs of candidate and baseline, measured one after the other.
class Ratios {
public:
    Ratios(std::string candidate, std::string baseline)
        : m_candidate(std::move(candidate)), m_baseline(std::move(baseline)) {}

    void add(double candidate, double baseline) {
        m_candidates.push_back(candidate);
        m_baselines.push_back(baseline);
        m_ratios.push_back(candidate / baseline);
        std::printf("  run %zu: %s %.4g, %s %.4g, ratio %.3f\n", m_ratios.size(), m_candidate.c_str(), candidate,
                    m_baseline.c_str(), baseline, m_ratios.back());
        std::fflush(stdout);
    }
    /// The last line: `name <median ratio> (target)`.
    void print(const std::string& name, const std::string& target) const {
        const auto [low, high] = std::minmax_element(m_ratios.begin(), m_ratios.end());
        std::printf("median of %zu: %s %.4g, %s %.4g, ratio %.3f … %.3f\n", m_ratios.size(), m_candidate.c_str(),
                    median(m_candidates), m_baseline.c_str(), median(m_baselines), *low, *high);
        std::printf("%s %.3f (%s)\n", name.c_str(), median(m_ratios), target.c_str());
    }

private:
    std::string m_candidate, m_baseline;
    std::vector<double> m_candidates, m_baselines, m_ratios;
};

} // namespace dashstream::bench
