// What tables and pages see of any windowed model. GUI thread.
#pragma once

#include "ui/models/table_model.h"

namespace dashstream::ui {

class WindowedTable : public TableModel {
    Q_OBJECT
public:
    using TableModel::TableModel;
    [[nodiscard]] bool asksStore() const final { return true; }
    /// Asks for the ids again; at most one question is under way, a later one follows it.
    virtual void reload() = 0;
    [[nodiscard]] virtual bool loading() const = 0;

Q_SIGNALS:
    void loaded();                         ///< the ids of the last question are here
    void failed(const QString& errorText); ///< the store could not be read
};

} // namespace dashstream::ui
