// The bridge's part for the check of the audit log, which reads the store's files and the application log.
#include "core/care/audit.h"
#include "core/observe/rotated_logs.h"
#include "ui/core_bridge.h"
#include "ui/format.h"

#include <QCoreApplication>
#include <QPointer>
#include <QThreadPool>

namespace dashstream::ui {

void CoreBridge::checkAudit() {
    if (!attached() || m_closing) {
        return;
    }
    m_auditCancel.cancel();
    m_auditCancel = CancelToken();
    m_reading->start([self = QPointer<CoreBridge>(this), folder = m_backend->dataFolder, log = m_backend->logFile,
                      cancel = m_auditCancel] {
        const auto onGui = [self](std::function<void(CoreBridge&)> call) {
            QMetaObject::invokeMethod(
                QCoreApplication::instance(),
                [self, call = std::move(call)] {
                    if (self) {
                        call(*self);
                    }
                },
                Qt::QueuedConnection);
        };
        care::CareOptions how;
        how.cancel = cancel;
        how.progress = [&onGui, last = SteadyTime{}, clock = SystemClock()](const std::string& text) mutable {
            if (clock.steadyNow() - last >= milliseconds(200)) { // it comes often
                last = clock.steadyNow();
                onGui([text](CoreBridge& bridge) { Q_EMIT bridge.auditProgress(fromOutside(text)); });
            }
        };
        const auto logs = log.empty() ? std::vector<std::filesystem::path>{} : observe::rotatedLogs(log);
        auto report = care::verifyAudit(folder, logs, how);
        onGui([report = std::move(report)](CoreBridge& bridge) { Q_EMIT bridge.auditChecked(report); });
    });
}

void CoreBridge::cancelAuditCheck() {
    m_auditCancel.cancel();
}

} // namespace dashstream::ui
