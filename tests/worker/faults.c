#include "worker/faults.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "worker/spine.h"

enum {
    PEOPLE = 6,
    DEALS = 40,
    FACTS = 120,
    PARTITIONS = 3,
    WORKERS = 2,
    STEPS = 1500,
    PAYOUTS_MAX = 4000,
};

/* What the facts sent so far say, by the plainest arithmetic. */
struct truth {
    int64_t revision[DEALS];
    bool counts[DEALS];
    int64_t amount[DEALS];
    int owner[DEALS];
    int second[DEALS];   /* -1: none */
    int quarters[DEALS]; /* of the deal that the second one has */
    int rate;            /* percent */
};

struct run {
    struct pipeline *pipeline;
    struct schemas *schemas;
    struct truth truth;
    uint64_t random;
    int facts_left;
    int version;
    int paused_stage; /* -1: nobody */
    int paused_index;
    int paused_steps;
    int stepping_stage; /* whose step is under way */
    int stepping_index;
    bool is_interrupted;
    bool has_failed; /* within an interruption; `finding` says how */
    bool tears;
    char *finding;
};

static const struct stage *const stages[STAGE_COUNT] = {&crediting_stage, &incentives_stage};

static uint64_t draw(struct run *run, uint64_t below)
{
    run->random = run->random * 6364136223846793005u + 1442695040888963407u;
    return (run->random >> 33) % below;
}

static const char *name_of(int person)
{
    static const char *const names[PEOPLE] = {"person:ann", "person:ben", "person:cat",
                                              "person:dan", "person:eve", "person:fay"};
    return names[person];
}

static void send_deal(struct run *run, int deal)
{
    struct truth *truth = &run->truth;
    char id[16];
    char amount[24];
    char share[8];
    (void)snprintf(id, sizeof id, "D-%d", deal);
    (void)snprintf(amount, sizeof amount, "%" PRId64, truth->amount[deal]);
    (void)snprintf(share, sizeof share, "0.%02d", truth->quarters[deal] * 25);
    struct spine_deal fact = {
        .id = id,
        .revision = truth->revision[deal],
        .status = truth->counts[deal] ? "CLOSED" : "CANCELLED",
        .amount = amount,
        .owner = name_of(truth->owner[deal]),
        .second = truth->second[deal] < 0 ? NULL : name_of(truth->second[deal]),
        .second_share = share,
    };
    spine_deal(run->pipeline, &fact);
    if (draw(run, 20) == 0)
        spine_deal(run->pipeline, &fact); /* an exact duplicate */
}

static void change_deal(struct run *run)
{
    struct truth *truth = &run->truth;
    int deal = (int)draw(run, DEALS);
    truth->revision[deal]++;
    truth->counts[deal] = draw(run, 6) != 0;
    truth->amount[deal] = (int64_t)(draw(run, 900) + 1) * 40;
    truth->owner[deal] = (int)draw(run, PEOPLE);
    truth->second[deal] = -1;
    truth->quarters[deal] = 0;
    if (draw(run, 3) == 0) {
        truth->second[deal] = (truth->owner[deal] + 1) % PEOPLE;
        truth->quarters[deal] = 1 + (int)draw(run, 3);
    }
    send_deal(run, deal);
}

static void publish_plan(struct run *run)
{
    run->version++;
    run->truth.rate = 5 + (int)draw(run, 10);
    spine_publish_plan(run->pipeline, run->version, run->truth.rate);
}

static bool found(struct run *run, const char *what)
{
    (void)snprintf(run->finding, FINDING_BYTES, "%s", what);
    return false;
}

static bool start_again(struct run *run, int stage, int index)
{
    char detail[DETAIL_BYTES];
    pipeline_kill(run->pipeline, stages[stage], index);
    if (pipeline_start(run->pipeline, stages[stage], index, detail))
        return found(run, detail);
    return true;
}

/* A worker under fire may lose its slot to fencing, or crash; its supervisor starts it again. */
static bool step_one(struct run *run, int stage, int index)
{
    char detail[DETAIL_BYTES] = "";
    run->stepping_stage = stage;
    run->stepping_index = index;
    enum status status = pipeline_step(run->pipeline, stages[stage], index, detail);
    if (run->has_failed)
        return false;
    if (status == STATUS_FENCED || pipeline_has_crashed(run->pipeline, stages[stage], index))
        return start_again(run, stage, index);
    if (status && status_disposition(status) != DISPOSE_RETRY)
        return found(run, detail);
    return true;
}

/* Within a call of one worker's log: the others go on, or die, or it stands still until its
 * session or its transaction has timed out. */
