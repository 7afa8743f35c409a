// Certificate and key files as the check sees them. Each way of being wrong is in tests/app/rules_manual_test.cpp.
#include "tests/core/config/load_helper.h"
#include "tests/support/certificates.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <array>
#include <fstream>

namespace dashstream::config::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class TlsFiles : public ::testing::Test {
protected:
    void SetUp() override { dashstream::testing::writeCertificates(m_folder.path()); }

    [[nodiscard]] std::string path(const std::string& name) const { return (m_folder.path() / name).string(); }

    [[nodiscard]] Loaded check(const std::string& ca, const std::string& certificate, const std::string& key,
                               const std::string& password = {},
                               UtcTime now = dashstream::testing::certificatesDay()) const {
        LoadRequest request;
        request.sets = {{"kafka.security_protocol", "ssl"},
                        {"tls.ca_location", ca},
                        {"tls.certificate_location", certificate},
                        {"tls.key_location", key},
                        {"tls.key_password", password}};
        request.now = now;
        auto loaded = load(request);
        EXPECT_TRUE(loaded);
        return loaded ? std::move(*loaded) : Loaded{};
    }

    /// One file of two others, in their order.
    [[nodiscard]] std::string joined(const std::string& first, const std::string& second) const {
        const std::string name = path("joined.pem");
        std::ofstream(name) << std::ifstream(path(first)).rdbuf() << std::ifstream(path(second)).rdbuf();
        return name;
    }

    Folder m_folder;
};

TEST_F(TlsFiles, GoodOnesAreNoFinding) {
    EXPECT_TRUE(check(path("ca.pem"), path("client.pem"), path("client.key")).findings.empty());
    EXPECT_TRUE(check(path("ca.pem"), path("client.pem"), path("encrypted.key"), dashstream::testing::kKeyPassword)
                    .findings.empty());
    EXPECT_TRUE(check("probe", "", "").findings.empty());
    EXPECT_TRUE(check(m_folder.path().string(), "", "").findings.empty()) << "a folder of authorities";
}

TEST_F(TlsFiles, AuthoritiesForRedisAreCheckedWhateverKafkaUses) {
    const auto checkWith = [this](const std::string& url, const std::string& ca) {
        LoadRequest request;
        request.sets = {{"rate.redis_url", url}, {"tls.ca_location", path(ca)}};
        request.now = dashstream::testing::certificatesDay();
        auto loaded = load(request);
        EXPECT_TRUE(loaded);
        return loaded ? std::move(*loaded) : Loaded{};
    };
    EXPECT_FALSE(hasFinding(checkWith("rediss://cache", "ca.pem"), "tls.ca_location"));
    EXPECT_THAT(findingOf(checkWith("rediss://cache", "expired.pem"), "tls.ca_location").rule, HasSubstr("expired on"));
    EXPECT_THAT(findingOf(checkWith("redis://cache", "ca.pem"), "tls.ca_location").rule, HasSubstr("has no effect"));
}

TEST_F(TlsFiles, APipeIsNotWaitedFor) {
    ASSERT_EQ(::mkfifo(path("pipe").c_str(), 0600), 0);
    for (const auto& [ca, certificate, key] : {std::array{path("pipe"), std::string(), std::string()},
                                               std::array{std::string(), path("pipe"), path("client.key")},
                                               std::array{std::string(), path("client.pem"), path("pipe")}}) {
        const Loaded loaded = check(ca, certificate, key);
        EXPECT_FALSE(loaded.usable());
        EXPECT_THAT(loaded.findings.front().rule, HasSubstr("it is no regular file"));
    }
}

TEST_F(TlsFiles, BundleWithOneAuthorityThatIsValidIsGood) {
    EXPECT_TRUE(check(joined("expired.pem", "ca.pem"), "", "").findings.empty());
    EXPECT_TRUE(check(joined("ca.pem", "future.pem"), "", "").findings.empty());
}

TEST_F(TlsFiles, ExpiredCertificateOfTheClientsChainIsAnError) {
    const Loaded loaded = check("", joined("client.pem", "expired.pem"), path("client.key"));
    EXPECT_EQ(findingOf(loaded, "tls.certificate_location").id, "tls.expired");
    EXPECT_FALSE(loaded.usable());
}

TEST_F(TlsFiles, DayDecidesBetweenGoodSoonAndExpired) {
    const UtcTime day = dashstream::testing::certificatesDay(); // client.pem ends 365 days later
    const auto idAt = [&](std::chrono::hours later) {
        const Loaded loaded = check("", path("client.pem"), path("client.key"), "", day + later);
        return loaded.findings.empty() ? std::string() : loaded.findings.front().id;
    };
    EXPECT_EQ(idAt(std::chrono::hours(24 * 335)), "");
    EXPECT_EQ(idAt(std::chrono::hours(24 * 335 + 1)), "tls.expires_soon");
    EXPECT_EQ(idAt(std::chrono::hours(24 * 365 - 1)), "tls.expires_soon");
    EXPECT_EQ(idAt(std::chrono::hours(24 * 365)), "tls.expired");
    EXPECT_EQ(idAt(std::chrono::hours(-48)), "tls.not_yet_valid");
}

TEST_F(TlsFiles, PasswordIsInNoMessage) {
    for (const char* key : {"encrypted.key", "client.key", "no-pem.txt"}) {
        const Loaded loaded = check("", path("client.pem"), path(key), "canary-word");
        EXPECT_FALSE(loaded.findings.empty()) << key;
        EXPECT_THAT(everythingShown(loaded), Not(HasSubstr("canary"))) << key;
    }
}

TEST_F(TlsFiles, EverythingThatIsWrongIsSaidAtOnce) {
    const Loaded loaded = check(path("missing.pem"), path("expired.pem"), path("readable.key"), "idle");
    EXPECT_EQ(findingOf(loaded, "tls.ca_location").id, "tls.file");
    EXPECT_EQ(findingOf(loaded, "tls.certificate_location").id, "tls.expired");
    EXPECT_EQ(findingOf(loaded, "tls.key_location").id, "tls.key_rights");
    EXPECT_EQ(findingOf(loaded, "tls.key_password").id, "tls.key_password_unused");
}

TEST_F(TlsFiles, AreNotOpenedWithoutTls) {
    LoadRequest request;
    request.sets = {{"tls.ca_location", path("missing.pem")}};
    const auto loaded = load(request);
    ASSERT_TRUE(loaded);
    EXPECT_EQ(findingOf(*loaded, "tls.ca_location").id, "tls.unused");
    EXPECT_EQ(loaded->findings.size(), 1U);
}

} // namespace
} // namespace dashstream::config::test
