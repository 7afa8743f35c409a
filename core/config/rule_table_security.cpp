#include "core/config/rule_rows.h"

#include <array>

namespace dashstream::config {

namespace {

constexpr auto kError = Severity::Error;
constexpr auto kWarning = Severity::Warning;
constexpr auto kInfo = Severity::Info;

constexpr std::string_view kCorrect = "Correct the value";
constexpr std::string_view kPair = "is missing while {0} is set";
constexpr std::string_view kBoth = "Set both, or neither";
constexpr std::string_view kNoEffect = "has no effect with kafka.security_protocol = \"{0}\"";
constexpr std::string_view kOtherProtocol = "Remove it, or choose another kafka.security_protocol";

constexpr std::array kRows{
    // Connection security
    RuleSpec{Rule::TlsPair, "tls.pair", kError, "Certificate and key come together", kPair, kBoth,
             "tls.certificate_location = \"{dir}/client.pem\""},
    RuleSpec{Rule::TlsUnused, "tls.unused", kWarning, "TLS settings go with a TLS protocol", kNoEffect, kOtherProtocol,
             "tls.ca_location = \"{dir}/ca.pem\""},
    RuleSpec{Rule::TlsHostnameOff, "tls.hostname_off", kWarning, "The broker's host name is checked",
             "is off: whoever has any certificate of the same authority can pass for a broker", "Set it to true",
             "tls.verify_hostname = false"},
    RuleSpec{Rule::TlsVerificationOff, "tls.verification_off", kWarning, "The broker's certificate is checked",
             "switches the check of the broker's certificate off", "Remove it",
             "kafka.security_protocol = \"ssl\"\nkafka.extra.\"enable.ssl.certificate.verification\" = false"},
    RuleSpec{Rule::TlsFileUnreadable, "tls.file", kError, "Certificate and key files can be read",
             "names a file that cannot be read: {0}", "Correct the path or the file's rights",
             "kafka.security_protocol = \"ssl\"\ntls.ca_location = \"{dir}/missing.pem\""},
    RuleSpec{Rule::TlsNoCertificate, "tls.no_certificate", kError, "A certificate file holds certificates as PEM",
             "names a file without a certificate in PEM form",
             "Give a PEM file; `openssl x509 -inform der -in FILE -out FILE.pem` converts one in DER form",
             "kafka.security_protocol = \"ssl\"\ntls.ca_location = \"{dir}/no-pem.txt\""},
    RuleSpec{Rule::TlsExpired, "tls.expired", kError, "Certificates are not expired",
             "names a certificate of {0} that expired on {1}", "Have the certificate renewed",
             "kafka.security_protocol = \"ssl\"\ntls.certificate_location = \"{dir}/expired.pem\"\n"
             "tls.key_location = \"{dir}/client.key\""},
    RuleSpec{Rule::TlsNotYetValid, "tls.not_yet_valid", kError, "Certificates are valid already",
             "names a certificate of {0} that is valid only from {1}",
             "Check this machine's clock, or use a certificate that is valid now",
             "kafka.security_protocol = \"ssl\"\ntls.certificate_location = \"{dir}/future.pem\"\n"
             "tls.key_location = \"{dir}/client.key\""},
    RuleSpec{Rule::TlsExpiresSoon, "tls.expires_soon", kWarning, "Certificates are valid for more than 30 days",
             "names a certificate of {0} that expires on {1}", "Have the certificate renewed before that day",
             "kafka.security_protocol = \"ssl\"\ntls.certificate_location = \"{dir}/soon.pem\"\n"
             "tls.key_location = \"{dir}/client.key\""},
    RuleSpec{Rule::TlsNoKey, "tls.no_key", kError, "A key file holds a private key as PEM",
             "names a file without a private key in PEM form",
             "Give a PEM file; `openssl pkey -inform der -in FILE -out FILE.pem` converts one in DER form",
             "kafka.security_protocol = \"ssl\"\ntls.certificate_location = \"{dir}/client.pem\"\n"
             "tls.key_location = \"{dir}/no-pem.txt\""},
    RuleSpec{Rule::TlsKeyEncrypted, "tls.key_encrypted", kError, "An encrypted key comes with its password",
             "is missing: the key in {0} is encrypted", "Set it to env:NAME or file:PATH",
             "kafka.security_protocol = \"ssl\"\ntls.certificate_location = \"{dir}/client.pem\"\n"
             "tls.key_location = \"{dir}/encrypted.key\""},
    RuleSpec{Rule::TlsKeyPasswordWrong, "tls.key_password_wrong", kError, "The password opens the key",
             "does not open the key in {0}", "Correct the password",
             "kafka.security_protocol = \"ssl\"\ntls.certificate_location = \"{dir}/client.pem\"\n"
             "tls.key_location = \"{dir}/encrypted.key\"\ntls.key_password = \"wrong\""},
    RuleSpec{Rule::TlsKeyPasswordUnused, "tls.key_password_unused", kWarning, "A password goes with an encrypted key",
             "has no effect: the key in {0} is not encrypted", "Remove it, or encrypt the key",
             "kafka.security_protocol = \"ssl\"\ntls.certificate_location = \"{dir}/client.pem\"\n"
             "tls.key_location = \"{dir}/client.key\"\ntls.key_password = \"idle\""},
    RuleSpec{Rule::TlsKeyMismatch, "tls.key_mismatch", kError, "Certificate and key belong together",
             "is not the key of the certificate in {0}", "Give the key that the certificate was made for",
             "kafka.security_protocol = \"ssl\"\ntls.certificate_location = \"{dir}/client.pem\"\n"
             "tls.key_location = \"{dir}/other.key\""},
    RuleSpec{Rule::TlsKeyRights, "tls.key_rights", kWarning, "A private key is its owner's alone",
             "is a private key that other users may read", "chmod 600 {0}",
             "kafka.security_protocol = \"ssl\"\ntls.certificate_location = \"{dir}/client.pem\"\n"
             "tls.key_location = \"{dir}/readable.key\""},
    RuleSpec{Rule::SaslPair, "sasl.pair", kError, "User name and password come together", kPair, kBoth,
             "sasl.username = \"u\""},
    RuleSpec{Rule::SaslUnused, "sasl.unused", kWarning, "SASL settings go with a SASL protocol", kNoEffect,
             kOtherProtocol, "sasl.mechanism = \"PLAIN\""},
    RuleSpec{Rule::SaslMechanismMissing, "sasl.mechanism_missing", kError, "A SASL protocol has a mechanism",
             "is needed with kafka.security_protocol = \"{0}\"", "Set it to PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512",
             "kafka.security_protocol = \"sasl_ssl\"\nsasl.username = \"u\"\nsasl.password = \"env:SASL_PASSWORD\"",
             "SASL_PASSWORD=p"},
    RuleSpec{Rule::SaslUserMissing, "sasl.user_missing", kError, "A SASL protocol has a user",
             "is needed with kafka.security_protocol = \"{0}\"", "Set sasl.username and sasl.password",
             "kafka.security_protocol = \"sasl_ssl\"\nsasl.mechanism = \"PLAIN\""},
    RuleSpec{Rule::SaslPlainWithoutTls, "sasl.plain_without_tls", kWarning, "PLAIN is used over TLS only",
             "sends the password unencrypted over this connection: PLAIN without TLS",
             "Use kafka.security_protocol = \"sasl_ssl\", or a SCRAM mechanism",
             "kafka.security_protocol = \"sasl_plaintext\"\nsasl.mechanism = \"PLAIN\"\nsasl.username = \"u\"\n"
             "sasl.password = \"env:SASL_PASSWORD\"",
             "SASL_PASSWORD=p"},
    // kafka.extra
    RuleSpec{Rule::ExtraReserved, "extra.reserved", kError, "A librdkafka property breaks no promise of the console",
             "{0}", "{1}", "kafka.extra.acks = 1"},
    RuleSpec{Rule::ExtraType, "extra.type", kError, "A librdkafka property has one value",
             "must be text, a number, true or false", kCorrect, "kafka.extra.debug = [\"all\"]"},
    RuleSpec{Rule::ExtraUnknown, "extra.unknown", kError, "librdkafka knows the property",
             "is no property of this librdkafka; the nearest is {0}",
             "Correct or remove it; librdkafka's CONFIGURATION.md lists its properties",
             "kafka.extra.\"socket.timeout\" = 20000"},
    RuleSpec{Rule::ExtraValue, "extra.value", kError, "librdkafka takes the property's value", "is refused: {0}",
             kCorrect, "kafka.extra.\"socket.timeout.ms\" = 1"},
    RuleSpec{Rule::ExtraTogether, "kafka.together", kError, "librdkafka takes all settings of Kafka together", "{0}",
             "Correct the settings that it names, kafka.extra among them",
             "kafka.extra.\"reconnect.backoff.ms\" = 3600000"},
    // Delivery and limits
    RuleSpec{Rule::StrictNeedsIdempotence, "delivery.strict_needs_idempotence", kError, "Strict order has idempotence",
             "must be true with delivery.ordering = \"strict\": without it a retry can overtake",
             "Set it to true, or delivery.ordering to \"relaxed\"", "kafka.idempotence = false"},
    RuleSpec{Rule::InFlightOfIdempotence, "delivery.in_flight", kWarning,
             "Idempotence has at most five requests on the way", "must be at most 5 with kafka.idempotence",
             "5 is used instead; correct the value", "kafka.max_in_flight = 6"},
    RuleSpec{Rule::RetryMaximum, "retry.maximum", kWarning, "The longest delay is not below the first",
             "must not be below retry.base_ms", "{0} is used instead; correct one of the two",
             "retry.base_ms = 200\nretry.max_ms = 50"},
    RuleSpec{Rule::BatchWithoutCodec, "compression.no_codec", kWarning, "Compression by batch has a codec",
             "says \"batch\", but kafka.compression is \"none\": nothing is compressed",
             "Set kafka.compression, for instance to \"zstd\"", "message.compression = \"batch\""},
    RuleSpec{Rule::CompressedTwice, "compression.twice", kInfo, "Nothing is compressed twice",
             "compresses again what message.compression compressed",
             "Set message.compression to \"batch\" or kafka.compression to \"none\"", "kafka.compression = \"lz4\""},
    RuleSpec{Rule::RedisUrl, "rate.redis_url", kError, "Redis is named by a URL that this program can use", "{0}",
             "{1}", "rate.redis_url = \"cache:6379\""},
    RuleSpec{Rule::RedisPasswordInTheClear, "rate.redis_password", kInfo, "A password for Redis travels through TLS",
             "sends the password in the clear", "Use rediss:// where Redis has TLS",
             "rate.redis_url = \"redis://:secret@cache\""},
    RuleSpec{Rule::RateSharedDefault, "rate.shared_default", kInfo, "A shared limit is set by name",
             "is 100 where rate.redis_url is set and no limit is", "Set it to the limit that the other producers have",
             "rate.redis_url = \"redis://cache\""},
    RuleSpec{Rule::RateOnErrorLocal, "rate.on_error_local", kWarning, "A shared limit holds for all or nothing passes",
             "is \"local\": while Redis cannot decide, each process lets its whole limit pass by itself",
             "Set it to \"closed\" where the limit must hold for all producers together",
             "rate.redis_url = \"redis://cache\"\nrate.limit_per_second = 100\nrate.on_error = \"local\""},
    RuleSpec{Rule::RateOnErrorIdle, "rate.on_error_idle", kInfo, "What Redis' failure means goes with Redis",
             "has no effect without rate.redis_url", "Remove it: a limit of this process alone cannot fail",
             "rate.on_error = \"local\""},
    RuleSpec{Rule::OverrideValue, "rate.override", kError, "A tenant's limit is within its range",
             "must be a number in {0}", kCorrect, "rate.overrides.acme.burst = -1"},
    // [[sources]]
    RuleSpec{Rule::SourceField, "sources.field", kError, "A source has four fields",
             "is not known; a source has name, source, start and resume", "Correct or remove it",
             "[[sources]]\nsource = \"-\"\nspeed = 1"},
    RuleSpec{Rule::SourceValue, "sources.value", kError, "A source's field is of its type", "{0}", kCorrect,
             "[[sources]]\nsource = 5"},
    RuleSpec{Rule::SourceMissing, "sources.missing", kError, "A source says where messages come from",
             "must say where messages come from", "Write source = \"jsonl:FILE\" or another source",
             "[[sources]]\nname = \"nightly\""},
    RuleSpec{Rule::SourceKind, "sources.kind", kError, "A source is of a kind that there is, with its parameters",
             "{0}", "{1}", "[[sources]]\nsource = \"jsonlines:/var/spool/telemetry.jsonl\""},
    RuleSpec{Rule::SourceResume, "sources.resume", kError, "Only a file can be gone on with",
             "but {0} has no place to go on from: only files have one (jsonl:FILE, frames:FILE)", "Remove it",
             "[[sources]]\nsource = \"generate:count=5\"\nresume = true"},
    RuleSpec{Rule::SourceName, "sources.name", kError, "Each source has a name of its own",
             "must be another name for each source", "Give this source a name of its own",
             "[[sources]]\nsource = \"-\"\n[[sources]]\nsource = \"-\""},
};

} // namespace

std::span<const RuleSpec> laterRules() {
    return kRows;
}

} // namespace dashstream::config
