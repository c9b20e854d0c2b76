/* Planted plans, rosters and the whole language, with a few bytes changed, are linted: never a
 * crash (the sanitizers watch), every finding has a place, and the same file has the same findings.
 * MUTATIONS in the environment is how many are tried. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <stdlib.h>

#include "lint/lint.h"
#include "plan/input_file.h"
#include "plan/plan_scene.h"

enum { FILES_MAX = 400 };

static struct buffer files[FILES_MAX];
static size_t file_count;

static const char *const pieces[] = {"%",
                                     "0",
                                     "1",
                                     "-1",
                                     "100%",
                                     "0%",
                                     "}",
                                     "{",
                                     "]",
                                     "[",
                                     ", ",
                                     ": ",
                                     "\n",
                                     "none",
                                     "9999",
                                     "plan",
                                     "month",
                                     "deal",
                                     "year",
                                     "lower",
                                     "0.001",
                                     "whole",
                                     "flat",
                                     "first",
                                     "all",
                                     "any",
                                     "not",
                                     "-",
                                     "99999999999999999999999",
                                     "amount",
                                     "attainment",
                                     "nothing"};

static void read_file(const char *folder, const char *name)
{
    char path[4096];
    char piece[4096];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    assert_true(file_count < FILES_MAX);
    struct buffer *out = &files[file_count++];
    for (size_t length; (length = fread(piece, 1, sizeof piece, file)) > 0;)
        buffer_append(out, piece, length);
    (void)fclose(file);
}

static void read_files(void)
{
    static const char folder[] = SOURCE_FOLDER "/tests/plan/lint";
    read_file(SOURCE_FOLDER "/tests/plan", "language.yaml");
    DIR *directory = opendir(folder);
    assert_non_null(directory);
    for (struct dirent *entry; (entry = readdir(directory));)
        if (entry->d_name[0] != '.')
            read_file(folder, entry->d_name);
    (void)closedir(directory);
}

static uint64_t random_state;

static uint32_t draw(uint32_t below)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(random_state >> 33) % below;
}

static bool is_word(char byte)
{
    return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') || byte == '%' ||
           byte == '-' || byte == '.';
}

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static const char *const numbers[] = {"0",           "1",     "0%",         "100%",
                                      "-1",          "0.001", "99%",        "101%",
                                      "1000",        "10.5",  "2026-04-01", "1000000000000000",
                                      "0.000000001", "12"};

/* Puts a number in place of a word with digits, so that most files stay readable, or any piece in
 * place of a few bytes. */
static void change(struct buffer *out)
{
    size_t at = draw((uint32_t)out->length);
    size_t gone = draw(4);
    const char *piece = pieces[draw(sizeof pieces / sizeof pieces[0])];
    if (draw(5) > 0) {
        while (at < out->length && !is_digit(out->bytes[at]))
            at++;
        while (at > 0 && is_word(out->bytes[at - 1]))
            at--;
        for (gone = 0; at + gone < out->length && is_word(out->bytes[at + gone]); gone++)
            ;
        piece = numbers[draw(sizeof numbers / sizeof numbers[0])];
    }
    if (gone > out->length - at)
        gone = out->length - at;
    struct buffer tail = {0};
    buffer_append(&tail, out->bytes + at + gone, out->length - at - gone);
    out->length = at;
    buffer_append_slice(out, slice_of(piece));
    buffer_append_slice(out, buffer_slice(&tail));
    buffer_deinit(&tail);
}

static void mutate(struct buffer *out, struct slice text)
{
    buffer_reset(out);
    buffer_append_slice(out, text);
    for (uint32_t changes = 1 + draw(2); changes > 0 && out->length > 0; changes--)
        change(out);
}

static void check_places(const struct reports *reports)
{
    for (const struct report *one = reports->first; one; one = one->next) {
        assert_true(one->line > 0 && one->column >= 0);
        assert_true(one->sentence.length > 0);
        assert_non_null(one->code);
    }
}

/* Reads and lints; true when it was a plan or roster. Findings go to `out` as text. */
static bool lint_text(struct slice text, const struct plan *known, struct buffer *out)
{
    static const struct currency units[] = {{"PTS", 0}};
    const struct plan_sources sources = {
        .zone = scene_zone, .units = units, .unit_count = 1, .reads_all = true};
    struct scene scene;
    struct input_file file = {0};
    const struct node *root;
    scene_init(&scene);
    buffer_reset(out);
    enum status status =
        input_file_read(text, SLICE("f"), &scene.arena, &sources, &scene.reports, &file);
    bool is_linted = !status && file.kind != DOCUMENT_CONTROL;
    if (is_linted && file.plan)
        assert_int_equal(lint_plan(file.plan, SLICE("f"), NULL, true, &scene.reports), STATUS_OK);
    else if (is_linted &&
             !node_read_yaml(text, NODE_BYTES_MAX, &scene.arena, &scene.reports, &root))
        assert_int_equal(lint_roster(root, SLICE("f"), text, &known, 1, &scene.reports), STATUS_OK);
    check_places(&scene.reports);
    reports_append(&scene.reports, false, out);
    scene_deinit(&scene);
    return is_linted;
}

static void lint_never_crashes_and_says_the_same_again(void **state)
{
    (void)state;
    const char *wanted = getenv("MUTATIONS");
    long count = wanted ? strtol(wanted, NULL, 10) : 6000;
    long linted = 0;
    struct buffer text = {0};
    struct buffer once = {0};
    struct buffer again = {0};
    struct scene scene;
    scene_init(&scene);
    const struct plan *known = scene_plan(&scene, "sum: count, count: credited", "quarter",
                                          SCENE_GOAL "    pays: {rate: 10%}\n");
    struct plan planted = *known;
    planted.name = SLICE("planted");
    read_files();
    random_state = 20261125;
    print_message("seed 20261125, %ld mutations of %zu files\n", count, file_count);
    for (long i = 0; i < count; i++) {
        mutate(&text, buffer_slice(&files[(size_t)i % file_count]));
        linted += lint_text(buffer_slice(&text), &planted, &once);
        (void)lint_text(buffer_slice(&text), &planted, &again);
        assert_true(slice_equal(buffer_slice(&once), buffer_slice(&again)));
    }
    print_message("%ld of them were linted\n", linted);
    assert_true(linted > count / 10);
    scene_deinit(&scene);
    buffer_deinit(&text);
    buffer_deinit(&once);
    buffer_deinit(&again);
    for (size_t i = 0; i < file_count; i++)
        buffer_deinit(&files[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lint_never_crashes_and_says_the_same_again)};
    return cmocka_run_group_tests_name("lint.mutation", tests, NULL, NULL);
}
