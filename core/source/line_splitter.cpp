#include "core/source/line_splitter.h"

namespace dashstream::source {

namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

} // namespace

void LineSplitter::startAt(std::uint64_t offset, std::uint64_t number) {
    m_offset = offset;
    m_number = number;
}

void LineSplitter::feed(std::string_view bytes) {
    m_buffer.erase(0, m_begin);
    m_scanned -= m_begin;
    m_begin = 0;
    m_buffer += bytes;
}

LineSplitter::Line LineSplitter::take(std::string_view text, std::size_t withEnd) {
    const bool first = m_offset == 0;
    Line line;
    line.whole = std::string_view(m_buffer).substr(m_begin, withEnd);
    m_begin += withEnd;
    m_scanned = m_begin;
    m_offset += withEnd;
    line.number = ++m_number;
    line.endByte = m_offset;
    if (m_passed > 0) {
        line.tooLongBytes = m_passed + text.size();
        line.text = m_head;
        m_passed = 0;
        return line;
    }
    if (text.ends_with('\r')) {
        text.remove_suffix(1);
    }
    if (first && text.starts_with(kByteOrderMark)) {
        text.remove_prefix(kByteOrderMark.size());
    }
    if (text.size() > m_maxBytes) { // came whole in one piece
        line.tooLongBytes = text.size();
        text = text.substr(0, m_headBytes);
    }
    line.text = text;
    return line;
}

// The buffer holds more than a line may: keep its head once, drop the rest.
void LineSplitter::passOver() {
    if (m_passed == 0) {
        m_head.assign(m_buffer, m_begin, m_headBytes);
    }
    if (m_onPassed) {
        m_onPassed(std::string_view(m_buffer).substr(m_begin));
    }
    m_passed += m_buffer.size() - m_begin;
    m_offset += m_buffer.size() - m_begin;
    m_begin = m_buffer.size();
    m_scanned = m_begin;
}

std::optional<LineSplitter::Line> LineSplitter::next() {
    const std::size_t end = m_buffer.find('\n', m_scanned);
    if (end != std::string::npos) {
        return take(std::string_view(m_buffer).substr(m_begin, end - m_begin), end - m_begin + 1);
    }
    m_scanned = m_buffer.size();
    const std::size_t waiting = m_buffer.size() - m_begin;
    if (m_finished && (waiting > 0 || m_passed > 0)) {
        return take(std::string_view(m_buffer).substr(m_begin), waiting);
    }
    if (m_passed > 0 || waiting > m_maxBytes + 1) { // one more: a \r that belongs to the line end
        passOver();
    }
    return std::nullopt;
}

} // namespace dashstream::source
