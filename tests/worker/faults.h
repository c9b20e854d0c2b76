/* Seeded histories on a broker in memory, with kills, pauses and faults; and a judge over them. Of
 * facts they have deals and versions of one plan, so that the plainest arithmetic can judge: no
 * milestones, payments, results or crediting rules, which compare.h draws, without faults. */
#ifndef MILEPOST_WORKER_FAULTS_H
#define MILEPOST_WORKER_FAULTS_H

#include <stdbool.h>

#include "worker/pipeline.h"

enum { FINDING_BYTES = 512 };

/* `tears`: the broker may end a transaction that a late request was not meant for (KAFKA-17754)
 * while the log goes on with the same producer, so that turns are lost behind everybody's back.
 *
 * Runs the history of `seed` to its end. True when all is right: every participant was paid what
 * the latest deals are worth, no payout id came twice, sequences have no gaps, no worker stopped.
 * Else `finding` says what the judge saw. */
bool faults_run(struct schemas *schemas, uint64_t seed, bool tears, char finding[FINDING_BYTES]);

#endif
