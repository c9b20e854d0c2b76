/* A service: configuration, loops, health and an orderly end. main() of crediting and incentives.
 */
#ifndef MILEPOST_OPS_SERVICE_H
#define MILEPOST_OPS_SERVICE_H

#include "worker/stage.h"

/* Runs tasks of `stage` until SIGTERM (drains: the running turn is committed) or until it cannot go
 * on. Returns the process's exit code (exit_code.h). */
int service_main(const struct stage *stage, int argc, char **argv);

#endif
