// dead_import, dead_export: dead letters as lines, a page a request (resources/docs/dead-letter-lines.md).
#include "core/control/protocol.h"
#include "core/control/request_handler.h"
#include "core/exchange/letter_line.h"

#include <nlohmann/json.hpp>

namespace dashstream::control {

namespace {

using nlohmann::json;

json badField(const std::string& text) {
    return answer(Error{ErrorClass::Usage, "control.bad_request", text, "See the control protocol's page."});
}

/// The client has checked them already; whoever else sends something is told of the first one that is wrong.
Result<std::vector<store::DeadLetter>> lettersOf(const json& lines) {
    std::vector<store::DeadLetter> letters;
    letters.reserve(lines.size());
    for (const json& line : lines) {
        if (!line.is_string()) {
            return fail(ErrorClass::Usage, "control.bad_request", "'dead_import': each of \"lines\" is a text",
                        "See the control protocol's page.");
        }
        auto letter = exchange::readLine(line.get_ref<const std::string&>());
        if (!letter) {
            Error error = letter.error();
            error.message = "line " + std::to_string(letters.size() + 1) + " of the request: " + error.message;
            return fail(std::move(error));
        }
        letters.push_back(std::move(*letter));
    }
    return letters;
}

} // namespace

json RequestHandler::deadImport(const json& request, Connection& client) {
    const auto lines = request.find("lines");
    if (lines == request.end() || !lines->is_array() || lines->empty() || lines->size() > engine::kImportedAtOnce ||
        client.waitsForJob || client.watch) {
        return badField("'dead_import' needs \"lines\", 1 to " + std::to_string(engine::kImportedAtOnce) +
                        ", and a connection that waits for nothing else");
    }
    auto letters = lettersOf(*lines);
    if (!letters) {
        return answer(letters.error());
    }
    client.waitsForJob = true;
    m_parts.engine->importDead(
        {std::move(*letters), textField(request, "file").value_or(""), client.peer().user},
        [inbox = m_parts.inbox, id = client.id()](const Result<engine::ImportOutcome>& outcome) {
            inbox->put(
                {id,
                 {},
                 outcome ? Result<std::string>(json{{"imported", outcome->imported}, {"known", outcome->known}}.dump())
                         : fail(outcome.error())});
        });
    return nullptr;
}

json RequestHandler::deadExport(const json& request, Connection& client) {
    const auto count = integerField(request, "count");
    if (!count || *count < 0 || client.waitsForJob || client.watch) {
        return badField("'dead_export' needs \"count\", and a connection that waits for nothing else");
    }
    client.waitsForJob = true;
    m_parts.engine->noteExport({textField(request, "file").value_or(""), textField(request, "filter").value_or(""),
                                textField(request, "chosen").value_or(""), static_cast<std::uint64_t>(*count),
                                client.peer().user},
                               [inbox = m_parts.inbox, id = client.id()](const Result<void>& noted) {
                                   inbox->put({id, {}, noted ? Result<std::string>("{}") : fail(noted.error())});
                               });
    return nullptr;
}

} // namespace dashstream::control
