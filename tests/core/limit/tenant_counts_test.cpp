#include "core/limit/tenant_counts.h"
#include "core/limit/tenant_label.h"

#include <gtest/gtest.h>

namespace dashstream::limit {
namespace {

TEST(TenantLabel, APlainNameStaysAsItIs) {
    EXPECT_EQ(tenantLabel("acme-eu_1.prod"), "acme-eu_1.prod");
    EXPECT_EQ(tenantLabel(std::string(64, 'a')), std::string(64, 'a'));
}

TEST(TenantLabel, ALongOrOddNameIsShownByItsHash) {
    EXPECT_EQ(tenantLabel("acme corp"), "tenant_ea6f9c07a2f9"); // echo -n 'acme corp' | sha256sum
    EXPECT_EQ(tenantLabel(std::string(65, 'a')), "tenant_635361c48bb9");
    EXPECT_EQ(tenantLabel("a\"}\n"), tenantLabel("a\"}\n"));
    EXPECT_NE(tenantLabel("a b"), tenantLabel("a  b"));
}

TEST(TenantCounts, EachTenantIsCountedByItself) {
    TenantCounts counts;
    counts.allow("acme", 3);
    counts.exceed("globex", 2);
    counts.allow("acme", 1);

    ASSERT_EQ(counts.decisions().size(), 2U);
    EXPECT_EQ(counts.decisions()[0].label, "acme");
    EXPECT_EQ(counts.decisions()[0].allowed, 4U);
    EXPECT_EQ(counts.decisions()[1].exceeded, 2U);
    EXPECT_EQ(counts.allowed(), 4U);
    EXPECT_EQ(counts.exceeded(), 2U);
}

TEST(TenantCounts, PastAThousandNamesTheRestShareOne) {
    TenantCounts counts;
    for (std::size_t i = 0; i < TenantCounts::kMaxLabels + 500; ++i) {
        counts.allow("t-" + std::to_string(i), 1);
    }
    counts.allow("t-0", 1);

    ASSERT_EQ(counts.decisions().size(), TenantCounts::kMaxLabels + 1);
    EXPECT_EQ(counts.decisions().front().allowed, 2U) << "a name that came early keeps its line";
    EXPECT_EQ(counts.decisions().back().label, kOverflowLabel);
    EXPECT_EQ(counts.decisions().back().allowed, 500U);
}

TEST(LatencyBuckets, ATimeStandsInTheFirstBucketThatHoldsIt) {
    LatencyBuckets buckets;
    buckets.add(microseconds{100});
    buckets.add(microseconds{101});
    buckets.add(microseconds{5'000'000});

    EXPECT_EQ(buckets.counts.front(), 1U);
    EXPECT_EQ(buckets.counts[1], 1U);
    EXPECT_EQ(buckets.counts.back(), 1U);
    EXPECT_EQ(buckets.count, 3U);
    EXPECT_NEAR(buckets.sumMs, 5000.201, 1e-9);
}

} // namespace
} // namespace dashstream::limit
