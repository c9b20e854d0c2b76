#!/usr/bin/env python3
"""What `cmake --install` puts under an empty prefix is enough: programs of somebody else's, found by
pkg-config and by find_package, build against it, and the installed programs run."""
import os
import shutil
import subprocess
import tempfile
import unittest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.environ.get("MILEPOST_BUILD", os.path.join(TOP, "build", "dev"))
EXAMPLE = os.path.join(TOP, "deploy", "quickstart", "example")

# An embedder of the engine: reads a plan and says what is in it.
READER = r"""
#include <plan/plan.h>
#include <stdio.h>

static enum status no_transitions(void *self, struct slice zone, int32_t from, int32_t until,
                                  struct arena *arena, struct zone *out, char detail[DETAIL_BYTES])
{
    (void)self, (void)zone, (void)from, (void)until, (void)arena, (void)detail;
    *out = (struct zone){0};
    return STATUS_OK;
}

int main(int argc, char **argv)
{
    static char text[65536];
    FILE *file = argc > 1 ? fopen(argv[1], "r") : NULL;
    if (!file)
        return 2;
    struct slice document = {text, fread(text, 1, sizeof text, file)};
    fclose(file);
    struct arena arena;
    struct reports reports;
    const struct plan_sources sources = {.zone = no_transitions};
    const struct plan *plan;
    arena_init_growing(&arena, 16 << 20);
    reports_init(&reports, &arena);
    if (plan_parse(document, SLICE("plan.yaml"), &arena, &sources, &reports, &plan))
        return 1;
    printf("%.*s %zu\n", SLICE_ARGS(plan->name), plan->component_count);
    arena_deinit(&arena);
    return 0;
}
"""
# A program that stands on every library.
OPS = r"""
#include <ops/connect.h>
#include <ops/milepost_keys.h>
#include <stdio.h>
#include <worker/pipeline.h>

int main(int argc, char **argv)
{
    static const struct config_key *const tables[] = {milepost_common_keys, NULL};
    static const struct config_program program = {"embedder", "", tables, false};
    char detail[DETAIL_BYTES];
    struct config *config = NULL;
    struct schemas *schemas = NULL;
    struct pipeline *pipeline = NULL;
    struct read_model *model = NULL;
    if (config_load(&program, argc, argv, &config, detail) != CONFIG_RUN)
        return 3;
    struct read_model_options redis = connection_redis(config, false);
    struct pipeline_config memory = {0};
    if (connection_schemas(config, &schemas, detail) || read_model_open(&redis, &model, detail)) {
        puts(detail);
        return 1;
    }
    memory.schemas = schemas;
    if (pipeline_new(&memory, &pipeline, detail))
        return 1;
    puts("all libraries");
    pipeline_free(pipeline);
    read_model_free(model);
    schemas_free(schemas);
    config_free(config);
    return 0;
}
"""
CMAKE = """cmake_minimum_required(VERSION 3.25)
project(embedder LANGUAGES C)
find_package(Milepost REQUIRED)
add_executable(reader reader.c)
target_link_libraries(reader PRIVATE milepost::engine)
add_executable(ops ops.c)
target_link_libraries(ops PRIVATE milepost::ops)
"""


def run(*command, **more):
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          check=False, **more)
    if done.returncode:
        raise AssertionError(f"{' '.join(command)}: {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


class Installed(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="milepost-installed.")
        cls.prefix = os.path.join(cls.folder, "prefix")
        run("cmake", "--install", BUILD, "--prefix", cls.prefix)
        for name, text in (("reader.c", READER), ("ops.c", OPS), ("CMakeLists.txt", CMAKE)):
            with open(os.path.join(cls.folder, name), "w", encoding="utf-8") as file:
                file.write(text)

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    def find(self, path):
        """The one file under the prefix whose path ends so."""
        found = [os.path.join(where, name) for where, _, names in os.walk(self.prefix)
                 for name in names if os.path.join(where, name).endswith("/" + path)]
        self.assertEqual(len(found), 1, f"{path} under the prefix: {found}")
        return found[0]

    def read_plan(self, program):
        self.assertEqual(run(program, os.path.join(EXAMPLE, "plan.yaml")), "account-executive 1\n")

    def test_pkg_config_finds_the_engine(self):
        environment = {**os.environ, "PKG_CONFIG_PATH": os.path.dirname(self.find("milepost.pc"))}
        flags = run("pkg-config", "--cflags", "--libs", "--static", "milepost",
                    env=environment).split()
        program = os.path.join(self.folder, "by-pkg-config")
        run("cc", "-std=c17", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Werror", "-o", program,
            os.path.join(self.folder, "reader.c"), *flags)
        self.read_plan(program)

    def test_cmake_finds_every_library(self):
        build = os.path.join(self.folder, "build")
        run("cmake", "-S", self.folder, "-B", build, "-DCMAKE_C_FLAGS=-D_GNU_SOURCE",
            f"-DCMAKE_PREFIX_PATH={self.prefix}")
        run("cmake", "--build", build)
        self.read_plan(os.path.join(build, "reader"))
        schemas = os.path.dirname(self.find("schemas/ids.json"))
        said = run(os.path.join(build, "ops"), "-X", f"schemas.folder={schemas}",
                   "-X", "redis.url=rediss://localhost")
        self.assertEqual(said, "all libraries\n")

    def test_the_installed_cli_works(self):
        said = run(self.find("bin/milepost"), "simulate", "--plan", os.path.join(EXAMPLE, "plan.yaml"),
                   "--roster", os.path.join(EXAMPLE, "roster.yaml"),
                   "--events", os.path.join(EXAMPLE, "deals.jsonl"),
                   "-X", f"schemas.folder={os.path.dirname(self.find('schemas/ids.json'))}")
        self.assertIn("person:dev", said)
        for name in ("milepost-crediting", "milepost-incentives"):
            self.assertIn("kafka.bootstrap.servers", run(self.find("bin/" + name), "--help"))


if __name__ == "__main__":
    unittest.main()
