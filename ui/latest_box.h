// Hands the newest value from one thread to another without a lock: the writer replaces, the reader takes. Older values
// that nobody took are dropped.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <utility>

namespace dashstream::ui {

template <typename T>
class LatestBox {
public:
    LatestBox() = default;
    LatestBox(const LatestBox&) = delete;
    LatestBox& operator=(const LatestBox&) = delete;
    ~LatestBox() { delete m_value.exchange(nullptr, std::memory_order_acquire); }

    /// Any thread. True: the box was empty, so whoever reads has to be told once.
    [[nodiscard]] bool put(T value) {
        const std::unique_ptr<T> old(
            m_value.exchange(std::make_unique<T>(std::move(value)).release(), std::memory_order_acq_rel));
        return old == nullptr;
    }

    /// Any thread.
    [[nodiscard]] std::optional<T> take() {
        const std::unique_ptr<T> value(m_value.exchange(nullptr, std::memory_order_acq_rel));
        return value == nullptr ? std::nullopt : std::optional<T>(std::move(*value));
    }

private:
    std::atomic<T*> m_value{nullptr};
};

} // namespace dashstream::ui
