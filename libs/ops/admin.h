/* Health over HTTP: /metrics, /livez, /readyz, /startupz. A thread of its own; GET and HEAD only.
 */
#ifndef MILEPOST_OPS_ADMIN_H
#define MILEPOST_OPS_ADMIN_H

#include "ops/health.h"

struct admin;

/* Listens on `address` (IPv4 or IPv6, in figures) and `port`; 0: a free one. `health` is borrowed
 * until admin_close(). REFUSED: it cannot, `detail` says why. */
enum status admin_open(struct health *health, const char *address, int port, struct admin **out,
                       char *detail) MUST_CHECK;
void admin_close(struct admin *admin); /* NULL does nothing */

int admin_port(const struct admin *admin); /* the one that is listened on */

#endif
