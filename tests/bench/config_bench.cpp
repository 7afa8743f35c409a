// The check of a full profile, certificate files included, against bare reading and parsing of the same files.
#include "core/config/loader.h"
#include "core/config/option_table.h"
#include "core/kafka/property_check.h"
#include "tests/bench/bench_report.h"
#include "tests/support/certificates.h"
#include "tests/support/temp_dir.h"

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#define TOML_HEADER_ONLY 1
#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

#include <chrono>
#include <filesystem>

namespace {

using namespace dashstream;
using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point begin) {
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

[[noreturn]] void giveUp(const std::string& why) {
    std::fprintf(stderr, "config_bench: %s\n", why.c_str());
    std::exit(1);
}

struct Files {
    std::filesystem::path profile, ca, certificate, key;
};

/// Every setting of the table with a value, TLS with client certificate, SASL, extra properties, overrides, sources.
std::string fullProfile(const Files& files) {
    const std::map<std::string, std::string> own{{"kafka.bootstrap_servers", "broker-1:9092,broker-2:9092,[::1]:9092"},
                                                 {"kafka.security_protocol", "sasl_ssl"},
                                                 {"tls.ca_location", files.ca.string()},
                                                 {"tls.certificate_location", files.certificate.string()},
                                                 {"tls.key_location", files.key.string()},
                                                 {"tls.key_password", testing::kKeyPassword},
                                                 {"sasl.mechanism", "SCRAM-SHA-512"},
                                                 {"sasl.username", "telemetry"},
                                                 {"sasl.password", "a-password"}};
    std::string toml;
    for (const config::OptionSpec& option : config::options()) {
        const std::string key(option.key);
        const auto found = own.find(key);
        const std::string value = found != own.end() ? found->second : option.defaultText();
        const bool plain = option.kind == config::Kind::Boolean || option.kind == config::Kind::Count;
        if (option.kind != config::Kind::Number && (!value.empty() || !plain)) {
            toml += key + " = " + (plain ? value : "\"" + value + "\"") + "\n";
        }
    }
    toml +=
        "kafka.extra.\"socket.timeout.ms\" = 20000\nkafka.extra.\"metadata.max.age.ms\" = 60000\n"
        "kafka.extra.\"socket.send.buffer.bytes\" = 1048576\nkafka.extra.\"topic.metadata.refresh.sparse\" = true\n";
    for (int tenant = 0; tenant < 10; ++tenant) {
        toml += "rate.overrides.tenant-" + std::to_string(tenant) + ".limit_per_second = 50\n";
    }
    for (int source = 0; source < 5; ++source) {
        toml += "[[sources]]\nname = \"source-" + std::to_string(source) + "\"\nsource = \"jsonl:/tmp/a.jsonl\"\n";
    }
    return toml;
}

void check(const Files& files) {
    config::LoadRequest request;
    request.file = files.profile;
    request.checkProperty = kafka::checkProperty;
    request.now = testing::certificatesDay();
    const auto loaded = config::load(request);
    if (!loaded || !loaded->usable()) {
        giveUp(loaded ? loaded->findings.front().key + " " + loaded->findings.front().rule : loaded.error().text());
    }
}

using Bio = std::unique_ptr<BIO, decltype([](BIO* bio) { BIO_free(bio); })>;

std::size_t bareCertificates(const std::filesystem::path& file) {
    const std::string pem = testing::readFile(file);
    const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    std::size_t count = 0;
    while (X509* certificate = PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)) {
        X509_free(certificate);
        ++count;
    }
    return count;
}

void bare(const Files& files) {
    const auto document = toml::parse(testing::readFile(files.profile));
    const std::size_t certificates = bareCertificates(files.ca) + bareCertificates(files.certificate);
    const std::string pem = testing::readFile(files.key);
    const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    std::string password(testing::kKeyPassword);
    EVP_PKEY* key = PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, password.data());
    if (!document || certificates < 2 || key == nullptr) {
        giveUp("the bare parsers cannot read what we wrote");
    }
    EVP_PKEY_free(key);
}

template <typename Work>
double msEach(std::size_t turns, Work work) {
    const auto begin = Clock::now();
    for (std::size_t i = 0; i < turns; ++i) {
        work();
    }
    return secondsSince(begin) * 1e3 / static_cast<double>(turns);
}

} // namespace

int main(int argc, char** argv) {
    const bench::Options options = bench::parse(argc, argv, {.runs = 7, .size = 50, .smokeSize = 2});
    bench::printMachine("config: check of a full profile with certificate, encrypted key and authority");
    const testing::TempDir folder;
    testing::writeCertificates(folder.path());
    Files files{folder / "full.toml", folder / "ca.pem", folder / "client.pem", folder / "encrypted.key"};
    testing::writeFile(files.profile, fullProfile(files));
    namespace fs = std::filesystem;
    fs::permissions(files.profile, fs::perms::owner_read | fs::perms::owner_write);
    bench::Ratios ratios("check ms", "bare parse ms");
    for (int index = 0; index < options.runs; ++index) {
        const double ours = msEach(options.size, [&] { check(files); });
        ratios.add(ours, msEach(options.size, [&] { bare(files); }));
    }
    // The system's bundle of authorities is what most profiles name.
    files.ca = "/etc/ssl/certs/ca-certificates.crt";
    if (fs::exists(files.ca)) {
        testing::writeFile(files.profile, fullProfile(files));
        std::printf("with the system's authorities (%zu certificates): check %.2f ms, bare parse %.2f ms\n",
                    bareCertificates(files.ca), msEach(options.size, [&] { check(files); }),
                    msEach(options.size, [&] { bare(files); }));
    }
    ratios.print("config_check_ratio", "of bare parsing; the check itself: target <= 5 ms");
    return 0;
}
