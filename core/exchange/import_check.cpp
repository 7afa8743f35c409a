#include "core/exchange/import_check.h"

#include "core/exchange/letter_line.h"

#include <functional>
#include <set>

namespace dashstream::exchange {

namespace {

constexpr std::size_t kAskedAtOnce = 500;
constexpr std::uint64_t kToldEvery = 200;
constexpr std::size_t kMarks = 1'000'000; ///< letters whose repetition is looked for

/// A letter's identity in few bytes, to find repetitions within a file of millions.
struct Mark {
    MessageId id;
    std::size_t more = 0;

    auto operator<=>(const Mark&) const = default;
};

Mark markOf(const store::DeadIdentity& identity) {
    const std::size_t thread = std::hash<std::string>()(identity.thread);
    return {identity.id, thread ^ (std::hash<std::uint64_t>()(identity.sequence.value) * 0x9E3779B97F4A7C15U)};
}

class Checker {
public:
    Checker(LetterFile& file, store::StoreReader* reader, const CheckHooks& hooks)
        : m_file(file), m_reader(reader), m_hooks(hooks) {}

    Result<ImportCheck> run() {
        m_file.rewind();
        for (std::uint64_t lines = 0;; ++lines) {
            if (m_hooks.cancel.cancelled()) {
                return fail(ErrorClass::Cancelled, "exchange.cancelled",
                            "Checking " + m_file.name() + " was cancelled");
            }
            const auto line = m_file.next();
            if (!line) {
                return fail(line.error());
            }
            if (!*line) {
                break;
            }
            take(**line);
            if (m_asked.size() >= kAskedAtOnce) {
                if (auto found = ask(); !found) {
                    return fail(found.error());
                }
            }
            if (m_hooks.progress && lines % kToldEvery == 0) {
                m_hooks.progress({lines, m_file.readBytes(), m_file.bytes()});
            }
        }
        if (auto found = ask(); !found) {
            return fail(found.error());
        }
        m_check.bytes = m_file.bytes();
        return std::move(m_check);
    }

private:
    void take(const LetterFile::Line& line) {
        auto letter = line.tooLongBytes > 0 ? Result<store::DeadLetter>(fail(tooLongError(line.tooLongBytes)))
                                            : readLine(line.text);
        if (!letter) {
            ++m_check.wrong;
            if (m_check.problems.size() < ImportCheck::kProblems) {
                m_check.problems.push_back({line.number, letter.error()});
            }
            return;
        }
        ++m_check.letters;
        if (line.text.size() > m_check.longest) {
            m_check.longest = line.text.size();
            m_check.longestLine = line.number;
        }
        m_asked.push_back(store::identityOf(*letter));
        m_open.push_back(letter->state == store::DeadState::Open || letter->state == store::DeadState::Resending);
        if (m_check.first.size() < ImportCheck::kFirst) {
            letter->message.value.clear();
            m_check.first.push_back(std::move(*letter));
        }
    }

    Result<void> ask() {
        std::vector<bool> known(m_asked.size(), false);
        if (m_reader != nullptr && !m_asked.empty()) {
            auto found = m_reader->deadKnown(m_asked);
            if (!found) {
                return fail(found.error());
            }
            known = std::move(*found);
        }
        for (std::size_t i = 0; i < m_asked.size(); ++i) {
            const bool repeated = isRepeated(markOf(m_asked[i]));
            m_check.repeated += repeated ? 1 : 0;
            m_check.known += !repeated && known[i] ? 1 : 0;
            m_check.open += !repeated && !known[i] && m_open[i] ? 1 : 0;
        }
        m_asked.clear();
        m_open.clear();
        return {};
    }

    bool isRepeated(const Mark& mark) {
        return m_marks.size() < kMarks ? !m_marks.insert(mark).second : m_marks.count(mark) > 0;
    }

    LetterFile& m_file;
    store::StoreReader* m_reader;
    const CheckHooks& m_hooks;
    std::vector<store::DeadIdentity> m_asked;
    std::vector<bool> m_open;
    std::set<Mark> m_marks;
    ImportCheck m_check;
};

} // namespace

Result<ImportCheck> checkImport(LetterFile& file, store::StoreReader* reader, const CheckHooks& hooks) {
    return Checker(file, reader, hooks).run();
}

std::string wrongLineText(const LetterFile& file, const WrongLine& wrong) {
    return file.name() + ", line " + std::to_string(wrong.line) + ": " + wrong.error.text();
}

Error wrongLinesError(const LetterFile& file, const ImportCheck& check) {
    std::string text = wrongLineText(file, check.problems.front());
    if (check.wrong > 1) {
        text += " (and " + std::to_string(check.wrong - 1) + " more wrong lines)";
    }
    return {ErrorClass::Usage, "exchange.wrong_lines", text + ". Nothing was imported",
            "Correct the file, or leave its wrong lines out."};
}

} // namespace dashstream::exchange
