#include "core/exchange/export_letters.h"

#include "core/exchange/letter_line.h"

namespace dashstream::exchange {

namespace {
constexpr std::size_t kWrittenAtOnce = 1024U * 1024;
constexpr std::uint64_t kToldEvery = 200;
} // namespace

Result<ExportOutcome> exportLetters(store::StoreReader& reader, std::span<const DeadLetterId> ids,
                                    const ExportHooks& hooks) {
    ExportOutcome outcome;
    std::string lines;
    const auto tell = [&] {
        if (hooks.progress) {
            hooks.progress({outcome.exported + outcome.gone, ids.size(), outcome.bytes});
        }
    };
    for (const DeadLetterId id : ids) {
        if (hooks.cancel.cancelled()) {
            return fail(ErrorClass::Cancelled, "exchange.cancelled", "The export was cancelled");
        }
        const auto letter = reader.deadLetter(id);
        if (!letter && letter.error().code != "store.no_such_entry") {
            return fail(letter.error());
        }
        if (letter) {
            lines += toLine(*letter) += '\n';
        }
        ++(letter ? outcome.exported : outcome.gone);
        if (lines.size() >= kWrittenAtOnce) {
            outcome.bytes += lines.size();
            if (auto written = hooks.write(lines); !written) {
                return fail(written.error());
            }
            lines.clear();
        }
        if ((outcome.exported + outcome.gone) % kToldEvery == 0) {
            tell();
        }
    }
    outcome.bytes += lines.size();
    if (auto written = hooks.write(lines); !written) {
        return fail(written.error());
    }
    tell();
    return outcome;
}

} // namespace dashstream::exchange
