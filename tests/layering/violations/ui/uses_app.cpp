#include "app/runtime.h"
#include <QWidget>
