#include "core/kafka/property_check.h"

#include "core/config/kafka_extra.h"
#include "core/config/text_tools.h"
#include "core/kafka/client_handle.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <set>

namespace dashstream::kafka {
namespace {

constexpr std::size_t kTextBytes = 512;

struct Free {
    void operator()(char* text) const { std::free(text); } // open_memstream() allocates so
};

/// librdkafka prints its table only to a stream.
std::string printedTable() {
    char* text = nullptr;
    std::size_t size = 0;
    std::FILE* stream = ::open_memstream(&text, &size);
    if (stream == nullptr) {
        return {};
    }
    rd_kafka_conf_properties_show(stream);
    std::fclose(stream);
    const std::unique_ptr<char, Free> owner(text);
    return {text, size};
}

std::string nearestProperty(const std::string& name) {
    const std::vector<std::string> names = propertyNames();
    const auto distance = [&name](const std::string& known) {
        return config::editDistance(std::string_view(name).substr(0, 100), known);
    };
    const auto nearest = std::ranges::min_element(names, {}, distance);
    return nearest == names.end() ? "in librdkafka's CONFIGURATION.md" : *nearest;
}

} // namespace

std::vector<std::string> propertyNames() {
    // "linger.ms   |  P  | 0 .. 900000 | …"; headings have no such second column.
    std::set<std::string> names;
    const std::string table = printedTable();
    for (const std::string_view line : config::split(table, '\n')) {
        const std::vector<std::string_view> cells = config::split(line, '|');
        constexpr std::size_t kColumns = 4;
        if (cells.size() < kColumns) {
            continue;
        }
        const std::string_view kind = config::trim(cells[1]);
        if (kind == "P" || kind == "C" || kind == "*") {
            names.emplace(config::trim(cells[0]));
        }
    }
    return {names.begin(), names.end()};
}

std::optional<config::PropertyProblem> checkProperty(const std::string& name, const std::string& value) {
    const ConfPtr conf(rd_kafka_conf_new());
    std::array<char, kTextBytes> text{};
    switch (rd_kafka_conf_set(conf.get(), name.c_str(), value.c_str(), text.data(), text.size())) {
    case RD_KAFKA_CONF_OK:
        return std::nullopt;
    case RD_KAFKA_CONF_UNKNOWN:
        return config::PropertyProblem{nearestProperty(name), {}};
    default:
        break;
    }
    const bool secret = config::isSecretProperty(name);
    return config::PropertyProblem{
        {}, secret ? "librdkafka does not take the value" : std::string(config::trim(text.data()))};
}

} // namespace dashstream::kafka
