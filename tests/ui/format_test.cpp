// Numbers, times and foreign text as the screens show them.
#include "ui/format.h"
#include "ui/widgets/csv.h"

#include <QTest>

using namespace dashstream;
using namespace dashstream::ui;

namespace {

QString thin(const char* text) {
    return QString::fromUtf8(text).replace(QLatin1Char('_'), kThinSpace);
}

} // namespace

class FormatTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void numbersHaveThinSpaceThousands() {
        QCOMPARE(formatNumber(std::uint64_t{7}), thin("7"));
        QCOMPARE(formatNumber(std::uint64_t{1204}), thin("1_204"));
        QCOMPARE(formatNumber(std::uint64_t{1234567}), thin("1_234_567"));
        QCOMPARE(formatNumber(std::int64_t{-1204}), thin("−1_204"));
        QCOMPARE(formatNumber(std::numeric_limits<std::int64_t>::min()), thin("−9_223_372_036_854_775_808"));
        QCOMPARE(formatMessages(1), thin("1 message"));
        QCOMPARE(formatMessages(1204), thin("1_204 messages"));
    }

    void measuresCarryTheirUnit() {
        QCOMPARE(formatBytes(512), thin("512_B"));
        QCOMPARE(formatBytes(1'048'576), thin("1.00_MiB"));
        QCOMPARE(formatLatency(microseconds{820}), thin("820_µs"));
        QCOMPARE(formatLatency(microseconds{1'240}), thin("1.24_ms"));
        QCOMPARE(formatLatency(microseconds{8'800'000}), thin("8.80_s"));
        QCOMPARE(formatDuration(milliseconds{200'000}), thin("3_min 20_s"));
        QCOMPARE(formatDuration(milliseconds{7'500'000}), thin("2_h 5_min"));
        QCOMPARE(formatRate(0), thin("0/s"));
        QCOMPARE(formatRate(2.5), thin("2.5/s"));
        QCOMPARE(formatRate(49'812.4), thin("49_812/s"));
    }

    void timesNameTheirZone() {
        qputenv("TZ", "UTC");
        const QString text = formatMoment(utcFromMicros(1'795'466'921'000'000));
        QVERIFY2(text.endsWith(QStringLiteral(" UTC")), qPrintable(text));
        QCOMPARE(formatMoment(UtcTime{}), QStringLiteral("–"));
    }

    void foreignTextIsNeverMarkupOrControl() {
        const QString text = fromOutside("<b>x</b>\x1b[31m\xff\u202e");
        QVERIFY(!text.contains(QChar(0x1b)));
        QVERIFY(!text.contains(QChar(0x202E)));
        QVERIFY(text.contains(QChar(QChar::ReplacementCharacter)));
        QCOMPARE(plainToolTip(QStringLiteral("<b>x</b>")), QStringLiteral("<span>&lt;b&gt;x&lt;/b&gt;</span>"));
        QCOMPARE(withoutMnemonic(QStringLiteral("a&b")), QStringLiteral("a&&b"));
    }

    void csvCellsCannotBecomeFormulas_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("cell");
        QTest::newRow("plain") << QStringLiteral("t-1") << QStringLiteral("t-1");
        QTest::newRow("equals") << QStringLiteral("=1+1") << QStringLiteral("'=1+1");
        QTest::newRow("at") << QStringLiteral("@SUM(A1)") << QStringLiteral("'@SUM(A1)");
        QTest::newRow("minus") << QStringLiteral("-cmd") << QStringLiteral("'-cmd");
        QTest::newRow("negative number stays") << QStringLiteral("-12.5") << QStringLiteral("-12.5");
        QTest::newRow("tab") << QStringLiteral("\tx") << QStringLiteral("'\tx");
        QTest::newRow("nul") << QString(QChar(0)) + QLatin1Char('x')
                             << QLatin1Char('\'') + QString(QChar(0)) + QLatin1Char('x');
        QTest::newRow("quotes") << QStringLiteral("a\"b,c") << QStringLiteral("\"a\"\"b,c\"");
        QTest::newRow("formula with quotes") << QStringLiteral("=\"a\"") << QStringLiteral("\"'=\"\"a\"\"\"");
    }

    void csvCellsCannotBecomeFormulas() {
        QFETCH(QString, text);
        QFETCH(QString, cell);
        QCOMPARE(csvCell(text), cell);
    }

    void tsvKeepsOneLineARow() {
        QCOMPARE(tsvLine({QStringLiteral("a\tb"), QStringLiteral("c\nd")}), QStringLiteral("a b\tc d"));
    }
};

QTEST_MAIN(FormatTest)
#include "format_test.moc"