static bool let_others_work(struct run *run)
{
    int stage = run->stepping_stage;
    int index = run->stepping_index;
    uint64_t dice = draw(run, 10);
    if (dice < 3)
        memory_broker_advance(pipeline_broker(run->pipeline), (int64_t)draw(run, 45000));
    for (uint64_t steps = draw(run, 25); steps > 0; steps--) {
        int other_stage = (int)draw(run, STAGE_COUNT);
        int other = (int)draw(run, WORKERS);
        if (other_stage == stage && other == index)
            continue;
        if (draw(run, 40) == 0 ? !start_again(run, other_stage, other)
                               : !step_one(run, other_stage, other))
            return false;
        memory_broker_advance(pipeline_broker(run->pipeline), (int64_t)draw(run, 200));
    }
    run->stepping_stage = stage;
    run->stepping_index = index;
    return true;
}

static void interrupt(void *self)
{
    struct run *run = self;
    if (run->is_interrupted || run->has_failed)
        return;
    run->is_interrupted = true;
    run->has_failed = !let_others_work(run);
    run->is_interrupted = false;
}

static bool kill_and_start(struct run *run)
{
    int stage = (int)draw(run, STAGE_COUNT);
    return start_again(run, stage, (int)draw(run, WORKERS));
}

static void set_faults(struct run *run)
{
    struct memory_faults *faults = memory_broker_faults(pipeline_broker(run->pipeline));
    static const uint32_t rates[MEMORY_FAULT_COUNT] = {
        [MEMORY_COMMIT_LOST_APPLIED] = 20000,
        [MEMORY_COMMIT_LOST_DROPPED] = 10000,
        [MEMORY_COMMIT_ABORTED] = 30000,
        [MEMORY_PRODUCE_ABORTED] = 2000,
        [MEMORY_OFFSETS_ABORTED] = 20000,
        [MEMORY_ABORT_FENCED] = 5000,
        [MEMORY_UNAVAILABLE] = 2000,
        [MEMORY_MARKER_DELAY] = 100000,
        [MEMORY_END_TWICE] = 10000,
        [MEMORY_CRASH] = 1500,
        [MEMORY_INTERRUPT] = 3000,
    };
    for (int i = 0; i < MEMORY_FAULT_COUNT; i++)
        faults->rules[i].per_million = rates[i];
    faults->interrupt = interrupt;
    faults->interrupt_self = run;
    if (run->tears) {
        faults->rules[MEMORY_END_TWICE].per_million = 200000;
        faults->keeps_producer = true;
    }
}

static void heal(struct run *run)
{
    struct memory_faults *faults = memory_broker_faults(pipeline_broker(run->pipeline));
    for (int i = 0; i < MEMORY_FAULT_COUNT; i++)
        faults->rules[i].per_million = 0;
    run->paused_stage = -1;
}

static bool act(struct run *run)
{
    uint64_t dice = draw(run, 100);
    if (dice < 12 && run->facts_left > 0) {
        run->facts_left--;
        if (draw(run, 60) == 0)
            publish_plan(run);
        else
            change_deal(run);
    } else if (dice < 14) {
        return kill_and_start(run);
    } else if (dice < 15 && run->paused_stage < 0) {
        run->paused_stage = (int)draw(run, STAGE_COUNT);
        run->paused_index = (int)draw(run, WORKERS);
        run->paused_steps = 60;
        memory_broker_advance(pipeline_broker(run->pipeline), 40000);
    } else if (dice < 25) {
        memory_broker_advance(pipeline_broker(run->pipeline), (int64_t)draw(run, 3000));
    }
    int stage = (int)draw(run, STAGE_COUNT);
    int index = (int)draw(run, WORKERS);
    if (run->paused_stage >= 0 && --run->paused_steps == 0)
        run->paused_stage = -1;
    if (stage == run->paused_stage && index == run->paused_index)
        return true;
    return step_one(run, stage, index);
}

/* --- the judge --- */

struct key_seen {
    char key[128];
    int64_t sequence;
};

struct judge {
    char (*ids)[80];
    struct key_seen *keys;
    size_t id_count;
    size_t key_count;
    int128 paid[PEOPLE];
};

static bool judge_payout(struct run *run, struct judge *judge, const struct payout *payout)
{
    char text[FINDING_BYTES];
    for (size_t i = 0; i < judge->id_count; i++) {
        if (slice_equal(slice_of(judge->ids[i]), payout->payout_id)) {
            (void)snprintf(text, sizeof text, "payout id %s twice", judge->ids[i]);
            return found(run, text);
        }
    }
    if (judge->id_count == PAYOUTS_MAX)
        return found(run, "too many payouts");
    (void)snprintf(judge->ids[judge->id_count++], sizeof judge->ids[0], "%.*s",
                   SLICE_ARGS(payout->payout_id));
    char key[128];
    (void)snprintf(key, sizeof key, "%.*s %.*s", SLICE_ARGS(payout->participant),
                   SLICE_ARGS(payout->window));
    size_t at = 0;
    while (at < judge->key_count && strcmp(judge->keys[at].key, key) != 0)
        at++;
    if (at == judge->key_count)
        memcpy(judge->keys[judge->key_count++].key, key, sizeof key);
    if (payout->sequence != ++judge->keys[at].sequence) {
        (void)snprintf(text, sizeof text, "%s: sequence %" PRId64 " where %" PRId64 " is due", key,
                       payout->sequence, judge->keys[at].sequence);
        return found(run, text);
    }
    for (int person = 0; person < PEOPLE; person++)
        if (slice_equal(payout->participant, slice_of(name_of(person))))
            judge->paid[person] += payout->earned_delta.units;
    return true;
}

