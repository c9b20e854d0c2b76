#include "ops/signals.h"

#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <unistd.h>

static atomic_bool is_draining;
static atomic_bool was_asked; /* by a signal, not from within */

_Static_assert(ATOMIC_BOOL_LOCK_FREE == 2, "only lock-free atomics may be used in a handler");

static void on_signal(int number)
{
    if (atomic_exchange(&was_asked, true))
        _exit(128 + number);
    atomic_store(&is_draining, true);
}

void signals_install(void)
{
    struct sigaction action = {.sa_handler = on_signal};
    (void)sigemptyset(&action.sa_mask);
    (void)sigaction(SIGTERM, &action, NULL);
    (void)sigaction(SIGINT, &action, NULL);
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    (void)sigaction(SIGPIPE, &ignore, NULL);
}

bool signals_is_draining(void)
{
    return atomic_load(&is_draining);
}

void signals_drain(void)
{
    atomic_store(&is_draining, true);
}
