/* `milepost manual PAGE`: the manual pages and the completion, from the tables that --help prints.
 */
#include <inttypes.h>

#include "milepost/command.h"
#include "milepost/command_list.h"
#include "ops/milepost_keys.h"

#define COMMAND_EXTERN(symbol) extern const struct command symbol;
COMMAND_LIST(COMMAND_EXTERN)

#define COMMAND_ROW(symbol) &symbol,
static const struct command *const commands[] = {COMMAND_LIST(COMMAND_ROW) NULL};

/* --- roff --- */

/* A backslash begins an escape, a dot or an apostrophe at a line's start a request, and a bare
 * hyphen is a typographic one. */
static void put(const char *text)
{
    char before = '\n';
    for (; *text; before = *text++) {
        if (before == '\n' && (*text == '.' || *text == '\''))
            (void)fputs("\\&", stdout);
        if (*text == '\\')
            (void)fputs("\\e", stdout);
        else if (*text == '-')
            (void)fputs("\\-", stdout);
        else
            (void)fputc(*text, stdout);
    }
}

static void put_head(const char *name, const char *section, const char *summary)
{
    (void)printf(".TH %s %s \"\" \"Milepost\" \"Milepost\"\n.SH NAME\n", name, section);
    put(name);
    (void)fputs(" \\- ", stdout);
    put(summary);
    (void)fputs("\n", stdout);
}

static void put_section(const char *title, const char *text)
{
    (void)printf(".SH %s\n", title);
    put(text);
}

static void put_as_is(const char *text)
{
    (void)fputs(".nf\n", stdout);
    put(text);
    (void)fputs(".fi\n", stdout);
}

/* --- milepost(1) --- */

static void put_commands(const struct command *const *list)
{
    for (; *list; list++) {
        struct buffer help = {0};
        command_append_help(*list, &help);
        buffer_append_byte(&help, '\0');
        (void)fputs(".SS ", stdout);
        put((*list)->name);
        (void)fputs("\n", stdout);
        put_as_is((const char *)help.bytes);
        buffer_deinit(&help);
        if ((*list)->parts)
            put_commands((*list)->parts);
    }
}

static void put_milepost(void)
{
    put_head("milepost", "1", "the command line of the incentive engine");
    (void)fputs(".SH SYNOPSIS\n.B milepost\n[\\-\\-config FILE] [\\-X key=value]... [\\-\\-json] "
                "COMMAND ...\n",
                stdout);
    put_section("OPTIONS", "");
    put_as_is("--config FILE    lines of key = value, as milepost.conf(5) has them\n"
              "-X key=value     one key; wins over file and environment\n"
              "-X list          the keys; -X dump: what is in force\n"
              "--json           one JSON object a line instead of tables, with any command\n"
              "--help           also behind a command\n"
              "--version\n");
    put_section("COMMANDS", "");
    put_commands(commands);
    put_section("EXIT STATUS", "0 done, 1 a finding, 2 usage, 3 configuration, 4 no answer of a "
                               "dependency, 5 a task's state cannot be trusted.\n");
    put_section("SEE ALSO", "milepost.conf(5), milepost-crediting(8), milepost-incentives(8)\n");
}

/* --- the services, section 8 --- */

static void put_service(const char *name, const char *summary, const char *description)
{
    put_head(name, "8", summary);
    (void)printf(".SH SYNOPSIS\n.B %s\n[\\-\\-config FILE] [\\-X key=value]...\n", name);
    put_section("DESCRIPTION", description);
    put("Everything a task must remember is in its journal, written in one Kafka transaction with "
        "what it puts out and the offsets of what it read: it may be killed at any time. Several "
        "processes share the work; each needs its own lasting name (instance).\n");
    put_section("CONFIGURATION", "The keys are in milepost.conf(5); --help prints them.\n");
    put_section("SIGNALS", "SIGTERM and SIGINT drain: the running turn is committed, then the "
                           "process ends with 0.\n");
    put_section("PROBES", "With admin.port: /livez (every loop makes progress), /readyz (all "
                          "partitions are taken), /startupz, and /metrics for Prometheus.\n");
    put_section("EXIT STATUS", "0 drained, 2 usage, 3 configuration or another process has this "
                               "instance's name, 5 a task's state cannot be trusted. What does not "
                               "answer is waited for.\n");
    put_section("SEE ALSO", "milepost(1), milepost.conf(5)\n");
}

static void put_crediting(void)
{
    put_service("milepost-crediting", "turns deals into credits",
                "Keeps the books of deals and writes who has what share in which of them.\n");
}

static void put_incentives(void)
{
    put_service("milepost-incentives", "turns credits into payouts and attainment",
                "Keeps the books of participants, pays the difference between what a book is worth "
                "and what was paid, and publishes attainment. With redis.url it also keeps Redis "
                "up to date.\n");
}

/* --- milepost.conf(5) --- */

static void put_range(const struct config_key *key)
{
    const char *unit = key->type == CONFIG_DURATION ? " ms" : "";
    if (key->min || key->max)
        (void)printf(" From %" PRId64 " to %" PRId64 "%s.", key->min, key->max, unit);
}

