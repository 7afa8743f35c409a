// dashstreamctl as a child process with folders of its own, for tests without a cluster. One thread.
#pragma once

#include "tests/support/process.h"
#include "tests/support/temp_dir.h"

#include <nlohmann/json.hpp>

#include <memory>
#include <string>
#include <vector>

namespace dashstream::testing {

inline constexpr std::chrono::seconds kPatience{60};

class CtlProgram {
public:
    [[nodiscard]] ProgramResult run(const std::vector<std::string>& arguments, const std::string& input = {}) const;
    [[nodiscard]] std::unique_ptr<Process> start(const std::vector<std::string>& arguments,
                                                 bool keepInputOpen = false) const;
    [[nodiscard]] std::filesystem::path file(std::string_view name) const { return m_home / name; }
    [[nodiscard]] std::filesystem::path dataFolder(std::string_view profile) const;

private:
    [[nodiscard]] ProgramSpec spec(const std::vector<std::string>& arguments) const;
    TempDir m_home;
};

/// A line of JSON Lines, of one of three threads.
[[nodiscard]] std::string eventLine(int number);
/// Sends `input` into the store of profile demo while no broker is there, so that all of it dies.
[[nodiscard]] ProgramResult letDie(const CtlProgram& ctl, const std::string& input);

/// stdout as one JSON value; discarded where it is none, or more than one.
[[nodiscard]] nlohmann::json jsonOf(const ProgramResult& result);

} // namespace dashstream::testing
