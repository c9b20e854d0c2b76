#include "support/memory_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

static const struct memory_log_topic topics[LOG_CONTRACT_TOPICS] = {
    [LOG_CONTRACT_FACTS] = {"facts", true},
    [LOG_CONTRACT_CREDITS] = {"credits", true},
    [LOG_CONTRACT_JOURNAL] = {"journal", false},
    [LOG_CONTRACT_PAYOUTS] = {"payouts", false},
};

static int64_t clock_ms(void *self)
{
    const struct memory_fixture *memory = self;
    struct clock clock = memory_broker_clock(memory->broker);
    return clock.monotonic_ms(clock.self);
}

static void begin(void *self, int32_t partitions)
{
    struct memory_fixture *memory = self;
    memory->broker = memory_broker_new(&memory->config);
    for (size_t i = 0; i < LOG_CONTRACT_TOPICS; i++)
        memory_broker_topic(memory->broker, topics[i].name, partitions);
}

static void end(void *self)
{
    struct memory_fixture *memory = self;
    memory_broker_free(memory->broker);
    memory->broker = NULL;
}

static struct log open_log(void *self, const char *instance, struct log_listener listener)
{
    const struct memory_fixture *memory = self;
    struct memory_log_config config = {.topics = topics,
                                       .topic_count = LOG_CONTRACT_TOPICS,
                                       .group = "group",
                                       .instance = instance,
                                       .transactional_prefix = "test"};
    struct log log = {0};
    char detail[DETAIL_BYTES];
    enum status status = memory_log_open(memory->broker, &config, listener, &log, detail);
    assert_int_equal(status, STATUS_OK);
    return log;
}

static void kill_log(void *self, struct log *log)
{
    (void)self;
    memory_log_kill(log);
}

static void forget(void *self, struct log *log)
{
    (void)self;
    (void)log;
}

static int64_t append(void *self, const struct log_record *record)
{
    const struct memory_fixture *memory = self;
    return memory_broker_append(memory->broker, topics[record->topic].name, record);
}

static void read_all(void *self, int topic, int32_t partition,
                     void (*each)(void *context, const struct log_record *record), void *context)
{
    const struct memory_fixture *memory = self;
    int64_t offset = 0;
    struct log_record record;
    while (
        memory_broker_next(memory->broker, topics[topic].name, partition, true, &offset, &record))
        each(context, &record);
}

static void tick(void *self, int64_t ms)
{
    const struct memory_fixture *memory = self;
    memory_broker_advance(memory->broker, ms);
}

struct log_fixture memory_fixture_init(struct memory_fixture *memory)
{
    *memory = (struct memory_fixture){.config = {.seed = 1, .copies_polled = true}};
    return (struct log_fixture){
        .self = memory,
        .too_large_bytes = 2 << 20,
        .begin = begin,
        .end = end,
        .open = open_log,
        .kill = kill_log,
        .forget = forget,
        .append = append,
        .read = read_all,
        .tick = tick,
        .clock = {memory, clock_ms, clock_ms},
        .patience_ms = 120000,
    };
}
