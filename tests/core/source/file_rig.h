// What the tests of file sources share: a folder of files, lines and frames to put into them, everything that comes
// out.
#pragma once

#include "core/source/source.h"
#include "core/wire/codec.h"
#include "core/wire/frames.h"
#include "core/wire/message_access.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

namespace dashstream::source::test {

class FolderOfFiles : public testing::Test {
protected:
    FolderOfFiles() {
        std::string pattern = (std::filesystem::temp_directory_path() / "dashstream-source-XXXXXX").string();
        m_folder = mkdtemp(pattern.data());
    }
    ~FolderOfFiles() override { std::filesystem::remove_all(m_folder); }

    [[nodiscard]] std::string write(const std::string& name, const std::string& content) const {
        std::ofstream(m_folder / name, std::ios::binary) << content;
        return (m_folder / name).string();
    }

    std::filesystem::path m_folder;
};

struct Everything {
    std::vector<std::string> nodes;
    std::vector<std::uint64_t> positions;
    std::vector<std::uint64_t> endBytes;
    std::vector<SourceReject> rejects;
    std::vector<SourcePlace> places; ///< of the batches that have one
    bool ended = false;
    std::optional<Error> error;
};

inline Everything readAll(Source& source, std::size_t batch = 3) {
    Everything all;
    const CancelToken cancel;
    for (int call = 0; call < 100'000 && !all.ended; ++call) {
        Result<SourceBatch> read = source.read(batch, cancel);
        if (!read) {
            all.error = read.error();
            return all;
        }
        EXPECT_LE(read->messages.size() + read->rejects.size(), batch);
        for (const SourceMessage& message : read->messages) {
            all.nodes.push_back(message.message->event().node_id());
            all.positions.push_back(message.position);
            all.endBytes.push_back(message.endByte);
        }
        for (SourceReject& reject : read->rejects) {
            all.rejects.push_back(std::move(reject));
        }
        if (read->place) {
            all.places.push_back(std::move(*read->place));
        }
        all.ended = read->ended;
    }
    return all;
}

inline Everything readAll(const std::string& spec) {
    auto source = openSource(spec);
    EXPECT_TRUE(source) << source.error().text();
    return source ? readAll(**source) : Everything{};
}

inline std::string line(const std::string& node) {
    return R"({"event":{"node_id":")" + node + "\"}}";
}

inline std::string framed(const std::string& node) {
    v1::DashStreamMessage message;
    message.mutable_event()->set_node_id(node);
    ByteArena arena;
    std::string out;
    wire::appendFrame(wire::Encoder(wire::EncodeSettings{}).encode(message, arena).value(), out);
    return out;
}

} // namespace dashstream::source::test
