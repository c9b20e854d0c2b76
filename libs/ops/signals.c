#include "ops/signals.h"

#include <signal.h>
#include <stddef.h>
#include <unistd.h>

static volatile sig_atomic_t is_draining;

static void on_signal(int number)
{
    if (is_draining)
        _exit(128 + number);
    is_draining = 1;
}

void signals_install(void)
{
    struct sigaction action = {.sa_handler = on_signal};
    (void)sigaction(SIGTERM, &action, NULL);
    (void)sigaction(SIGINT, &action, NULL);
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    (void)sigaction(SIGPIPE, &ignore, NULL);
}

bool signals_is_draining(void)
{
    return is_draining;
}

void signals_drain(void)
{
    is_draining = 1;
}
