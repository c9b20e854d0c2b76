/* SIGTERM and SIGINT ask for a drain: the running turn is committed, then the process ends. */
#ifndef MILEPOST_OPS_SIGNALS_H
#define MILEPOST_OPS_SIGNALS_H

#include <stdbool.h>

/* Takes both signals; a second one ends the process at once. SIGPIPE is ignored. */
void signals_install(void);
bool signals_is_draining(void);
/* Asks for the drain from within. */
void signals_drain(void);

#endif
