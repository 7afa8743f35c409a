#include "tests/app/ctl_program.h"

#include <cstdlib>

namespace dashstream::testing {

ProgramSpec CtlProgram::spec(const std::vector<std::string>& arguments) const {
    ProgramSpec spec;
    const char* folder = std::getenv("DASHSTREAM_BIN_DIR");
    spec.program = std::filesystem::path(folder == nullptr ? "." : folder) / "dashstreamctl";
    spec.arguments = arguments;
    spec.environment = {{"HOME", m_home.path().string()},
                        {"XDG_CONFIG_HOME", ""},
                        {"XDG_DATA_HOME", ""},
                        {"XDG_STATE_HOME", ""},
                        {"KAFKA_BROKERS", ""},
                        {"KAFKA_BOOTSTRAP_SERVERS", ""},
                        {"KAFKA_TOPIC", ""},
                        {"DASHSTREAM_TOPIC", ""}};
    return spec;
}

ProgramResult CtlProgram::run(const std::vector<std::string>& arguments, const std::string& input) const {
    ProgramSpec call = spec(arguments);
    call.input = input;
    return runProgram(call, kPatience);
}

std::unique_ptr<Process> CtlProgram::start(const std::vector<std::string>& arguments, bool keepInputOpen) const {
    ProgramSpec call = spec(arguments);
    call.keepInputOpen = keepInputOpen;
    auto process = Process::start(call);
    return process ? std::move(*process) : nullptr;
}

std::filesystem::path CtlProgram::dataFolder(std::string_view profile) const {
    return m_home.path() / ".local" / "share" / "dashstream" / profile;
}

std::string eventLine(int number) {
    return R"({"event":{"header":{"thread_id":"t-)" + std::to_string(number % 3) + R"("},"node_id":"n"}})" + "\n";
}

ProgramResult letDie(const CtlProgram& ctl, const std::string& input) {
    return ctl.run({"--profile", "demo", "--json", "--set", "kafka.bootstrap_servers=127.0.0.1:1", "--set",
                    "delivery.mode=bounded", "--set", "delivery.send_timeout_ms=200ms", "--set", "retry.attempts=1",
                    "--set", "dlq.enabled=false", "produce", "-"},
                   input);
}

nlohmann::json jsonOf(const ProgramResult& result) {
    return nlohmann::json::parse(result.out, nullptr, false);
}

} // namespace dashstream::testing
