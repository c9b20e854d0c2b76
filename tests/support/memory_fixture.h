/* support/log_contract.h's fixture over base/memory_log.h. */
#ifndef MILEPOST_TESTS_MEMORY_FIXTURE_H
#define MILEPOST_TESTS_MEMORY_FIXTURE_H

#include "base/memory_log.h"
#include "support/log_contract.h"

struct memory_fixture {
    struct memory_broker *broker; /* of the scenario under way */
    struct memory_broker_config config;
};

/* A fixture in `memory`; `end` frees the scenario's broker with all that is on it. */
struct log_fixture memory_fixture_init(struct memory_fixture *memory);

#endif
