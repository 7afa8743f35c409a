// What `dead export` and `dead import` share: whoever holds the store writes, another process or this one. One thread.
#pragma once

#include "app/commands/command.h"
#include "core/control/control_client.h"
#include "core/exchange/store_import.h"
#include "core/observe/logging.h"

#include <memory>
#include <string>
#include <vector>

namespace dashstream::app {

class DeadWriter {
public:
    /// `file`: as the audit log names it. Errors: of the store, the log and the control socket.
    [[nodiscard]] static Result<std::unique_ptr<DeadWriter>> open(const Settings& settings, const Output& out,
                                                                  std::string file);

    [[nodiscard]] Result<exchange::PageOutcome> write(std::vector<store::DeadLetter> page);
    [[nodiscard]] Result<void> noteExport(const std::string& filter, const std::string& chosen, std::uint64_t count);
    /// Longest line that it takes; 0: whatever the format allows.
    [[nodiscard]] std::size_t longestLine() const;

private:
    DeadWriter() = default;
    [[nodiscard]] Result<exchange::PageOutcome> ask(const std::vector<std::string>& lines);

    SystemClock m_clock;
    std::string m_file;
    std::unique_ptr<control::ControlClient> m_holder;
    std::unique_ptr<observe::Logger> m_logger; ///< outlives the store, which tells it where the audit log ends
    std::unique_ptr<store::Store> m_store;
    std::unique_ptr<exchange::StoreImport> m_import;
};

/// "-" and an absolute path otherwise, for the audit log.
[[nodiscard]] std::string fileForAudit(const std::string& file);

} // namespace dashstream::app
