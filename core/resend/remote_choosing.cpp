#include "core/resend/remote_choosing.h"

#include "core/filter/parse.h"
#include "core/resend/remote_record.h"

#include <algorithm>

namespace dashstream::resend {

namespace {
constexpr std::size_t kWrittenAtOnce = 10'000;
constexpr std::size_t kWritesAtOnce = 1; ///< nothing goes behind a page that failed
constexpr std::uint32_t kItemsAtMost = 50'000'000;
constexpr milliseconds kOpenPatience{5'000};
constexpr milliseconds kOpenAgain{1'000};
constexpr milliseconds kPoll{20};
} // namespace

Result<RemoteSelection> RemoteChoosing::selectionOf(const ResendRequest& request, const Clock& clock) {
    RemoteSelection selection;
    selection.topic = request.remote.topic;
    selection.places = {request.remote.places.begin(), request.remote.places.end()};
    selection.ends = {request.remote.ends.begin(), request.remote.ends.end()};
    if (selection.places.empty()) {
        filter::TimeContext times = filter::systemTime(clock);
        times.now = request.remote.countedAt == UtcTime{} ? times.now : request.remote.countedAt;
        auto where = filter::parse(request.filter, times);
        if (!where) {
            return fail(ErrorClass::Usage, "resend.filter", where.error().text(), "Correct the filter");
        }
        selection.where = std::move(*where);
    }
    return selection;
}

bool RemoteChoosing::open() {
    if (m_scan) {
        return true;
    }
    if (m_context.now() < m_openAgain) {
        return false;
    }
    if (!m_context.parts.query) {
        giveUp(Error{ErrorClass::Usage, "resend.source", "Topic " + m_selection.topic + " cannot be read here", ""});
        return false;
    }
    auto scan = RemoteScan::open(*m_context.parts.query, m_selection, kOpenPatience);
    if (scan) {
        m_scan = std::move(*scan);
        return true;
    }
    m_openAgain = m_context.now() + kOpenAgain;
    if (scan.error().errorClass == ErrorClass::Retriable) {
        m_job.waitsFor(scan.error().text());
    } else {
        giveUp(scan.error());
    }
    return false;
}

void RemoteChoosing::step() {
    if (m_over) {
        return;
    }
    if (m_job.over() || m_job.stopped()) {
        m_over = true; // cancelled, or the program ends: nothing of it was sent
        return;
    }
    if (m_writing >= kWritesAtOnce || !open()) {
        return;
    }
    const auto done = m_scan->step(kPoll, [this](const kafka::ConsumedRecord& record, const RemoteLetter& letter) {
        if (letter.takenApart().original.whole) {
            m_places.push_back({record.partition, record.offset, checksumOf(record)});
        } else {
            ++m_notWhole;
        }
    });
    if (!done) {
        giveUp(done.error());
        return;
    }
    m_job.waitsFor(m_scan->trouble());
    m_job.preparing(static_cast<std::int64_t>(m_written + m_places.size()));
    if (m_written + m_places.size() > kItemsAtMost) {
        giveUp(Error{ErrorClass::Usage, "resend.too_many", "More records than one job can have pass the filter",
                     "Choose fewer, e.g. by time"});
    } else if (*done && m_written + m_places.size() == 0) {
        giveUp(Error{ErrorClass::Usage, "resend.empty",
                     m_notWhole == 0 ? "No record of topic " + m_selection.topic + " passes"
                                     : "None of the chosen records holds its whole message",
                     ""});
    } else if (*done || m_places.size() >= kWrittenAtOnce) {
        write(*done);
    }
}

void RemoteChoosing::write(bool last) {
    // Long runs of one partition: it is read again in this order.
    std::ranges::sort(m_places, {},
                      [](const store::RemotePlace& place) { return std::pair(place.partition, place.offset); });
    store::op::AddRemoteItems items{m_job.id(), m_written + 1, std::exchange(m_places, {})};
    m_written += static_cast<std::uint32_t>(items.places.size());
    m_over = m_over || last;
    store::WriteBatch batch;
    batch.add(std::move(items));
    if (last) {
        batch.add(store::op::StartResendJob{m_job.id()});
        batch.add(store::op::AppendAudit{m_job.announcement()});
        if (m_notWhole > 0) {
            m_context.tell("Resend " + std::to_string(m_job.id().value) + ": " + std::to_string(m_notWhole) +
                               " records are left out, they do not hold their whole message",
                           true);
        }
    }
    ++m_writing;
    m_context.parts.store->submit(std::move(batch), [this, last, post = m_context.post](Result<void> stored) {
        post([this, last, stored = std::move(stored)] {
            --m_writing;
            if (!stored) {
                giveUp(stored.error());
            } else if (last && !m_job.over()) {
                m_job.itemsWritten();
            }
        });
    });
}

void RemoteChoosing::giveUp(const Error& error) {
    m_over = true;
    m_job.abandon(error.text());
}

} // namespace dashstream::resend
