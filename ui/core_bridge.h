// The one crossing between the GUI and the core: snapshots come in by one queued call, at most as often as the engine
// publishes; commands go out to the engine's mailbox; questions to the store run on the reader thread; whatever touches
// a disk or could wait runs on the bridge's worker thread. Owned by the console; GUI thread unless said otherwise.
#pragma once

#include "core/base/strong_type.h"
#include "core/care/audit.h"
#include "core/engine/sequence_request.h"
#include "core/engine/snapshot.h"
#include "core/kafka/demo_cluster.h"
#include "core/observe/logging.h"
#include "ui/backend.h"
#include "ui/compose_outcome.h"
#include "ui/dead_progress.h"
#include "ui/exchange.h"
#include "ui/latest_box.h"
#include "ui/models/message_detail.h"
#include "ui/remote_reading.h"
#include "ui/store_access.h"

#include <QObject>

#include <memory>
#include <optional>
#include <vector>

class QThreadPool;

namespace dashstream::ui {

using SnapshotPtr = std::shared_ptr<const engine::Snapshot>;

class CoreBridge : public QObject, public StoreAccess {
    Q_OBJECT
public:
    explicit CoreBridge(QObject* parent = nullptr);
    /// Waits for the worker thread, which has nothing to do after close().
    ~CoreBridge() override;

    /// Runs `start` on the worker thread; ends with started() or startFailed().
    void start(StartBackend start);
    [[nodiscard]] bool attached() const { return m_backend != nullptr; }
    /// No command or question goes out any more; the backend closes on the worker thread; ends with closed().
    void close(milliseconds deadline, const CancelToken& hurry);

    void post(Work work, const CancelToken& cancel) override;

    void addSource(const QString& spec);
    /// Goes on with a file after its last accepted message.
    void goOnWithSource(const QString& spec);
    /// Sends one message, written as JSON, as a source of its own; says composeTaken() at once and composed() when its
    /// outcome is known. Over the rate limit it is refused.
    void compose(const QString& text);
    void pauseSource(SourceId id);
    void resumeSource(SourceId id);
    void stopSource(SourceId id);
    void retryNow(std::vector<RetryId> entries);
    void giveUp(std::vector<RetryId> entries);
    void resend(resend::ResendRequest request);
    void pauseResend(ResendJobId job);
    void resumeResend(ResendJobId job);
    void setResendRate(ResendJobId job, double perSecond);
    /// Tries refused copies of dead letters again; empty: all of them.
    void copyDead(std::vector<DeadLetterId> letters);
    void cancelResend(ResendJobId job);
    /// Discards or restores, however many letters; one at a time. Told by deadChangeProgress(), the last one not
    /// running.
    void changeDead(const store::DeadChange& change);
    void cancelDeadChange();
    /// Forgets these threads (ids of the store's rows), or those that nobody used since then; ends with
    /// threadsForgotten().
    void forgetThreads(std::vector<std::int64_t> rows);
    void forgetIdle(UtcTime since);
    /// Reads the whole topic for its numbers; ends with seedEnded().
    void seedFromTopic();
    void cancelSeed();
    /// Reads another's dead letter topic: remoteProgress() again and again, then remoteEnded().
    void readRemote(const RemoteQuestion& question);
    void stopRemote();
    /// Answered by remoteRecord(), unless another one is asked for meanwhile.
    void readRemoteRecord(const QString& topic, PartitionId partition, Offset offset);
    /// Follows the audit log's chain: auditProgress(), then auditChecked().
    void checkAudit();
    void cancelAuditCheck();
    /// Dead letters in files, one thing at a time: an export and an import end with exchangeEnded(), a check with that
    /// or importChecked().
    void exportDead(const DeadExport& request);
    void checkImport(const QString& file);
    void importDead(const QString& file, bool leaveOutWrong);
    void cancelExchange();
    void setBrokerDown(BrokerId broker, bool down);
    void setBrokerSlow(BrokerId broker, bool slow);
    void setRefuseWrites(bool refuse);
    void setLeaderLost(bool lost);
    /// Answered by logLines().
    void fetchLog(std::uint64_t after);

Q_SIGNALS:
    void started(const std::shared_ptr<dashstream::ui::Backend>& backend);
    void startFailed(const dashstream::Error& error);
    void heldByAnother(); ///< another console has the profile and shows its window now
    void closed();
    void snapshotArrived(const dashstream::ui::SnapshotPtr& snapshot);
    void demoSwitchesArrived(const dashstream::kafka::DemoSwitches& switches);
    void composeTaken(dashstream::SourceId source);
    void composed(const dashstream::ui::ComposeOutcome& outcome);
    void threadsForgotten(const dashstream::engine::ForgetOutcome& outcome);
    void seedProgress(quint64 records, quint64 threads);
    /// `records` of the topic were read; without an outcome it was cancelled or failed, which commandFailed() tells.
    void seedEnded(quint64 records, const std::optional<dashstream::engine::SeedOutcome>& outcome);
    void remoteProgress(const dashstream::ui::RemoteProgress& progress);
    void remoteEnded(const dashstream::ui::RemoteEnd& end);
    void remoteRecord(const dashstream::Result<dashstream::ui::MessageDetail>& detail);
    void auditProgress(const QString& text);
    void auditChecked(const dashstream::Result<dashstream::care::AuditReport>& report);
    void exchangeProgress(const dashstream::ui::ExchangeProgress& progress);
    void importChecked(const dashstream::ui::ImportPreview& preview);
    void exchangeEnded(const dashstream::ui::ExchangeEnd& end);
    void deadChangeProgress(const dashstream::ui::DeadProgress& progress);
    void logLines(const std::vector<dashstream::observe::LogLine>& lines);
    void commandFailed(const dashstream::Error& error);

private:
    using OnGui = std::function<void(CoreBridge& bridge)>;
    /// What runs on the worker thread; gives back what is to be done on the GUI thread (may be empty).
    using Task = std::function<OnGui()>;

