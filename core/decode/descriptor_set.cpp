#include "core/decode/descriptor_set.h"

#include "core/decode/protobuf_cost.h"
#include "core/decode/texts.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/descriptor_database.h>
#include <google/protobuf/dynamic_message.h>
#include <google/protobuf/stubs/logging.h>

#include <algorithm>
#include <climits>
#include <fstream>
#include <numeric>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace dashstream::decode {

namespace {

namespace pb = google::protobuf;

constexpr std::size_t kShownName = 200;
constexpr std::size_t kNearest = 5;
constexpr std::uint64_t kMaxMemory = 512U * 1024 * 1024; // of a set that is read

Failure usage(std::string code, std::string message, std::string remedy = {}) {
    return fail(ErrorClass::Usage, std::move(code), std::move(message), std::move(remedy));
}

// The first complaint is the cause; the others follow from it.
class FirstComplaint final : public pb::DescriptorPool::ErrorCollector {
public:
    void AddError(const std::string& file, const std::string& element, const pb::Message* /*descriptor*/,
                  ErrorLocation /*location*/, const std::string& message) override {
        if (m_text.empty()) {
            m_text = shownLine(file, kShownName) + ", " + shownLine(element, kShownName) + ": " +
                     shownLine(message, kShownName);
        }
    }
    [[nodiscard]] const std::string& text() const { return m_text; }

private:
    std::string m_text;
};

// Steps from one name to another, letters in any case; both are short.
std::size_t distance(std::string_view left, std::string_view right) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    std::vector<std::size_t> row(right.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < left.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i + 1);
        for (std::size_t j = 0; j < right.size(); ++j) {
            const std::size_t changed = diagonal + (lower(left[i]) == lower(right[j]) ? 0 : 1);
            diagonal = std::exchange(row[j + 1], std::min({row[j + 1] + 1, row[j] + 1, changed}));
        }
    }
    return row.back();
}

std::string_view lastPart(std::string_view name) {
    return name.substr(name.rfind('.') + 1); // npos + 1: the whole
}

// How many files hang on one another in the longest row; nothing: they import each other in a circle.
std::optional<std::size_t> importChain(const pb::FileDescriptorSet& set) {
    std::unordered_map<std::string_view, int> places;
    for (int index = 0; index < set.file_size(); ++index) {
        places.emplace(set.file(index).name(), index);
    }
    const auto count = static_cast<std::size_t>(set.file_size());
    std::vector<std::vector<std::size_t>> importers(count);
    std::vector<std::size_t> open(count);
    for (std::size_t index = 0; index < count; ++index) {
        for (const std::string& name : set.file(static_cast<int>(index)).dependency()) {
            if (const auto place = places.find(name); place != places.end()) {
                importers[static_cast<std::size_t>(place->second)].push_back(index);
                ++open[index];
            }
        }
    }
    std::vector<std::size_t> ready;
    std::vector<std::size_t> depth(count, 1);
    for (std::size_t index = 0; index < count; ++index) {
        if (open[index] == 0) {
            ready.push_back(index);
        }
    }
    for (std::size_t next = 0; next < ready.size(); ++next) {
        for (const std::size_t importer : importers[ready[next]]) {
            depth[importer] = std::max(depth[importer], depth[ready[next]] + 1);
            if (--open[importer] == 0) {
                ready.push_back(importer);
            }
        }
    }
    return ready.size() < count ? std::nullopt : std::optional(*std::max_element(depth.begin(), depth.end()));
}

bool linksTooMany(const pb::Descriptor& type) {
    std::unordered_set<const pb::Descriptor*> known = {&type};
    std::vector<const pb::Descriptor*> todo = {&type};
    while (!todo.empty() && known.size() <= kMaxLinkedTypes) {
        const pb::Descriptor& next = *todo.back();
        todo.pop_back();
        for (int index = 0; index < next.field_count(); ++index) {
            const pb::Descriptor* inner = next.field(index)->message_type();
            if (inner != nullptr && known.insert(inner).second) {
                todo.push_back(inner);
            }
        }
    }
    return known.size() > kMaxLinkedTypes;
}

constexpr const char* kHowToMake =
    "Make it with protoc --include_imports --descriptor_set_out=FILE YOUR.proto and choose that file";

Result<pb::FileDescriptorSet> parseSet(std::string_view bytes, const std::string& name) {
    if (bytes.size() > kMaxDescriptorSetBytes ||
        !fitsInMemory(bytes, *pb::FileDescriptorSet::descriptor(), kMaxMemory)) {
        return usage("descriptors.too_large",
                     name + " is larger than what is read as schemas: " + std::to_string(kMaxDescriptorSetBytes) +
                         " bytes in the file and " + std::to_string(kMaxMemory) + " in memory");
    }
    pb::FileDescriptorSet set;
    if (!set.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())) || set.file_size() == 0 ||
        std::any_of(set.file().begin(), set.file().end(), [](const auto& file) { return file.name().empty(); })) {
        return usage("descriptors.not_a_set", name + " is no set of protobuf descriptors", kHowToMake);
    }
    const auto chain = importChain(set);
    if (!chain) {
        return usage("descriptors.broken", name + " holds schemas that import each other in a circle", kHowToMake);
    }
    if (*chain > kMaxImportChain) {
        return usage("descriptors.too_deep", name + " holds " + std::to_string(*chain) +
                                                 " schemas that import one another in a row; up to " +
                                                 std::to_string(kMaxImportChain) + " are read");
    }
    return set;
}

} // namespace

