#include "core/exchange/import_pages.h"

#include "core/exchange/letter_line.h"

namespace dashstream::exchange {

namespace {

class Importer {
public:
    Importer(LetterFile& file, const ImportHooks& hooks) : m_file(file), m_hooks(hooks) {}

    ImportOutcome run() {
        m_file.rewind();
        while (!m_outcome.stoppedBy && !m_outcome.cancelled && takeLine()) {
            if (m_page.size() >= kPageLetters || m_pageBytes >= kPageBytes) {
                writePage();
            }
        }
        if (!m_outcome.stoppedBy && !m_outcome.cancelled) {
            writePage();
        }
        return std::move(m_outcome);
    }

private:
    /// False: there is none any more, or it stops here.
    bool takeLine() {
        const auto line = m_file.next();
        if (!line) {
            m_outcome.stoppedBy = line.error();
            return false;
        }
        if (!*line) {
            return false;
        }
        auto letter = (*line)->tooLongBytes > 0 ? Result<store::DeadLetter>(fail(tooLongError((*line)->tooLongBytes)))
                                                : readLine((*line)->text);
        if (letter) {
            m_pageBytes += (*line)->text.size();
            m_page.push_back(std::move(*letter));
            return true;
        }
        ++m_outcome.wrong;
        if (!m_hooks.leaveOutWrong) {
            Error error = letter.error();
            error.message = wrongLineText(m_file, {(*line)->number, error});
            error.remedy = "Correct the file and import it again; what is imported already stays out then.";
            m_outcome.stoppedBy = std::move(error);
        }
        return m_hooks.leaveOutWrong;
    }

    void writePage() {
        if (m_hooks.cancel.cancelled()) {
            m_outcome.cancelled = true;
            return;
        }
        if (m_page.empty()) {
            return;
        }
        const auto written = m_hooks.write(std::exchange(m_page, {}));
        m_pageBytes = 0;
        if (!written) {
            m_outcome.stoppedBy = written.error();
            return;
        }
        m_outcome.imported += written->imported;
        m_outcome.known += written->known;
        if (m_hooks.progress) {
            m_hooks.progress({m_outcome.imported + m_outcome.known, m_file.readBytes(), m_file.bytes()});
        }
    }

    LetterFile& m_file;
    const ImportHooks& m_hooks;
    std::vector<store::DeadLetter> m_page;
    std::size_t m_pageBytes = 0;
    ImportOutcome m_outcome;
};

} // namespace

ImportOutcome importPages(LetterFile& file, const ImportHooks& hooks) {
    return Importer(file, hooks).run();
}

} // namespace dashstream::exchange
