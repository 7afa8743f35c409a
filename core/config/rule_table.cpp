#include "core/config/rule_table.h"

#include "core/config/rule_rows.h"

#include <array>
#include <vector>

namespace dashstream::config {

namespace {

constexpr auto kError = Severity::Error;
constexpr auto kWarning = Severity::Warning;
constexpr auto kInfo = Severity::Info;

constexpr std::string_view kCorrect = "Correct the value";
constexpr std::string_view kTopicName = "Give the name of a topic";
constexpr std::string_view kHostPort = "Write it as host:port, such as broker-1:9092";
constexpr std::string_view kBrackets = "Write it as [address]:port, such as [::1]:9092";

constexpr std::array kRows{
    // The file, the variables, the keys
    RuleSpec{Rule::FileNotToml, "file.toml", kError, "The profile file is TOML", "is not valid TOML: {0}",
             "Correct line {1}, near column {2}; nothing of the file is used until then", "kafka.topic = = 1"},
    RuleSpec{Rule::KeyUnknown, "key.unknown", kError, "Every key is in the option table",
             "is not a known setting; the nearest is {0}",
             "Correct or remove it; `dashstreamctl config keys` lists all settings", "kafka.topc = \"events\""},
    RuleSpec{Rule::KeyIsGroup, "key.group", kError, "A table takes settings, not a value",
             "is a group of settings and takes no value itself",
             "Write [{0}] and below it the settings; `dashstreamctl config keys` lists all settings", "kafka = 3"},
    RuleSpec{Rule::KeyTwice, "key.twice", kError, "A key stands once in the file",
             "must be given once; it is also at {0}", "Remove one of the two",
             "\"kafka.topic\" = \"a\"\nkafka.topic = \"b\""},
    RuleSpec{Rule::KeyOfSources, "key.sources", kError, "Sources are a list of tables",
             "must be a list of tables in the profile file, each begun by [[sources]]",
             "Write [[sources]] and below it name, source, start and resume", "sources = 3"},
    RuleSpec{Rule::KeyOfOverride, "key.override", kError, "A tenant's override has two settings",
             "is not a known setting; a tenant has limit_per_second and burst",
             "Write [rate.overrides.TENANT] and below it limit_per_second or burst", "rate.overrides.acme.speed = 1"},
    RuleSpec{Rule::VariablesDiffer, "environment.differ", kWarning, "Two variables of one setting agree",
             "{0} and {1} say different things", "{0} is used; remove one of the two", "",
             "KAFKA_BROKERS=a:9092\nKAFKA_BOOTSTRAP_SERVERS=b:9092"},
    RuleSpec{Rule::VariableEndpoint, "environment.endpoint_algorithm", kError,
             "The variable for the host name check has one of Kafka's two words", "must be https or none",
             "Set {0} to https, or remove it", "", "KAFKA_SSL_ENDPOINT_ALGORITHM=true"},
    // One value
    RuleSpec{Rule::ValueType, "value.type", kError, "A value is of its setting's type", "{0}", kCorrect,
             "retry.attempts = \"three\""},
    RuleSpec{Rule::ValueRange, "value.range", kError, "A value is within its range", "must be in {0}", kCorrect,
             "message.max_bytes = 0"},
    RuleSpec{Rule::ValueReplaced, "value.replaced", kWarning,
             "A value is within its range, where the table says what it becomes otherwise", "must be in {0}",
             "{1} is used instead; correct the value", "retry.attempts = 99"},
    RuleSpec{Rule::ValueChoice, "value.choice", kError, "A choice is one of its words", "must be one of {0}", kCorrect,
             "kafka.security_protocol = \"tls\""},
    RuleSpec{Rule::ValueText, "value.text", kError, "Text is fit to be shown",
             "must be UTF-8 without control characters", kCorrect, "kafka.client_id = \"a\\nb\""},
    RuleSpec{Rule::SecretVariable, "secret.variable", kError, "The variable that a secret refers to is set",
             "refers to the environment variable {0}, which is not set", "Set {0}, or give another reference",
             "sasl.username = \"u\"\nsasl.password = \"env:NOT_SET\""},
    RuleSpec{Rule::SecretFile, "secret.file", kError, "The file that a secret refers to can be read",
             "refers to the file {0}, which cannot be read ({1})",
             "Make that file readable for this user only, or give another reference",
             "sasl.username = \"u\"\nsasl.password = \"file:{dir}/missing.txt\""},
    RuleSpec{Rule::SecretFileEmpty, "secret.file_empty", kError, "The file that a secret refers to holds it",
             "refers to the file {0}, which is empty", "Write the secret into that file",
             "sasl.username = \"u\"\nsasl.password = \"file:{dir}/empty.txt\""},
    RuleSpec{Rule::SecretKeyring, "secret.keyring", kError, "A secret refers to what this build can read",
             "refers to the keyring, which this build does not support", "Use env:NAME or file:PATH instead",
             "sasl.username = \"u\"\nsasl.password = \"keyring:\""},
    RuleSpec{Rule::SecretZeroByte, "secret.zero_byte", kError, "A secret is text", "must not hold a zero byte",
             "Correct the secret", "sasl.username = \"u\"\nsasl.password = \"a\\u0000b\""},
    RuleSpec{Rule::SecretFileRights, "secret.file_rights", kWarning,
             "A profile file that holds a secret is its owner's alone",
             "is a secret in a file that other users may read", "chmod 600 {0}, or use env:NAME or file:PATH",
             "sasl.username = \"u\"\nsasl.password = \"p\""},
    // Names
    RuleSpec{Rule::ServersNone, "servers.none", kError, "There is a broker to start from",
             "must name at least one broker", "Write it as host:port", "kafka.bootstrap_servers = \" \""},
    RuleSpec{Rule::ServerBlank, "servers.blank", kError, "No entry of the list is blank", "has an empty entry",
             "Remove the comma too many", "kafka.bootstrap_servers = \"a:9092,,b:9092\""},
    RuleSpec{Rule::ServerProtocol, "servers.protocol", kError, "An entry names no protocol", "\"{0}\" names a protocol",
             "Write only host:port; the protocol is kafka.security_protocol",
             "kafka.bootstrap_servers = \"SSL://a:9092\""},
    RuleSpec{Rule::ServerHost, "servers.host", kError, "A host is a name, an IPv4 or a bracketed IPv6 address",
             "\"{0}\" has no valid host name", kHostPort, "kafka.bootstrap_servers = \"-a:9092\""},
    RuleSpec{Rule::ServerPort, "servers.port", kError, "A port is a number from 1 to 65535",
             "\"{0}\" has no port from 1 to 65535", kHostPort, "kafka.bootstrap_servers = \"a:99999\""},
    RuleSpec{Rule::ServerBrackets, "servers.brackets", kError, "Brackets hold an IPv6 address",
             "\"{0}\" has no IPv6 address in its brackets", kBrackets, "kafka.bootstrap_servers = \"[a]:9092\""},
    RuleSpec{Rule::ServerNoBrackets, "servers.no_brackets", kError, "An IPv6 address stands in brackets",
             "\"{0}\" is an IPv6 address without brackets", kBrackets, "kafka.bootstrap_servers = \"::1\""},
    RuleSpec{Rule::ServerTwice, "servers.twice", kWarning, "A server stands once in the list",
             "names {0} more than once", "It is used once; remove the rest",
             "kafka.bootstrap_servers = \"a:9092,A:9092\""},
    RuleSpec{Rule::ServerDefaultPort, "servers.default_port", kInfo, "A server is given with its port",
             "gives no port for one server", "{0} is used", "kafka.bootstrap_servers = \"a\""},
    RuleSpec{Rule::TopicEmpty, "topic.empty", kError, "A topic has a name", "must not be empty", kTopicName,
             "kafka.topic = \"\""},
    RuleSpec{Rule::TopicLong, "topic.long", kError, "A topic's name has at most 249 characters",
             "must not be longer than 249 characters, as Kafka's topic names", kTopicName,
             "kafka.topic = \""
             "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
             "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
             "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\""},
    RuleSpec{Rule::TopicDots, "topic.dots", kError, "A topic is not called . or ..", "must not be \".\" or \"..\"",
             kTopicName, "kafka.topic = \"..\""},
    RuleSpec{Rule::TopicCharacters, "topic.characters", kError, "A topic's name is of Kafka's characters",
             "may hold only letters, digits, '.', '_' and '-', as Kafka's topic names", kTopicName,
             "kafka.topic = \"my topic\""},
    RuleSpec{Rule::TopicOfDeadLetters, "topic.dead_letters", kError, "Dead letters have a topic of their own",
             "must be another topic than kafka.topic",
             "Give the dead letters a topic of their own, or set dlq.enabled to false",
             "dlq.topic = \"dashstream-events\""},
    RuleSpec{Rule::TenantEmpty, "tenant.empty", kError, "The tenant has a name", "must not be empty", "Name the tenant",
             "message.tenant = \"\""},
    RuleSpec{Rule::ClientEmpty, "client.empty", kError, "The client has a name", "must not be empty",
             "Give this client a name", "kafka.client_id = \"\""},
    RuleSpec{Rule::ListenAddress, "listen.address", kError, "An endpoint listens on host:port", "{0}",
             "Write it as host:port, such as 127.0.0.1:9464 or [::1]:9464, or as a port alone",
             "metrics.listen = \"nowhere\""},
    RuleSpec{Rule::ListenOpen, "listen.open", kInfo, "An endpoint that others reach is meant to be reached",
             "can be read by whoever reaches this address: it asks for no password",
             "Listen on 127.0.0.1 where only this machine needs it", "health.listen = \"0.0.0.0:9465\""},
};

} // namespace

std::span<const RuleSpec> rules() {
    static const std::vector<RuleSpec> table = [] { // constant; made by whoever asks first
        std::vector<RuleSpec> all(kRows.begin(), kRows.end());
        all.insert(all.end(), laterRules().begin(), laterRules().end());
        return all;
    }();
    return table;
}

const RuleSpec& specOf(Rule rule) {
    return rules()[static_cast<std::size_t>(rule)];
}

std::string fillIn(std::string_view pattern, std::span<const std::string> values) {
    std::string out;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        const bool isPlace = i + 2 < pattern.size() && pattern[i] == '{' && pattern[i + 2] == '}' &&
                             pattern[i + 1] >= '0' && pattern[i + 1] <= '9';
        if (!isPlace) {
            out += pattern[i];
            continue;
        }
        const auto index = static_cast<std::size_t>(pattern[i + 1] - '0');
        out += index < values.size() ? values[index] : std::string();
        i += 2;
    }
    return out;
}

} // namespace dashstream::config
