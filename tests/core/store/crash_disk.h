// A disk in memory under SQLite: it forgets what was not synced, tears what was being written, fails or loses its power
// at the n-th call. Whoever made it owns it; any thread may call.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace dashstream::store::test {

class CrashDisk {
public:
    enum class Call : unsigned { Read = 1, Write = 2, Sync = 4 }; ///< a change of a file's size is a write

    struct Change { ///< not synced
        std::int64_t offset = 0;
        std::vector<unsigned char> bytes;
        bool truncates = false; ///< to `offset`
    };
    struct Node {
        std::vector<unsigned char> now;     ///< as a running program sees it
        std::vector<unsigned char> durable; ///< as of the last sync
        std::vector<Change> unsynced;
    };
    using NodePtr = std::shared_ptr<Node>;
    /// What a disk holds, to begin many lives from.
    using Image = std::map<std::string, std::vector<unsigned char>>;

    // What a file does. An outcome other than 0 is SQLite's code for it; `life` is the one the file was opened in.
    [[nodiscard]] int read(std::uint64_t life, const Node& node, std::int64_t offset, unsigned char* bytes,
                           std::size_t count);
    [[nodiscard]] int write(std::uint64_t life, Node& node, std::int64_t offset, const unsigned char* bytes,
                            std::size_t count);
    [[nodiscard]] int truncate(std::uint64_t life, Node& node, std::int64_t size);
    [[nodiscard]] int sync(std::uint64_t life, Node& node);
    [[nodiscard]] NodePtr find(const std::string& name) const;
    /// `durable`: its name survives power loss at once.
    [[nodiscard]] NodePtr make(const std::string& name, bool durable);
    /// Names that were made and removed are so after a loss of power, too.
    void syncFolder();
    [[nodiscard]] int remove(std::uint64_t life, const std::string& name, bool durable);
    [[nodiscard]] std::uint64_t life() const;

    /// The call of one of these kinds (Call, or-ed) after `calls` more fails with this code, `times` times.
    void failAfter(std::uint64_t calls, unsigned kinds, int code, int times);
    void heal();
    [[nodiscard]] int failed() const;
    /// The write or sync after `calls` more is the last that this life does, and not wholly.
    void cutAfter(std::uint64_t calls);
    /// The program is gone, or its power: whatever files are open do nothing from now on.
    void stop();
    [[nodiscard]] bool stopped() const;
    /// Begins the next life after stop(). With its power the disk loses what was not synced, or some of it.
    void restart(bool powerLost, std::mt19937_64& random);

    [[nodiscard]] Image image() const;
    /// The next life begins with this, all of it durable.
    void load(const Image& image);

    bool lies = false; ///< says that it synced, and did not

private:
    enum class Loss { All, Sectors, Tail };

    [[nodiscard]] int admit(std::uint64_t life, Call call, bool& partly);
    static void apply(std::vector<unsigned char>& file, const Change& change, std::size_t from, std::size_t count);
    static void applyWhole(std::vector<unsigned char>& file, const Change& change);
    static void lose(Node& node, Loss loss, std::mt19937_64& random);

    mutable std::recursive_mutex m_mutex; ///< of all that follows
    std::map<std::string, NodePtr> m_names;
    std::map<std::string, NodePtr> m_durableNames;
    std::uint64_t m_life = 1;
    bool m_stopped = false;
    std::optional<std::uint64_t> m_cutIn;
    std::uint64_t m_failIn = 0;
    unsigned m_kinds = 0;
    int m_code = 0;
    int m_times = 0;
    int m_failed = 0;
};

} // namespace dashstream::store::test
