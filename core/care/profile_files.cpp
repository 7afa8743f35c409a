#include "core/care/profile_files.h"

namespace dashstream::care {

std::filesystem::path journalFolder(const std::filesystem::path& dataFolder) {
    return dataFolder / "journal";
}

Result<std::unique_ptr<journal::Inspection>>
inspectJournal(journal::FileLayer& files, const std::filesystem::path& dataFolder, const CareOptions& options) {
    const std::filesystem::path folder = journalFolder(dataFolder);
    std::error_code ignored;
    if (!std::filesystem::exists(folder, ignored)) {
        return std::unique_ptr<journal::Inspection>();
    }
    tell(options, "reading the journal in " + folder.string());
    journal::InspectionOptions look;
    look.cancel = options.cancel;
    look.progress = [&options](std::uint64_t bytes) { tell(options, mebibytes(bytes) + " of the journal read"); };
    return journal::Inspection::read(files, folder, look);
}

std::string mebibytes(std::uint64_t bytes) {
    return std::to_string(bytes / (1024 * 1024)) + " MiB";
}

void tell(const CareOptions& options, const std::string& text) {
    if (options.progress) {
        options.progress(text);
    }
}

} // namespace dashstream::care