    void run(Task task);
    void openSource(const QString& spec, source::Start start);
    void attach(std::shared_ptr<Backend> backend);
    void listen();
    void fetchSwitches();
    struct ForgetRun;
    struct SeedRun;
    struct ChangeRun;
    static void changeNext(const std::shared_ptr<ChangeRun>& run);
    void forgetNamed(std::vector<std::string> names, std::optional<UtcTime> since);
    static void forgetNext(const std::shared_ptr<ForgetRun>& run);
    static void seedNext(const std::shared_ptr<SeedRun>& run);
    void runExchange(std::function<OnGui(const Backend& backend, const CancelToken& cancel)> task);
    [[nodiscard]] std::function<void(ExchangeProgress)> progressTeller();
    void tellLater(const Error& error);
    void changeDemo(std::function<Result<void>(kafka::DemoCluster& demo)> change);

    std::shared_ptr<LatestBox<SnapshotPtr>> m_box = std::make_shared<LatestBox<SnapshotPtr>>();
    std::shared_ptr<Backend> m_backend;
    bool m_closing = false;
    std::vector<std::pair<Work, CancelToken>> m_early; ///< questions asked before the store was open
    std::unique_ptr<QThreadPool> m_worker;             ///< one thread: tasks run in order
    std::unique_ptr<QThreadPool> m_reading;            ///< one thread: reads a topic, which may take long
    std::unique_ptr<QThreadPool> m_exchange;           ///< one thread: reads and writes files of dead letters
    CancelToken m_seedCancel;
    std::unique_ptr<QThreadPool> m_remote;        ///< one thread: another's dead letter topic
    std::unique_ptr<QThreadPool> m_remoteRecords; ///< one thread: one record of it
    CancelToken m_remoteCancel;
    CancelToken m_recordCancel;
    CancelToken m_auditCancel;
    CancelToken m_exchangeCancel;
    std::shared_ptr<ChangeRun> m_change; ///< null: none is under way
};

} // namespace dashstream::ui
