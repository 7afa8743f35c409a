// The table of all validation rules: one row a rule, with its severity, its words and an input that breaks it. Findings
// are made from it, and so is the page of the manual (resources/docs/configuration-rules.md). To add a rule, add its
// name here and its row to rule_table.cpp or rule_table_security.cpp. Constant data; any thread.
#pragma once

#include "core/config/severity.h"

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

namespace dashstream::config {

enum class Rule : std::uint8_t {
    // The file, the variables, the keys
    FileNotToml,
    KeyUnknown,
    KeyIsGroup,
    KeyTwice,
    KeyOfSources,
    KeyOfOverride,
    VariablesDiffer,
    VariableEndpoint,
    // One value
    ValueType,
    ValueRange,
    ValueReplaced,
    ValueChoice,
    ValueText,
    SecretVariable,
    SecretFile,
    SecretFileEmpty,
    SecretKeyring,
    SecretZeroByte,
    SecretFileRights,
    // Names
    ServersNone,
    ServerBlank,
    ServerProtocol,
    ServerHost,
    ServerPort,
    ServerBrackets,
    ServerNoBrackets,
    ServerTwice,
    ServerDefaultPort,
    TopicEmpty,
    TopicLong,
    TopicDots,
    TopicCharacters,
    TopicOfDeadLetters,
    TenantEmpty,
    ClientEmpty,
    ListenAddress,
    ListenOpen,
    // Connection security
    TlsPair,
    TlsUnused,
    TlsHostnameOff,
    TlsVerificationOff,
    TlsFileUnreadable,
    TlsNoCertificate,
    TlsExpired,
    TlsNotYetValid,
    TlsExpiresSoon,
    TlsNoKey,
    TlsKeyEncrypted,
    TlsKeyPasswordWrong,
    TlsKeyPasswordUnused,
    TlsKeyMismatch,
    TlsKeyRights,
    SaslPair,
    SaslUnused,
    SaslMechanismMissing,
    SaslUserMissing,
    SaslPlainWithoutTls,
    // kafka.extra
    ExtraReserved,
    ExtraType,
    ExtraUnknown,
    ExtraValue,
    ExtraTogether,
    // Delivery and limits
    StrictNeedsIdempotence,
    InFlightOfIdempotence,
    RetryMaximum,
    BatchWithoutCodec,
    CompressedTwice,
    RedisUrl,
    RedisPasswordInTheClear,
    RateSharedDefault,
    RateOnErrorLocal,
    RateOnErrorIdle,
    OverrideValue,
    // [[sources]]
    SourceField,
    SourceValue,
    SourceMissing,
    SourceKind,
    SourceResume,
    SourceName,
    Count
};

struct RuleSpec {
    Rule rule = Rule::Count;
    std::string_view id; ///< "servers.port": stays, for scripts
    Severity severity = Severity::Error;
    std::string_view about;       ///< what is checked, for the manual
    std::string_view text;        ///< what must hold; {0}, {1}, … are filled in
    std::string_view remedy;      ///< what to do; {0}, {1}, … as in `text`
    std::string_view example;     ///< a profile file that breaks it; {dir} is a folder of certificates (see the tests)
    std::string_view variables{}; ///< of the example: NAME=value, one a line
};

/// All of them, in the order of Rule.
[[nodiscard]] std::span<const RuleSpec> rules();
[[nodiscard]] const RuleSpec& specOf(Rule rule);
/// {0}, {1}, … of `pattern` replaced; what is filled in is not looked at again.
[[nodiscard]] std::string fillIn(std::string_view pattern, std::span<const std::string> values);

} // namespace dashstream::config
