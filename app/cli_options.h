// The command line of dashstreamctl as plain values: the global options and one struct a command. Made once by
// parseCommandLine() and only read afterwards. Names and meaning: resources/docs/command-line.md.
#pragma once

#include "app/exit_codes.h"
#include "app/launch_options.h"
#include "core/base/clock.h"
#include "core/base/strong_type.h"
#include "core/mend/edits.h"

#include <tl/expected.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace dashstream::app {

struct GlobalOptions {
    LaunchOptions launch;
    bool json = false;
    bool quiet = false;
    bool progress = false;
};

/// Ids from first to last, both included.
struct IdRange {
    std::int64_t first = 0;
    std::int64_t last = 0;
};

/// Which entries a command is about; exactly one way is given.
struct Selection {
    std::vector<IdRange> ids;
    std::string where;  ///< dead letters: a filter expression; retries: part of the text of an entry
    std::string thread; ///< exactly
    std::string trace;  ///< a W3C trace id, or a dead letter's own
    bool all = false;
};

struct ProduceOptions {
    std::string source;
    milliseconds drainTimeout{10'000};
    std::optional<milliseconds> connectTimeout;
    std::string rejectsFile;
    bool rejectWhenLimited = false;
    bool resume = false;
};

struct RunOptions {
    milliseconds drainTimeout{10'000};
};

struct EncodeOptions {
    std::string file = "-";
    bool single = false;
};

struct DecodeOptions {
    std::string file = "-";
    bool compatible = false;
    bool single = false;
    bool text = false;        ///< else JSON Lines
    std::size_t maxBytes = 0; ///< 0: the default of wire.md
};

struct ConsumeOptions {
    std::string topic; ///< empty: the configured one
    std::optional<std::int32_t> partition;
    std::string from = "beginning"; ///< or "end", or an offset
    std::optional<std::uint64_t> limit;
    milliseconds timeout{10'000}; ///< for the first answer of the cluster
    bool untilEnd = false;
    bool check = false;
    bool text = false; ///< else JSON Lines
};

struct StatusOptions {};

struct SequencesOptions {
    enum class Verb { List, Forget, Seed };
    Verb verb = Verb::List;
    std::string prefix;
    std::size_t limit = 0; ///< 0: all
    std::vector<std::string> threads;
    std::optional<milliseconds> idle; ///< those that nobody used for so long
    bool dryRun = false;
    bool yes = false;
    bool fromTopic = false;
    milliseconds timeout{10'000}; ///< for the first answer of the cluster
};

struct DeadOptions {
    enum class Verb { List, Show, Groups, Fields, Resend, Copy, Export, Import, Discard, Restore, Edit };
    Verb verb = Verb::List;
    Selection selection;
    std::string groupBy = "cause";
    std::string state;     ///< open, resent or discarded; empty: as everyState says
    std::string reason;    ///< of discard
    std::string copyState; ///< none, pending, copied or refused; empty: any
    bool retryCopies = false;
    milliseconds waitFor{10'000}; ///< for copies
    std::size_t limit = 0;        ///< 0: all
    bool everyState = false;
    bool dryRun = false;
    bool yes = false;
    double ratePerSecond = 50; ///< 0: as fast as it goes
    std::string to;            ///< topic; empty: the configured one, of remote ones where they failed
    std::string topic;         ///< another's dead letter topic; empty: the dead letters of this store
    std::vector<std::pair<PartitionId, Offset>> places; ///< of records in it
    milliseconds connectTimeout{10'000};
    std::int64_t canary = 0;
    milliseconds canaryWait{10'000};
    int maxFailedPercent = 10;
    bool quarantinedToo = false;
    std::vector<mend::Edit> edits; ///< of edit
    std::string editsFile;         ///< more of them as JSON; "-": stdin
    std::string contentFile;       ///< a single message written anew; "-": stdin
    std::string file;              ///< of export and import; "-": stdout, stdin
    bool replace = false;          ///< of export: a file that is there
    bool leaveOutWrong = false;    ///< of import: lines
    milliseconds drainTimeout{10'000};
};

struct JobsOptions {
    enum class Verb { List, Show, Pause, Resume, Cancel, Rate };
    Verb verb = Verb::List;
    std::int64_t job = 0;
    std::size_t limit = 0;    ///< of list: jobs, of show: failures; 0: all
    double ratePerSecond = 0; ///< of rate; 0: as fast as it goes
    milliseconds drainTimeout{10'000};
};

struct RetriesOptions {
    enum class Verb { List, Retry, GiveUp };
    Verb verb = Verb::List;
    Selection selection;
    std::size_t limit = 0; ///< 0: all
    bool yes = false;
};

struct ClusterOptions {
    enum class Verb { Brokers, Health };
    Verb verb = Verb::Brokers;
    milliseconds timeout{10'000};      ///< of brokers
    milliseconds healthTimeout{1'000}; ///< of each part that health asks, all at the same time
};

struct ConfigOptions {
    enum class Verb { Check, Show, Keys };
    Verb verb = Verb::Check;
    bool origin = false;
};

struct StoreCareOptions {
    enum class Verb { Check, Rescue, Backup };
    Verb verb = Verb::Check;
    std::string file; ///< new; "-": stdout (rescue); a folder (backup)
    bool withDead = false;
};

struct AuditOptions {
    enum class Verb { List, Verify, Export };
    Verb verb = Verb::List;
    std::size_t limit = 0; ///< 0: all
    std::optional<UtcTime> since;
    std::string file;    ///< new; "-": stdout
    std::string logFile; ///< empty: the profile's
};

using Command = std::variant<ProduceOptions, RunOptions, EncodeOptions, DecodeOptions, ConsumeOptions, StatusOptions,
                             SequencesOptions, DeadOptions, RetriesOptions, ClusterOptions, ConfigOptions,
                             StoreCareOptions, AuditOptions, JobsOptions>;

struct CommandLine {
    GlobalOptions global;
    Command command;
};

/// There is no command to run: help or the version was asked for, or the line was wrong.
struct EarlyExit {
    ExitCode code = ExitCode::Done;
    std::string out; ///< for stdout
    std::string err; ///< for stderr
};

/// Throws nothing. A wrong line says which word, and how to get help.
[[nodiscard]] tl::expected<CommandLine, EarlyExit> parseCommandLine(int argc, const char* const* argv);

} // namespace dashstream::app