static bool read_payouts(struct run *run, struct judge *judge)
{
    struct arena arena;
    arena_init_growing(&arena, 1 << 20);
    bool fine = true;
    for (int32_t p = 0; fine && p < PARTITIONS; p++) {
        int64_t offset = 0;
        struct log_record record;
        while (fine && memory_broker_next(pipeline_broker(run->pipeline), "milepost.payouts.v1", p,
                                          true, &offset, &record)) {
            char detail[DETAIL_BYTES];
            struct payout payout;
            arena_reset(&arena);
            if (schemas_decode(run->schemas, SCHEMA_PAYOUT, &record, &payout, &arena, 0, detail))
                fine = found(run, detail);
            else
                fine = judge_payout(run, judge, &payout);
        }
    }
    arena_deinit(&arena);
    return fine;
}

static bool compare_totals(struct run *run, const struct judge *judge)
{
    int128 owed[PEOPLE] = {0}; /* in 10^-9: amount × quarters / 4 × percent / 100 */
    const struct truth *truth = &run->truth;
    for (int deal = 0; deal < DEALS; deal++) {
        if (truth->revision[deal] == 0 || !truth->counts[deal])
            continue;
        int128 unit = (int128)truth->amount[deal] * truth->rate * 2500000; /* of a quarter */
        owed[truth->owner[deal]] += unit * (4 - truth->quarters[deal]);
        if (truth->second[deal] >= 0)
            owed[truth->second[deal]] += unit * truth->quarters[deal];
    }
    for (int person = 0; person < PEOPLE; person++) {
        if (owed[person] == judge->paid[person])
            continue;
        char is[DECIMAL_TEXT_BYTES];
        char should[DECIMAL_TEXT_BYTES];
        char text[FINDING_BYTES];
        decimal_format((struct decimal){judge->paid[person]}, is);
        decimal_format((struct decimal){owed[person]}, should);
        (void)snprintf(text, sizeof text, "%s was paid %s, is owed %s", name_of(person), is,
                       should);
        return found(run, text);
    }
    return true;
}

static bool judge_all(struct run *run)
{
    struct judge judge = {
        calloc(PAYOUTS_MAX, sizeof *judge.ids), calloc(PAYOUTS_MAX, sizeof *judge.keys), 0, 0, {0}};
    bool fine = read_payouts(run, &judge) && compare_totals(run, &judge);
    free(judge.ids);
    free(judge.keys);
    return fine;
}

static bool check_holds(struct run *run)
{
    for (int index = 0; index < WORKERS; index++) {
        const struct worker *worker = pipeline_worker(run->pipeline, &incentives_stage, index);
        if (worker_fold_counters(worker).held != 0)
            return found(run, "keys on hold");
    }
    return true;
}

static bool play(struct run *run)
{
    pipeline_broadcast_topics(run->pipeline, "e1");
    publish_plan(run);
    for (int person = 0; person < PEOPLE; person++)
        spine_assign(run->pipeline, name_of(person), "ae", 1);
    set_faults(run);
    for (int step = 0; step < STEPS || run->facts_left > 0; step++)
        if (!act(run))
            return false;
    heal(run);
    char detail[DETAIL_BYTES] = "does not come to rest";
    enum status status = pipeline_settle(run->pipeline, 20000, detail);
    if (status)
        return found(run, detail);
    return check_holds(run) && judge_all(run);
}

bool faults_run(struct schemas *schemas, uint64_t seed, bool tears, char finding[FINDING_BYTES])
{
    struct run run = {.schemas = schemas,
                      .random = seed * 2654435761u + 1,
                      .facts_left = FACTS,
                      .paused_stage = -1,
                      .tears = tears,
                      .finding = finding};
    struct pipeline_config config = {.partitions = PARTITIONS,
                                     .workers = WORKERS,
                                     .seed = seed,
                                     .rows_max = 1 + draw(&run, 30),
                                     .free_bytes = 1,
                                     .schemas = schemas};
    char detail[DETAIL_BYTES];
    if (pipeline_new(&config, &run.pipeline, detail))
        return found(&run, detail);
    bool fine = play(&run);
    pipeline_free(run.pipeline);
    return fine;
}
