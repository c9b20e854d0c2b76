/* SIGTERM and SIGINT ask for a drain: the running turn is committed, then the process ends. */
#ifndef MILEPOST_OPS_SIGNALS_H
#define MILEPOST_OPS_SIGNALS_H

#include <stdbool.h>

/* Takes both signals; a second one ends the process at once, with 128 + its number. SIGPIPE is
 * ignored. */
void signals_install(void);
bool signals_is_draining(void);
/* Asks for the drain from within; the first signal after that still only asks. */
void signals_drain(void);

#endif
