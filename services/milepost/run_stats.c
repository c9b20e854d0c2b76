#include "milepost/run_stats.h"

#include <inttypes.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include "base/clock.h"

enum { SAMPLE_NS = 1000000 };

static const char *const names[DOING_COUNT] = {
#define DOING_NAME(symbol, name) [symbol] = name,
    DOING_LIST(DOING_NAME)
#undef DOING_NAME
};

static int64_t now_ms(void)
{
    struct clock clock = clock_system();
    return clock.monotonic_ms(clock.self);
}

static void *sample(void *self)
{
    struct run_stats *stats = self;
    while (!atomic_load(&stats->is_over)) {
        (void)nanosleep(&(struct timespec){.tv_nsec = SAMPLE_NS}, NULL);
        stats->samples[atomic_load_explicit(&stats->now.doing, memory_order_relaxed)]++;
    }
    return NULL;
}

void run_stats_begin(struct run_stats *stats)
{
    *stats = (struct run_stats){.began_ms = now_ms()};
    if (pthread_create(&stats->thread, NULL, sample, stats))
        abort();
}

static int64_t cpu_ms(const struct rusage *usage)
{
    return (int64_t)(usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) * 1000 +
           (usage->ru_utime.tv_usec + usage->ru_stime.tv_usec) / 1000;
}

static int64_t per_thousand(const struct run_stats *stats, int doing)
{
    int64_t all = 0;
    for (int i = 0; i < DOING_COUNT; i++)
        all += stats->samples[i];
    return all ? (stats->samples[doing] * 1000 + all / 2) / all : 0;
}

static void print_json(const struct run_stats *stats, int64_t events, int64_t ms, int64_t cpu,
                       int64_t bytes)
{
    (void)fprintf(stderr,
                  "{\"events\":%" PRId64 ",\"elapsed_ms\":%" PRId64 ",\"cpu_ms\":%" PRId64
                  ",\"events_per_second\":%" PRId64 ",\"peak_bytes\":%" PRId64
                  ",\"per_thousand\":{",
                  events, ms, cpu, events * 1000 / ms, bytes);
    for (int i = 0; i < DOING_COUNT; i++)
        (void)fprintf(stderr, "%s\"%s\":%" PRId64, i ? "," : "", names[i], per_thousand(stats, i));
    (void)fputs("}}\n", stderr);
}

void run_stats_end(struct run_stats *stats, const struct console *console, int64_t events)
{
    struct rusage usage;
    atomic_store(&stats->is_over, true);
    (void)pthread_join(stats->thread, NULL);
    (void)getrusage(RUSAGE_SELF, &usage);
    int64_t ms = now_ms() - stats->began_ms;
    int64_t bytes = (int64_t)usage.ru_maxrss * 1024;
    ms = ms > 0 ? ms : 1;
    if (console->is_json) {
        print_json(stats, events, ms, cpu_ms(&usage), bytes);
        return;
    }
    (void)fprintf(stderr,
                  "%" PRId64 " events in %" PRId64 ".%03" PRId64 " s (%" PRId64 ".%03" PRId64
                  " s of CPU): %" PRId64 " a second; at most %" PRId64 " MB of memory\n",
                  events, ms / 1000, ms % 1000, cpu_ms(&usage) / 1000, cpu_ms(&usage) % 1000,
                  events * 1000 / ms, bytes / 1000000);
    for (int i = 1; i <= DOING_COUNT; i++) {
        int64_t share = per_thousand(stats, i % DOING_COUNT);
        (void)fprintf(stderr, "%s %" PRId64 ".%" PRId64 " %%%s", names[i % DOING_COUNT], share / 10,
                      share % 10, i < DOING_COUNT ? ", " : "\n");
    }
}