struct DescriptorSet::Impl {
    Impl() : builtIn(*pb::DescriptorPool::generated_pool()), all(&chosen, &builtIn), pool(&all, &complaint) {}

    void collect(const pb::Descriptor& type);
    [[nodiscard]] std::string nearest(std::string_view wanted) const;
    [[nodiscard]] const pb::Descriptor* find(std::string_view type) const;

    pb::LogSilencer quiet; // protobuf would write about a broken schema to stderr; our error says it
    FirstComplaint complaint;
    pb::SimpleDescriptorDatabase chosen;
    pb::DescriptorPoolDatabase builtIn; ///< google/protobuf/timestamp.proto and the like, which sets often leave out
    pb::MergedDescriptorDatabase all;
    pb::DescriptorPool pool;
    std::vector<std::string> types;
    mutable pb::DynamicMessageFactory factory; // takes a lock of its own
};

void DescriptorSet::Impl::collect(const pb::Descriptor& type) {
    if (type.options().map_entry()) {
        return;
    }
    types.push_back(type.full_name());
    for (int index = 0; index < type.nested_type_count(); ++index) {
        collect(*type.nested_type(index)); // no deeper than protobuf's reader lets a file nest
    }
}

std::string DescriptorSet::Impl::nearest(std::string_view wanted) const {
    constexpr std::size_t compared = 20'000; // of very many types; comparing is a product of lengths
    constexpr std::size_t comparedBytes = 64;
    std::vector<std::pair<std::size_t, const std::string*>> found;
    const std::string_view cut = lastPart(wanted).substr(0, comparedBytes);
    for (const std::string& type : types) {
        if (found.size() == compared) {
            break;
        }
        found.emplace_back(distance(cut, lastPart(type).substr(0, comparedBytes)), &type);
    }
    std::stable_sort(found.begin(), found.end(),
                     [](const auto& left, const auto& right) { return left.first < right.first; });
    std::string text;
    for (std::size_t index = 0; index < std::min(kNearest, found.size()); ++index) {
        text += (index == 0 ? "" : ", ") + shownLine(*found[index].second, kShownName);
    }
    return text;
}

const pb::Descriptor* DescriptorSet::Impl::find(std::string_view type) const {
    if (std::binary_search(types.begin(), types.end(), type)) {
        return pool.FindMessageTypeByName(std::string(type));
    }
    const std::string* only = nullptr;
    for (const std::string& name : types) {
        if (lastPart(name) == type) {
            if (only != nullptr) {
                return nullptr;
            }
            only = &name;
        }
    }
    return only == nullptr ? nullptr : pool.FindMessageTypeByName(*only);
}

DescriptorSet::DescriptorSet(std::shared_ptr<const Impl> impl) : m_impl(std::move(impl)) {}
DescriptorSet::~DescriptorSet() = default;

Result<std::shared_ptr<const DescriptorSet>> DescriptorSet::fromFile(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::string bytes;
    if (file) {
        bytes.resize(kMaxDescriptorSetBytes + 1);
        file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        bytes.resize(static_cast<std::size_t>(std::max<std::streamsize>(file.gcount(), 0)));
    }
    if (file.bad() || (!file.eof() && bytes.size() <= kMaxDescriptorSetBytes)) {
        return usage("descriptors.read", "The file of schemas " + path + " cannot be read",
                     "Check the path and whether it may be read");
    }
    return fromBytes(bytes, path);
}

Result<std::shared_ptr<const DescriptorSet>> DescriptorSet::fromBytes(std::string_view bytes, const std::string& name) {
    auto impl = std::make_shared<Impl>();
    const Result<pb::FileDescriptorSet> set = parseSet(bytes, name);
    if (!set) {
        return fail(set.error());
    }
    for (const pb::FileDescriptorProto& file : set->file()) {
        if (!impl->chosen.Add(file)) {
            return usage("descriptors.broken",
                         name + " says two things of one name in " + shownLine(file.name(), kShownName), kHowToMake);
        }
    }
    for (const pb::FileDescriptorProto& file : set->file()) {
        const pb::FileDescriptor* built = impl->pool.FindFileByName(file.name());
        if (built == nullptr) {
            return usage("descriptors.broken", name + " does not fit together: " + impl->complaint.text(), kHowToMake);
        }
        for (int index = 0; index < built->message_type_count(); ++index) {
            impl->collect(*built->message_type(index));
        }
    }
    std::sort(impl->types.begin(), impl->types.end());
    return std::shared_ptr<const DescriptorSet>(new DescriptorSet(std::move(impl)));
}

const std::vector<std::string>& DescriptorSet::messageTypes() const {
    return m_impl->types;
}

Result<std::shared_ptr<google::protobuf::Message>> DescriptorSet::newMessage(std::string_view type) const {
    const pb::Descriptor* descriptor = m_impl->find(type);
    if (descriptor == nullptr) {
        return usage("descriptors.type",
                     type.empty() ? "No message type is chosen"
                                  : "The schemas know no message type " + shownLine(type, kShownName),
                     m_impl->types.empty() ? "They hold no message type at all; choose another file"
                                           : "The nearest are: " + m_impl->nearest(type));
    }
    if (m_impl->types.size() > kMaxLinkedTypes && linksTooMany(*descriptor)) {
        return usage("descriptors.too_deep",
                     "More than " + std::to_string(kMaxLinkedTypes) + " message types hang on " +
                         shownLine(type, kShownName),
                     "Choose a set that holds less");
    }
    return std::shared_ptr<pb::Message>(m_impl->factory.GetPrototype(descriptor)->New(),
                                        [kept = m_impl](const pb::Message* message) { delete message; });
}

} // namespace dashstream::decode
