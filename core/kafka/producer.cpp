#include "core/kafka/producer.h"

namespace dashstream::kafka {

void ProducerEvents::clear() {
    reports.clear();
    errors.clear();
    logs.clear();
    statistics.reset();
    metadata.reset();
    limit.reset();
}

bool ProducerEvents::empty() const {
    return reports.empty() && errors.empty() && logs.empty() && !statistics && !metadata && !limit;
}

} // namespace dashstream::kafka
