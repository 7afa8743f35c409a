#include <QString>
#include <memory>
