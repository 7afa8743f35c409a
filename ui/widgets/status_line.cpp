#include "ui/widgets/status_line.h"

#include "ui/format.h"
#include "ui/models/verdict.h"
#include "ui/style/theme.h"
#include "ui/widgets/plain_label.h"

#include <QHBoxLayout>

namespace dashstream::ui {
namespace {

void setColoured(QLabel* label, const QString& text, const QColor& colour) {
    if (label->text() != text) {
        label->setText(text);
    }
    QPalette palette = label->palette();
    if (palette.color(QPalette::WindowText) != colour) {
        palette.setColor(QPalette::WindowText, colour);
        label->setPalette(palette);
    }
}

Tone toneOf(engine::ConnectionState state) {
    switch (state) {
    case engine::ConnectionState::Starting:
        return Tone::Muted;
    case engine::ConnectionState::Connected:
        return Tone::Good;
    case engine::ConnectionState::Degraded:
        return Tone::Warning;
    case engine::ConnectionState::Disconnected:
        return Tone::Critical;
    }
    return Tone::Normal;
}

QString connectionWord(engine::ConnectionState state) {
    switch (state) {
    case engine::ConnectionState::Starting:
        return StatusLine::tr("connecting");
    case engine::ConnectionState::Connected:
        return StatusLine::tr("connected");
    case engine::ConnectionState::Degraded:
        return StatusLine::tr("degraded");
    case engine::ConnectionState::Disconnected:
        return StatusLine::tr("disconnected");
    }
    return {};
}

} // namespace

StatusLine::StatusLine(QWidget* parent) : QWidget(parent) {
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(12, 2, 8, 2);
    layout->setSpacing(20);
    m_profile = plainLabel({}, this);
    m_profile->setObjectName(QStringLiteral("statusProfile"));
    m_connection = plainLabel({}, this);
    m_connection->setObjectName(QStringLiteral("statusConnection"));
    m_accounting = plainLabel({}, this);
    m_accounting->setObjectName(QStringLiteral("statusAccounting"));
    m_durability = plainLabel({}, this);
    m_durability->setObjectName(QStringLiteral("statusDurability"));
    layout->addWidget(m_profile);
    layout->addWidget(m_connection);
    layout->addWidget(m_accounting, 1);
    layout->addWidget(m_durability);
    showNotRunning(tr("starting"));
}

void StatusLine::setProfile(const QString& profile, bool demo) {
    m_profile->setText(demo ? tr("Profile %1 (demo cluster)").arg(profile) : tr("Profile %1").arg(profile));
}

void StatusLine::showNotRunning(const QString& state) {
    setColoured(m_connection, QStringLiteral("○ ") + state, coloursFor(palette()).muted);
    m_accounting->clear();
    m_durability->clear();
}

void StatusLine::showConnection(const engine::Snapshot& snapshot) {
    QString word = connectionWord(snapshot.connection);
    if (snapshot.phase == engine::Phase::Draining) {
        word = tr("%1, closing").arg(word);
    }
    const QChar dot = snapshot.connection == engine::ConnectionState::Connected ? QChar(0x25CF) : QChar(0x25CB);
    const QColor colour =
        coloursFor(palette()).text(toneOf(snapshot.connection), palette().color(QPalette::WindowText));
    setColoured(m_connection, dot + QLatin1Char(' ') + word, colour);
    m_connection->setToolTip(plainToolTip(fromOutside(snapshot.connectionText)));
}

void StatusLine::show(const engine::Snapshot& snapshot) {
    showConnection(snapshot);
    const engine::Accounting& sums = snapshot.accounting;
    const bool balanced = sums.balanced();
    const QColor normal = palette().color(QPalette::WindowText);
    setColoured(m_accounting,
                balanced ? equationText(sums) : equationText(sums) + QStringLiteral("  –  ") + tr("does not add up"),
                balanced ? normal : coloursFor(palette()).critical);
    m_accounting->setToolTip(
        plainToolTip(balanced ? tr("Every accepted message is accounted for.") : imbalanceText(sums)));
    const bool journal = snapshot.durability == "journal";
    m_durability->setText(journal ? tr("durability: journal")
                                  : tr("durability: %1").arg(fromOutside(snapshot.durability)));
    m_durability->setToolTip(plainToolTip(
        journal ? tr("Accepted messages are on disk before they are reported accepted.")
                : tr("A crash may lose what is in flight; the retry queue and dead letters are on disk.")));
}

} // namespace dashstream::ui
