// A SQLite VFS that passes everything to the default one and fails where a test wants it to: the n-th write or sync of
// the files whose name ends in something. Registered as long as the object lives; outlives the stores that use it.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>

namespace dashstream::store::test {

class FaultyVfs {
public:
    enum class Call { Write, Sync };
    static constexpr int kForever = 1'000'000'000;

    FaultyVfs();
    ~FaultyVfs();
    FaultyVfs(const FaultyVfs&) = delete;
    FaultyVfs& operator=(const FaultyVfs&) = delete;

    [[nodiscard]] const char* name() const;
    /// From the `nth` such call (from 1, counted from now) `times` calls give `code`. A failed write writes its first
    /// half. `suffix`: "-wal", ".db" (the database itself) or "" (any file).
    void failFrom(Call call, const std::string& suffix, int nth, int code, int times);
    void heal();
    /// Calls that were failed since failFrom().
    [[nodiscard]] int failed() const;

    /// For the files: what this call shall give; 0: go on.
    [[nodiscard]] int decide(Call call, const std::string& file);

private:
    struct Registration;
    Registration* m_registration; ///< freed in the destructor, after it was unregistered
    mutable std::mutex m_mutex;
    Call m_call = Call::Write;
    std::string m_suffix;
    int m_until = 0; ///< calls to let pass
    int m_times = 0;
    int m_code = 0;
    int m_failed = 0;
};

} // namespace dashstream::store::test
