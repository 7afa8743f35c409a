#include "core/engine/engine.h"
#include "ui/main_window.h"
