/* The log: JSON whatever the text is, whole lines, levels, and repeats that are counted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ops/log_line.h"
#include "ops/repeats.h"
#include "support/case.h"

/* --- repeats --- */

static struct repeats repeats;

static int end_repeats(void **state)
{
    (void)state;
    repeats_deinit(&repeats);
    return 0;
}

static void the_same_text_passes_once_a_second(void **state)
{
    (void)state;
    struct slice text;
    int64_t count = 0;
    assert_true(repeats_admit(&repeats, 5000, SLICE("down")));
    assert_false(repeats_admit(&repeats, 5000, SLICE("down")));
    assert_false(repeats_admit(&repeats, 5999, SLICE("down")));
    assert_false(repeats_take_due(&repeats, 5999, &text, &count));
    assert_true(repeats_take_due(&repeats, 6000, &text, &count));
    assert_true(slice_equal(text, SLICE("down")));
    assert_true(count == 2);
    assert_false(repeats_take_due(&repeats, 6000, &text, &count));
    assert_true(repeats_admit(&repeats, 6000, SLICE("down")));
}

static void another_text_passes_in_between(void **state)
{
    (void)state;
    assert_true(repeats_admit(&repeats, 1, SLICE("a")));
    assert_true(repeats_admit(&repeats, 2, SLICE("b")));
    assert_false(repeats_admit(&repeats, 3, SLICE("a")));
    assert_false(repeats_admit(&repeats, 4, SLICE("b")));
    assert_true(repeats_admit(&repeats, 5, SLICE("")));
}

static void what_did_not_come_again_is_not_told(void **state)
{
    (void)state;
    struct slice text;
    int64_t count;
    assert_true(repeats_admit(&repeats, 1, SLICE("a")));
    assert_false(repeats_take_due(&repeats, INT64_MAX, &text, &count));
}

static void with_more_texts_than_slots_no_count_is_lost(void **state)
{
    (void)state;
    enum { TEXTS = REPEATS_SLOTS + 5 };
    int64_t passed = 0;
    int64_t told = 0;
    for (int i = 0; i < 3 * TEXTS; i++) {
        char text[16];
        (void)snprintf(text, sizeof text, "text %d", i % TEXTS);
        passed += repeats_admit(&repeats, 1, slice_of(text));
    }
    struct slice text;
    int64_t count;
    while (repeats_take_due(&repeats, INT64_MAX, &text, &count))
        told += count;
    assert_true(passed + told == 3 * TEXTS);
    assert_true(told == 2 * REPEATS_SLOTS);
}

/* --- lines --- */

static char *captured;
static int log_file;
static int kept_stdout;

static void begin_capture(void)
{
    char path[] = "log-test-XXXXXX";
    log_file = mkstemp(path);
    assert_true(log_file >= 0);
    assert_int_equal(unlink(path), 0);
    (void)fflush(stdout);
    kept_stdout = dup(STDOUT_FILENO);
    assert_true(dup2(log_file, STDOUT_FILENO) >= 0);
}

static void end_capture(void)
{
    log_line_flush();
    (void)dup2(kept_stdout, STDOUT_FILENO);
    (void)close(kept_stdout);
    off_t length = lseek(log_file, 0, SEEK_END);
    captured = calloc(1, (size_t)length + 1);
    assert_non_null(captured);
    assert_true(pread(log_file, captured, (size_t)length, 0) == length);
    (void)close(log_file);
}

static int end_line(void **state)
{
    (void)state;
    free(captured);
    captured = NULL;
    return 0;
}

/* The line without its time. */
static const char *without_time(const char *line)
{
    static const char head[] = "{\"time\":\"";
    assert_true(strncmp(line, head, sizeof head - 1) == 0);
    const char *end = strstr(line, "Z\",");
    assert_non_null(end);
    return end + 3;
}

static void a_line_is_one_object_with_its_fields(void **state)
{
    (void)state;
    const struct log_field fields[] = {{.name = "loop", .number = -3},
                                       {.name = "topic", .text = "de\"als"}};
    log_line_init("crediting", "7", LOG_INFO);
    begin_capture();
    log_line_with(LOG_WARNING, fields, 2, "%s is down", "it");
    end_capture();
    assert_string_equal(without_time(captured),
                        "\"level\":\"warning\",\"service\":\"crediting\",\"instance\":\"7\","
                        "\"message\":\"it is down\",\"loop\":-3,\"topic\":\"de\\\"als\"}\n");
}

