/* What runs inside Redis: the compare-and-set on the header. Internal to libs/redis.
 *
 * To change a function: raise the number in all names and in the library's, so that processes of
 * two releases can share a server. */
#ifndef MILEPOST_REDIS_SERVER_FUNCTIONS_H
#define MILEPOST_REDIS_SERVER_FUNCTIONS_H

/* apply KEY | base new seconds field value …
 *   Writes the fields and the header `new` only if the header is `base` ("": none). `seconds` not
 *   0: the key goes by itself after so long. Answers [1, new] or [0, stored header]. */
#define SERVER_APPLY "milepost_apply_1"

/* replace LIVE BUILT | base built
 *   BUILT, whose header is `built`, takes the place of LIVE, whose header is `base`; with `built`
 *   "" LIVE goes and nothing comes. Answers [1, built] or, BUILT being dropped, [0, LIVE's header].
 */
#define SERVER_REPLACE "milepost_replace_1"

/* The same arguments as apply, wrong on purpose (MILEPOST_HAZARDS): a later offset wins. */
#define SERVER_WATERMARK "milepost_watermark_1"

/* The library's text, for FUNCTION LOAD REPLACE. */
extern const char server_functions_text[];

#endif
