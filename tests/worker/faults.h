/* Seeded histories on a broker in memory, with kills, pauses and faults; and a judge over them. */
#ifndef MILEPOST_WORKER_FAULTS_H
#define MILEPOST_WORKER_FAULTS_H

#include <stdbool.h>

#include "worker/pipeline.h"

enum { FINDING_BYTES = 512 };

/* Runs the history of `seed` to its end. True when all is right: every participant was paid what
 * the latest deals are worth, no payout id came twice, sequences have no gaps, no worker stopped.
 * Else `finding` says what the judge saw. */
bool faults_run(struct schemas *schemas, uint64_t seed, char finding[FINDING_BYTES]);

#endif
