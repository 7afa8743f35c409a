#include "app/output.h"

#include "app/terminal_text.h"
#include "core/control/protocol.h"

#include <nlohmann/json.hpp>
#include <unistd.h>

#include <array>

namespace dashstream::app {

Output::Output(OutputOptions options, std::FILE* out, std::FILE* err, std::shared_ptr<observe::Redactor> redactor)
    : m_options(options), m_out(out), m_err(err), m_redactor(std::move(redactor)),
      m_errIsTerminal(::isatty(::fileno(err)) == 1) {
    m_progress = options.progress || (m_errIsTerminal && !options.quiet);
}

Output::~Output() {
    endProgress();
    static_cast<void>(std::fflush(m_out));
}

void Output::text(std::string_view text) {
    if (m_options.json) {
        return;
    }
    endProgress();
    data(m_redactor->redact(text));
}

void Output::value(const nlohmann::json& value) {
    if (!m_options.json) {
        return;
    }
    endProgress();
    data(redactedJson(value) + "\n");
}

std::string Output::redactedJson(const nlohmann::json& value) const {
    nlohmann::json redacted = value;
    control::redactStrings(redacted, *m_redactor);
    return escapeInJson(redacted.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

void Output::openArray() {
    if (m_options.json) {
        endProgress();
        data("[");
        m_arrayBegun = false;
    }
}

void Output::item(const nlohmann::json& value) {
    if (m_options.json) {
        data((m_arrayBegun ? ",\n " : "") + redactedJson(value));
        m_arrayBegun = true;
    }
}

void Output::closeArray() {
    if (m_options.json) {
        data("]\n");
    }
}

void Output::data(std::string_view bytes) {
    // A failed write is remembered by the stream and told by flush().
    static_cast<void>(std::fwrite(bytes.data(), 1, bytes.size(), m_out));
}

void Output::dataLine(std::string_view json) {
    data(escapeInJson(json));
    data("\n");
}

void Output::error(const Error& error) {
    complain(error.text());
}

void Output::complain(std::string_view text) {
    errLine("dashstreamctl: " + m_redactor->redact(text));
}

void Output::note(std::string_view text) {
    if (!m_options.quiet) {
        errLine(m_redactor->redact(text));
    }
}

void Output::progress(std::string_view text) {
    if (!m_progress) {
        return;
    }
    const std::string line = escapeForTerminal(m_redactor->redact(text));
    std::fputs(m_errIsTerminal ? ("\r\x1b[K" + line).c_str() : (line + "\n").c_str(), m_err);
    static_cast<void>(std::fflush(m_err));
    m_progressShown = m_errIsTerminal;
}

std::optional<bool> Output::confirm(std::string_view question) {
    if (::isatty(STDIN_FILENO) != 1 || !m_errIsTerminal) {
        return std::nullopt;
    }
    endProgress();
    std::fputs((escapeForTerminal(m_redactor->redact(question)) + " [y/N] ").c_str(), m_err);
    static_cast<void>(std::fflush(m_err));
    std::array<char, 16> answer{};
    if (std::fgets(answer.data(), static_cast<int>(answer.size()), stdin) == nullptr) {
        return false;
    }
    const std::string_view text(answer.data());
    return text == "y\n" || text == "yes\n" || text == "Y\n";
}

Result<void> Output::flush() {
    if (std::fflush(m_out) != 0 || std::ferror(m_out) != 0) {
        return fail(ErrorClass::Local, "output.write", "The output could not be written whole",
                    "Check the disk, or whoever reads it.");
    }
    return {};
}

void Output::errLine(std::string_view text) {
    endProgress();
    std::string out;
    std::size_t from = 0;
    while (from <= text.size()) {
        const std::size_t end = std::min(text.find('\n', from), text.size());
        out += escapeForTerminal(text.substr(from, end - from)) + "\n";
        from = end + 1;
    }
    std::fputs(out.c_str(), m_err);
    static_cast<void>(std::fflush(m_err));
}

void Output::endProgress() {
    if (m_progressShown) {
        std::fputs("\n", m_err);
        m_progressShown = false;
    }
}

} // namespace dashstream::app
