#include "ui/widgets/help_dialog.h"

#include <QDialogButtonBox>
#include <QFile>
#include <QFileInfo>
#include <QTextBrowser>
#include <QUrl>
#include <QVBoxLayout>

namespace dashstream::ui {

namespace {

void showTopic(QTextBrowser* text, const QString& topic) {
    QFile file(QStringLiteral(":/help/%1.md").arg(topic));
    if (file.open(QIODevice::ReadOnly)) {
        text->setMarkdown(QString::fromUtf8(file.readAll())); // our own text
    } else {
        text->setPlainText(HelpDialog::tr("There is no help for this page."));
    }
}

} // namespace

HelpDialog::HelpDialog(const QString& topic, QWidget* parent) : QDialog(parent) {
    setObjectName(QStringLiteral("helpDialog"));
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Help"));
    resize(620, 520);
    auto* layout = new QVBoxLayout(this);
    auto* text = new QTextBrowser(this);
    text->setOpenLinks(false);
    showTopic(text, topic);
    // A link from one help page to another: [Monitoring](monitoring.md).
    connect(text, &QTextBrowser::anchorClicked, this,
            [text](const QUrl& link) { showTopic(text, QFileInfo(link.path()).completeBaseName()); });
    layout->addWidget(text, 1);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    layout->addWidget(buttons);
}

} // namespace dashstream::ui
