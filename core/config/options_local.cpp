#include "core/config/option_groups.h"

namespace dashstream::config {

namespace {

constexpr double kDayMs = 86'400'000;
constexpr double kKiB = 1'024;
constexpr double kMiB = kKiB * kKiB;
constexpr double kTiB = kMiB * kMiB;

void addStoreOptions(std::vector<OptionSpec>& table) {
    table.push_back(
        {.key = "sequences.max_in_memory",
         .kind = Kind::Count,
         .access = access<&Config::sequences, &SequenceSettings::maxInMemory>(),
         .help = "Threads whose number is held in memory; the least recently used leave first, to the store",
         .rule = "DashStream defaults",
         .unit = "threads",
         .limits = {.min = 1, .max = 10'000'000}});
    table.push_back({.key = "store.max_bytes",
                     .kind = Kind::Bytes,
                     .access = access<&Config::store, &StoreSettings::maxBytes>(),
                     .help = "Size of the store at which the sources are stopped",
                     .rule = "console",
                     .unit = "bytes",
                     .limits = {.min = 16 * kMiB, .max = 1024 * kTiB}});
    table.push_back({.key = "store.min_free_bytes",
                     .kind = Kind::Bytes,
                     .access = access<&Config::store, &StoreSettings::minFreeBytes>(),
                     .help = "Free space on the store's disk below which the sources are stopped",
                     .rule = "console",
                     .unit = "bytes",
                     .limits = {.min = 0, .max = 1024 * kTiB}});
}

} // namespace

void addLocalOptions(std::vector<OptionSpec>& table) {
    table.push_back({.key = "dlq.enabled",
                     .kind = Kind::Boolean,
                     .access = access<&Config::dlq, &DlqSettings::enabled>(),
                     .help = "Copy dead letters to a topic as well; the store keeps them in any case",
                     .rule = "DashStream defaults"});
    table.push_back({.key = "dlq.topic",
                     .access = access<&Config::dlq, &DlqSettings::topic>(),
                     .help = "Topic of those copies",
                     .rule = "DashStream defaults; Kafka's rules for topic names"});
    table.push_back({.key = "dlq.timeout_ms",
                     .kind = Kind::Duration,
                     .access = access<&Config::dlq, &DlqSettings::timeout>(),
                     .help = "How long one copy may take before it is tried again later",
                     .rule = "DashStream defaults",
                     .unit = "ms",
                     .limits = {.min = 1, .max = kDayMs}});
    addStoreOptions(table);
    table.push_back({.key = "metrics.listen",
                     .access = access<&Config::metricsListen>(),
                     .help = "host:port that serves metrics for Prometheus; a port alone: 127.0.0.1; empty: off",
                     .rule = "console",
                     .applies = Applies::Live});
    table.push_back({.key = "health.listen",
                     .access = access<&Config::healthListen>(),
                     .help = "host:port that answers health checks; a port alone: 127.0.0.1; empty: off",
                     .rule = "console",
                     .applies = Applies::Live});
    table.push_back({.key = "log.level",
                     .kind = Kind::Choice,
                     .access = access<&Config::log, &LogSettings::level>(),
                     .help = "Least important lines that the application log keeps",
                     .rule = "console",
                     .choices = {"debug", "info", "warning", "error"},
                     .mayBeEmpty = false,
                     .applies = Applies::Live});
    table.push_back({.key = "log.max_bytes",
                     .kind = Kind::Bytes,
                     .access = access<&Config::log, &LogSettings::maxBytes>(),
                     .help = "Size at which a new log file is begun",
                     .rule = "console",
                     .unit = "bytes",
                     .limits = {.min = 64 * kKiB, .max = kTiB}});
    table.push_back({.key = "log.files",
                     .kind = Kind::Count,
                     .access = access<&Config::log, &LogSettings::files>(),
                     .help = "Log files that are kept, the current one included",
                     .rule = "console",
                     .unit = "files",
                     .limits = {.min = 1, .max = 100}});
}

} // namespace dashstream::config
