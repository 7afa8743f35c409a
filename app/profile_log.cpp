#include "app/profile_log.h"

#include "core/store/audit_log_line.h"

namespace dashstream::app {

Result<std::unique_ptr<observe::Logger>> openProfileLog(const Settings& settings,
                                                        const std::shared_ptr<const observe::Redactor>& redactor) {
    const config::LogSettings& log = settings.loaded.config.log;
    observe::LogOptions options;
    options.file = settings.paths.logFile;
    options.level = observe::parseLogLevel(log.level).value_or(observe::LogLevel::Info);
    options.maxFileBytes = log.maxBytes;
    options.files = log.files;
    return observe::Logger::open(options, redactor);
}

void logAuditHead(observe::Logger& logger, const store::AuditHead& head) {
    if (head.id > 0) {
        logger.log(observe::LogLevel::Info, store::kAuditLogComponent, store::auditLogText(head));
    }
}

} // namespace dashstream::app
