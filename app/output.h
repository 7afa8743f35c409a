// What dashstreamctl says: results on stdout (text or JSON), everything else on stderr. All of it passes the Redactor,
// and control characters never reach a terminal. Owned by main(); one thread.
#pragma once

#include "core/base/error.h"
#include "core/base/result.h"
#include "core/observe/redaction.h"

#include <nlohmann/json_fwd.hpp>

#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace dashstream::app {

struct OutputOptions {
    bool json = false;
    bool quiet = false;
    bool progress = false; ///< also where stderr is no terminal
};

class Output {
public:
    Output(OutputOptions options, std::FILE* out, std::FILE* err, std::shared_ptr<observe::Redactor> redactor);
    Output(const Output&) = delete;
    Output& operator=(const Output&) = delete;
    ~Output();

    [[nodiscard]] bool json() const { return m_options.json; }
    [[nodiscard]] const std::shared_ptr<observe::Redactor>& redactor() const { return m_redactor; }

    /// A finished text on stdout (a table, some lines); nothing with --json.
    void text(std::string_view text);
    /// One JSON value and a line end on stdout; nothing without --json.
    void value(const nlohmann::json& value);
    /// A JSON array on stdout, item by item, however many there are; nothing without --json.
    void openArray();
    void item(const nlohmann::json& value);
    void closeArray();
    /// The data itself (JSON Lines, frames), byte for byte: it passes no redaction, since it must stay what it is.
    void data(std::string_view bytes);
    /// A line of data that a terminal may show: escaped without changing what the JSON means.
    void dataLine(std::string_view json);

    void error(const Error& error);
    /// A line on stderr, also with --quiet: something was refused or found.
    void complain(std::string_view text);
    /// A line on stderr unless --quiet.
    void note(std::string_view text);
    /// The line that tells how far it is: on a terminal it replaces the one before.
    void progress(std::string_view text);
    [[nodiscard]] bool showsProgress() const { return m_progress; }

    /// Asks on the terminal; nothing: there is none to ask on.
    [[nodiscard]] std::optional<bool> confirm(std::string_view question);
    /// Pushes out what is buffered. Error "output.write" (Local): somebody stopped reading, or the disk is full.
    [[nodiscard]] Result<void> flush();

private:
    [[nodiscard]] std::string redactedJson(const nlohmann::json& value) const;
    void errLine(std::string_view text);
    void endProgress();

    OutputOptions m_options;
    std::FILE* m_out;
    std::FILE* m_err;
    std::shared_ptr<observe::Redactor> m_redactor;
    bool m_progress = false;
    bool m_errIsTerminal = false;
    bool m_progressShown = false;
    bool m_arrayBegun = false;
};

} // namespace dashstream::app
