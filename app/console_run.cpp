#include "app/console_run.h"

#include "app/console_backend.h"
#include "app/console_signals.h"
#include "app/exit_codes.h"
#include "ui/console.h"
#include "ui/widgets/gui_probe.h"

#include <QApplication>
#include <QTimer>

#include <cstdio>
#include <string>

namespace dashstream::app {
namespace {

ui::ConsoleOptions optionsOf(const ConsoleLine& line) {
    ui::ConsoleOptions options;
    options.settingsFile = ui::UiState::defaultFile();
    options.page = QString::fromStdString(line.page);
    options.theme = qEnvironmentVariable("DASHSTREAM_THEME");
    options.profile = QString::fromStdString(line.launch.profile);
    return options;
}

/// Ends the console after the measured time; its window closes as if the operator had closed it.
void measure(ui::GuiProbe& probe, ui::Console& console, QTimer& end, double seconds) {
    probe.watchFirstPaint(&console.window());
    probe.start();
    QObject::connect(&end, &QTimer::timeout, &console, [&probe, &console] {
        probe.stop();
        console.close();
    });
    end.setSingleShot(true);
    end.start(static_cast<int>(seconds * 1000));
}

} // namespace

int runConsole(int argc, char** argv, const ConsoleLine& line) {
    ConsoleSignals::block();
    QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("dashstream-console"));
    QApplication::setApplicationDisplayName(QStringLiteral("DashStream Console"));
    QApplication::setDesktopFileName(QStringLiteral("dashstream-console"));
    QApplication::setQuitOnLastWindowClosed(false); // closing waits for what is in flight
    ui::Console console(application, optionsOf(line));
    ConsoleSignals signalSource;
    QObject::connect(&signalSource, &ConsoleSignals::stopWanted, &console, &ui::Console::closeOrHurry);
    QObject::connect(&console, &ui::Console::finished, &application, &QCoreApplication::quit, Qt::QueuedConnection);
    ui::GuiProbe probe;
    QTimer measured;
    if (line.measureGuiSeconds > 0) {
        measure(probe, console, measured, line.measureGuiSeconds);
    }
    console.start([line, context = QPointer<ui::Console>(&console)] {
        return openBackend(line, [context] {
            QMetaObject::invokeMethod(
                QCoreApplication::instance(),
                [context] {
                    if (context) {
                        context->raise();
                    }
                },
                Qt::QueuedConnection);
        });
    });
    const int code = QApplication::exec();
    if (line.measureGuiSeconds > 0) {
        std::fputs((probe.json().toStdString() + '\n').c_str(), stdout);
    }
    return console.startFailed() ? toInt(ExitCode::Usage) : code;
}

} // namespace dashstream::app