static void put_keys(const struct config_key *keys)
{
    static const char *const types[] = {[CONFIG_TEXT] = "Text",
                                        [CONFIG_SECRET] = "Secret, never printed",
                                        [CONFIG_INTEGER] = "Number",
                                        [CONFIG_DURATION] = "Duration",
                                        [CONFIG_BOOL] = "true or false"};
    for (; keys->name; keys++) {
        (void)printf(".TP\n.B %s\n", keys->name);
        put(keys->help);
        (void)printf(". %s", types[keys->type]);
        if (keys->fallback[0] && keys->type != CONFIG_SECRET) {
            (void)fputs("; default ", stdout);
            put(keys->fallback);
        }
        (void)fputs(".", stdout);
        put_range(keys);
        (void)fputs("\n", stdout);
    }
}

static void put_configuration(void)
{
    put_head("milepost.conf", "5", "configuration of Milepost's programs");
    put_section("DESCRIPTION",
                "The file that --config or MILEPOST_CONFIG names. Its lines are key = value; lines "
                "that begin with # are comments. From lowest to highest: the default, the file, "
                "the environment, -X key=value.\n");
    put_section("ENVIRONMENT",
                "MILEPOST_ and the key in capitals, dots as _: MILEPOST_REDIS_URL. With _FILE "
                "behind it the value is read from the file that it names.\n");
    put_section("KEYS OF ALL PROGRAMS", "");
    put_keys(milepost_common_keys);
    put_section("KEYS OF THE SERVICES", "");
    put_keys(milepost_service_keys);
    put_section("KEYS OF LIBRDKAFKA",
                "Any other kafka.*, kafka.consumer.* or kafka.producer.* goes to librdkafka, but "
                "for what correctness hangs on, which is refused.\n");
    put_section("SEE ALSO", "milepost(1), milepost-crediting(8), milepost-incentives(8)\n");
}

/* --- bash --- */

static void put_key_names(const struct config_key *keys)
{
    for (; keys->name; keys++)
        (void)printf(" %s=", keys->name);
}

/* A case for every command that has parts: their words. */
static void put_part_words(void)
{
    for (int i = 0; commands[i]; i++) {
        if (!commands[i]->parts)
            continue;
        (void)printf("        %s) commands='", commands[i]->name);
        for (const struct command *const *part = commands[i]->parts; *part; part++)
            (void)printf("%s%s", part == commands[i]->parts ? "" : " ", command_word(*part));
        (void)fputs("' ;;\n", stdout);
    }
}

static void put_completion(void)
{
    (void)fputs("# Completion of milepost for bash.\n"
                "_milepost() {\n"
                "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}\n"
                "    local keys='list dump",
                stdout);
    put_key_names(milepost_common_keys);
    (void)fputs("'\n    local commands='", stdout);
    for (int i = 0; commands[i]; i++)
        (void)printf("%s%s", i ? " " : "", commands[i]->name);
    (void)fputs("'\n"
                "    if [[ $COMP_CWORD == 2 ]]; then\n"
                "        case $before in\n",
                stdout);
    put_part_words();
    (void)fputs("        *) commands= ;;\n"
                "        esac\n"
                "    fi\n"
                "    COMPREPLY=()\n"
                "    if [[ $before == -X ]]; then\n"
                "        compopt -o nospace 2>/dev/null\n"
                "        COMPREPLY=($(compgen -W \"$keys\" -- \"$word\"))\n"
                "    elif [[ $word == -* ]]; then\n"
                "        COMPREPLY=($(compgen -W '--config -X --json --help --version' -- "
                "\"$word\"))\n"
                "    elif [[ $COMP_CWORD -le 2 && -n $commands ]]; then\n"
                "        COMPREPLY=($(compgen -W \"$commands\" -- \"$word\"))\n"
                "    fi\n"
                "}\n"
                "complete -o default -F _milepost milepost\n",
                stdout);
}

/* --- the command --- */

static const struct page {
    const char *name;
    void (*put)(void);
} pages[] = {
    {"milepost.1", put_milepost},
    {"milepost-crediting.8", put_crediting},
    {"milepost-incentives.8", put_incentives},
    {"milepost.conf.5", put_configuration},
    {"milepost.bash", put_completion},
};

static const char help_text[] =
    "usage: milepost manual milepost.1 | milepost.conf.5 | milepost-crediting.8 |\n"
    "                       milepost-incentives.8 | milepost.bash\n"
    "\n"
    "Prints a manual page as roff, or the completion for bash: milepost manual milepost.1 | man -l "
    "-\n";

static int run(struct cli *cli, int argc, char **argv);
const struct command manual_command = {
    .name = "manual",
    .summary = "print a manual page, or the completion for bash",
    .help = help_text,
    .run = run,
};

static int run(struct cli *cli, int argc, char **argv)
{
    for (size_t i = 0; argc == 2 && i < sizeof pages / sizeof pages[0]; i++) {
        if (!slice_equal(slice_of(pages[i].name), slice_of(argv[1])))
            continue;
        pages[i].put();
        return EXIT_CODE_DONE;
    }
    return command_usage(cli, &manual_command, "say which page");
}
