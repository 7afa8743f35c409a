// A console with a profile of its own on the demo cluster, for tests that click it.
#pragma once

#include "app/console_backend.h"
#include "ui/console.h"
#include "ui/widgets/confirm_dialog.h"

#include <QApplication>
#include <QCheckBox>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTemporaryDir>
#include <QTest>

namespace dashstream::ui::testing {

constexpr int kPatienceMs = 20'000;

/// A console with a profile of its own; what it remembers goes nowhere.
class ConsoleRig {
public:
    explicit ConsoleRig(const QString& folder, std::vector<std::pair<std::string, std::string>> sets = {}) {
        m_line.launch.profile = "gui-test";
        m_line.launch.dataDir = folder.toStdString();
        m_line.launch.demo = true;
        m_line.launch.sets = std::move(sets);
        ConsoleOptions options;
        options.profile = QStringLiteral("gui-test");
        options.theme = qEnvironmentVariable("DASHSTREAM_TEST_THEME"); // for whoever looks on
        options.drainTimeout = milliseconds(8000);
        m_console = std::make_unique<Console>(*qobject_cast<QApplication*>(QCoreApplication::instance()), options);
        QObject::connect(&m_console->bridge(), &CoreBridge::snapshotArrived, m_console.get(),
                         [this](const SnapshotPtr& snapshot) { m_snapshot = snapshot; });
    }

    void start() {
        m_console->start([line = m_line] { return app::openBackend(line, [] {}); });
    }
    /// Starts and waits until the pages are there and the brokers are up.
    [[nodiscard]] bool ready() {
        QSignalSpy ready(m_console.get(), &Console::ready);
        start();
        return QTest::qWaitFor([&] { return !ready.isEmpty() && connected(); }, kPatienceMs);
    }
    [[nodiscard]] bool connected() const {
        return m_snapshot != nullptr && m_snapshot->connection == engine::ConnectionState::Connected;
    }
    [[nodiscard]] bool closes() {
        QSignalSpy finished(m_console.get(), &Console::finished);
        window().close();
        return QTest::qWaitFor([&] { return !finished.isEmpty(); }, kPatienceMs);
    }

    [[nodiscard]] Console& console() { return *m_console; }
    [[nodiscard]] MainWindow& window() { return m_console->window(); }
    [[nodiscard]] engine::Accounting accounting() const {
        return m_snapshot ? m_snapshot->accounting : engine::Accounting{};
    }
    template <typename T>
    [[nodiscard]] T* find(const char* name) {
        return window().findChild<T*>(QString::fromLatin1(name));
    }
    void click(const char* button) { QTest::mouseClick(find<QAbstractButton>(button), Qt::LeftButton); }

    /// Through the form, as an operator does.
    void startGenerator(int count, int rate) {
        window().showPage(QStringLiteral("sources"));
        click("generator");
        auto* dialog = window().findChild<QDialog*>(QStringLiteral("generatorDialog"));
        dialog->findChild<QSpinBox*>(QStringLiteral("count"))->setValue(count);
        dialog->findChild<QSpinBox*>(QStringLiteral("rate"))->setValue(rate);
        dialog->findChild<QSpinBox*>(QStringLiteral("threads"))->setValue(10);
        QTest::mouseClick(dialog->findChild<QPushButton*>(QStringLiteral("startGenerator")), Qt::LeftButton);
    }
    /// Presses `button`, and then `actionText` in the question that comes.
    void confirm(const char* button, const QString& actionText) {
        QTRY_VERIFY(find<QPushButton>(button)->isEnabled());
        click(button);
        auto* dialog = find<QDialog>("confirmDialog");
        QVERIFY(dialog != nullptr);
        auto* action = dialog->findChild<QPushButton*>(QStringLiteral("confirmAction"));
        QVERIFY(action != nullptr);
        QTRY_COMPARE(action->text(), actionText);
        QVERIFY(!action->isDefault());
        QTest::mouseClick(action, Qt::LeftButton);
        QTRY_VERIFY(find<QDialog>("confirmDialog") == nullptr);
    }
    void setSwitch(const char* name, bool on) {
        window().showPage(QStringLiteral("sources"));
        auto* box = find<QCheckBox>(name);
        if (box->isChecked() != on) {
            box->click();
        }
    }

private:
    app::ConsoleLine m_line;
    std::unique_ptr<Console> m_console;
    SnapshotPtr m_snapshot;
};

/// Nothing that this process writes goes to the user's own folders.
inline void keepHomeIn(const QTemporaryDir& home) {
    qputenv("XDG_CONFIG_HOME", home.filePath(QStringLiteral("config")).toUtf8());
    qputenv("XDG_STATE_HOME", home.filePath(QStringLiteral("state")).toUtf8());
    qputenv("XDG_DATA_HOME", home.filePath(QStringLiteral("data")).toUtf8());
}

/// Settings with which a refused message dies soon.
inline const std::vector<std::pair<std::string, std::string>> kQuick{
    {"delivery.send_timeout_ms", "1s"}, {"retry.attempts", "2"}, {"retry.base_ms", "50ms"}, {"retry.max_ms", "100ms"}};

} // namespace dashstream::ui::testing