static void lines_below_the_level_are_dropped(void **state)
{
    (void)state;
    log_line_init("crediting", "7", LOG_WARNING);
    begin_capture();
    log_line(LOG_INFO, "no");
    log_line(LOG_WARNING, "yes");
    log_line(LOG_DEBUG, "no");
    end_capture();
    assert_non_null(strstr(captured, "yes"));
    assert_null(strstr(captured, "\"no\""));
}

static void a_sentence_that_is_too_long_is_cut_and_stays_json(void **state)
{
    (void)state;
    char text[8001];
    memset(text, '"', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    log_line_init("crediting", "7", LOG_INFO);
    begin_capture();
    log_line(LOG_INFO, "%s", text);
    end_capture();
    size_t length = strlen(captured);
    assert_true(length > 4000 && length < 5000);
    assert_string_equal(captured + length - 5, "\\\"\"}\n");
}

enum { THREADS = 4, LINES = 500 };

static void *write_many(void *self)
{
    int thread = *(int *)self;
    for (int i = 0; i < LINES; i++)
        log_line(LOG_INFO, "thread %d line %d %0100d", thread, i, 0);
    return NULL;
}

static void threads_do_not_mix_their_lines(void **state)
{
    (void)state;
    pthread_t threads[THREADS];
    int numbers[THREADS];
    log_line_init("crediting", "7", LOG_INFO);
    begin_capture();
    for (int i = 0; i < THREADS; i++) {
        numbers[i] = i;
        assert_int_equal(pthread_create(&threads[i], NULL, write_many, &numbers[i]), 0);
    }
    for (int i = 0; i < THREADS; i++)
        (void)pthread_join(threads[i], NULL);
    end_capture();
    int lines = 0;
    for (char *line = captured; *line; lines++) {
        char *end = strchr(line, '\n');
        assert_non_null(end);
        *end = '\0';
        assert_non_null(strstr(without_time(line), "\"message\":\"thread "));
        assert_string_equal(end - 12, "0000000000\"}");
        line = end + 1;
    }
    assert_int_equal(lines, THREADS * LINES);
}

static void a_repeated_line_is_told_with_its_count(void **state)
{
    (void)state;
    log_line_init("crediting", "7", LOG_INFO);
    begin_capture();
    for (int i = 0; i < 1000; i++)
        log_line(LOG_INFO, "again");
    end_capture();
    /* How many seconds that takes is the machine's affair; the sum is ours. */
    int64_t sum = 0;
    for (char *at = captured; (at = strstr(at, "\"message\":\"again\"")) != NULL;) {
        static const char repeated[] = ",\"repeated\":";
        at += sizeof "\"message\":\"again\"" - 1;
        bool is_told = strncmp(at, repeated, sizeof repeated - 1) == 0;
        sum += is_told ? strtoll(at + sizeof repeated - 1, NULL, 10) : 1;
    }
    assert_true(sum == 1000);
}

/* --- levels --- */

static const struct level {
    const char *label;
    const char *name;
    bool is_known;
    enum log_level level;
} levels[] = {
    {"debug is a level", "debug", true, LOG_DEBUG},
    {"error is a level", "error", true, LOG_ERROR},
    {"a level is written small", "INFO", false, LOG_WARNING},
    {"no word is no level", "", false, LOG_WARNING},
};

static void is_level(void **state)
{
    const struct level *row = *state;
    enum log_level level = LOG_WARNING;
    assert_int_equal(log_level_find(row->name, &level), row->is_known);
    assert_int_equal(level, row->level);
}

int main(void)
{
    const struct CMUnitTest repeat_tests[] = {
        cmocka_unit_test_teardown(the_same_text_passes_once_a_second, end_repeats),
        cmocka_unit_test_teardown(another_text_passes_in_between, end_repeats),
        cmocka_unit_test_teardown(what_did_not_come_again_is_not_told, end_repeats),
        cmocka_unit_test_teardown(with_more_texts_than_slots_no_count_is_lost, end_repeats),
    };
    const struct CMUnitTest line_tests[] = {
        cmocka_unit_test_teardown(a_line_is_one_object_with_its_fields, end_line),
        cmocka_unit_test_teardown(lines_below_the_level_are_dropped, end_line),
        cmocka_unit_test_teardown(a_sentence_that_is_too_long_is_cut_and_stays_json, end_line),
        cmocka_unit_test_teardown(threads_do_not_mix_their_lines, end_line),
        cmocka_unit_test_teardown(a_repeated_line_is_told_with_its_count, end_line),
    };
    return RUN_CASES(levels, is_level) + cmocka_run_group_tests(repeat_tests, NULL, NULL) +
           cmocka_run_group_tests(line_tests, NULL, NULL);
}
