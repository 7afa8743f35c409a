// Asks the process that holds a profile's store. One thread at a time; every wait has a limit. Closed by its
// destructor.
#pragma once

#include "core/base/cancel_token.h"
#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/control/unix_socket.h"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace dashstream::control {

class ControlClient {
public:
    static constexpr milliseconds kPatience{10'000};
    using OnProgress = std::function<void(const nlohmann::json& answer)>;

    /// Errors: "control.path_too_long" (Usage), "control.no_answer" (Local: nobody listens there).
    [[nodiscard]] static Result<std::unique_ptr<ControlClient>> connect(const std::filesystem::path& folder);

    /// Sends one request ("v" is added) and waits for its final answer; what comes before goes to `onProgress`.
    /// Between two lines at most `patience`. Errors: what the other side answers; "control.no_answer" (Local): silence,
    /// or it ended; "control.bad_answer" (Local); Cancelled: `cancel` was set.
    [[nodiscard]] Result<nlohmann::json> request(nlohmann::json request, const OnProgress& onProgress = {},
                                                 milliseconds patience = kPatience, const CancelToken& cancel = {});

private:
    explicit ControlClient(FileHandle socket) : m_socket(std::move(socket)) {}
    [[nodiscard]] Result<void> sendAll(const std::string& line, milliseconds patience);
    [[nodiscard]] Result<std::string> readLine(milliseconds patience, const CancelToken& cancel);

    FileHandle m_socket;
    std::string m_in;
};

} // namespace dashstream::control
