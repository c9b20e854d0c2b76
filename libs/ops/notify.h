/* A word to systemd: one datagram to $NOTIFY_SOCKET, nothing without it. */
#ifndef MILEPOST_OPS_NOTIFY_H
#define MILEPOST_OPS_NOTIFY_H

/* `state` as sd_notify(3) has it: "READY=1", "WATCHDOG=1", "STOPPING=1", "STATUS=…". */
void notify_systemd(const char *state);

#endif
