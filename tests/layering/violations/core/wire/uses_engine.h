#include "core/base/error.h"
#include "core/engine/engine.h"
