// BatchWriter's part for resend jobs.
#include "core/store/batch_writer_sql.h"
#include "core/store/row_io.h"

#include <algorithm>

namespace dashstream::store {

Result<void> BatchWriter::write(const op::PutResendJob& put) {
    const ResendJob& job = put.job;
    m_marks.nextJob = std::max(m_marks.nextJob, job.id.value + 1);
    Result<void> done = statement(Sql::AddJob)
                            .bind(job.id.value)
                            .bind(number(job.state))
                            .bind(job.createdAt)
                            .bind(job.endedAt)
                            .bindText(job.requestedBy)
                            .bind(job.total)
                            .bind(job.delivered)
                            .bind(job.failed)
                            .bindText(job.topic)
                            .bindReal(job.ratePerSecond)
                            .bind(job.canary)
                            .bind(std::int64_t{job.canaryWait.count()})
                            .bind(std::int64_t{job.maxFailedPercent})
                            .bindText(job.filter)
                            .bindText(job.why)
                            .bindText(job.sourceTopic)
                            .bindText(job.edits)
                            .run();
    return done ? write(op::AddResendItems{job.id, put.items}) : done;
}

Result<void> BatchWriter::write(const op::AddResendItems& add) {
    for (const DeadLetterId item : add.items) {
        Result<void> done = statement(Sql::AddItem).bind(add.job.value).bind(item.value).run();
        if (!done) {
            return done;
        }
    }
    return {};
}

Result<void> BatchWriter::write(const op::AddRemoteItems& add) {
    std::uint32_t number = add.firstNumber;
    for (const RemotePlace& place : add.places) {
        const DeadLetterId item = remoteItem(add.job, number++);
        Result<void> done = statement(Sql::AddItem).bind(add.job.value).bind(item.value).run();
        done = done ? statement(Sql::AddPlace)
                          .bind(add.job.value)
                          .bind(item.value)
                          .bind(std::int64_t{place.partition.value})
                          .bind(place.offset.value)
                          .bind(std::int64_t{place.checksum})
                          .run()
                    : done;
        if (!done) {
            return done;
        }
    }
    return {};
}

Result<void> BatchWriter::write(const op::StartResendJob& start) {
    Statement& change = statement(Sql::StartJob).bind(start.job.value);
    return runOnExisting(change, "resend job", start.job.value);
}

Result<void> BatchWriter::write(const op::SetResendItems& set) {
    for (const ResendItem& item : set.items) {
        Statement& change = statement(Sql::SetItem)
                                .bind(set.job.value)
                                .bind(item.id.value)
                                .bind(number(set.state))
                                .bind(std::int64_t{item.partition.value});
        Result<void> done = runOnExisting(change, "resend item for dead letter", item.id.value);
        if (!done) {
            return done;
        }
    }
    return {};
}

Result<void> BatchWriter::write(const op::PutResendBound& put) {
    return statement(Sql::PutBound)
        .bind(put.job.value)
        .bind(std::int64_t{put.bound.partition.value})
        .bind(put.bound.from.value)
        .bindText(put.bound.topicId)
        .run();
}

Result<void> BatchWriter::write(const op::SettleResendItems& settle) {
    const auto settleItem = [&](DeadLetterId id, ResendItemState state, PartitionId partition, Offset offset,
                                const std::string& error) {
        Statement& change = statement(Sql::SettleItem)
                                .bind(settle.job.value)
                                .bind(id.value)
                                .bind(number(state))
                                .bind(std::int64_t{partition.value})
                                .bind(offset.value)
                                .bindText(error);
        return runOnExisting(change, "resend item for dead letter", id.value);
    };
    Result<void> done;
    for (const auto& item : settle.delivered) {
        done = settleItem(item.id, ResendItemState::Delivered, item.partition, item.offset, {});
        done = done ? statement(Sql::MarkResent).bind(item.id.value).run() : done;
        if (!done) {
            return done;
        }
    }
    for (const auto& item : settle.failed) {
        const PartitionId partition = item.attempt ? item.attempt->partition : kUnassigned;
        done = settleItem(item.id, ResendItemState::Failed, partition, Offset{-1}, item.error);
        done = done && item.attempt ? failAgain(item) : done;
        if (!done) {
            return done;
        }
    }
    Statement& count = statement(Sql::CountInJob)
                           .bind(settle.job.value)
                           .bind(number(settle.delivered.size()))
                           .bind(number(settle.failed.size()));
    return runOnExisting(count, "resend job", settle.job.value);
}

Result<void> BatchWriter::failAgain(const op::SettleResendItems::Failed& failed) {
    const Attempt& attempt = *failed.attempt;
    Result<void> done = knowError(attempt.code, attempt.text);
    if (!done) {
        return done;
    }
    const bool placed = attempt.partition != kUnassigned;
    Statement& change = statement(Sql::FailAgain)
                            .bind(failed.id.value)
                            .bindText(attempt.code)
                            .bindText(attempt.text)
                            .bind(attempt.at)
                            .bind(failed.errorClass ? number(*failed.errorClass) : -1)
                            .bind(placed ? std::optional(std::int64_t{attempt.partition.value}) : std::nullopt);
    done = runOnExisting(change, "dead letter", failed.id.value);
    return done ? addAttempts(Sql::AddDeadAttempt, failed.id.value, {attempt}) : done;
}

Result<void> BatchWriter::write(const op::SetResendJob& set) {
    const ResendJob& job = set.job;
    Statement& change = statement(Sql::SetJob)
                            .bind(job.id.value)
                            .bind(number(job.state))
                            .bind(job.endedAt)
                            .bindText(job.topic)
                            .bindReal(job.ratePerSecond)
                            .bind(job.canary)
                            .bind(std::int64_t{job.canaryWait.count()})
                            .bind(std::int64_t{job.maxFailedPercent})
                            .bindText(job.filter)
                            .bindText(job.why);
    return runOnExisting(change, "resend job", job.id.value);
}

} // namespace dashstream::store
