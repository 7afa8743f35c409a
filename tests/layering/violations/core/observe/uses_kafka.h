#include "core/kafka/producer.h"
