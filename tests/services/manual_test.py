#!/usr/bin/env python3
"""The manual pages and the completion say what the programs know."""
import os
import re
import shutil
import subprocess
import sys
import unittest

PROGRAM = sys.argv.pop(1)
SERVICES = os.path.dirname(os.path.dirname(os.path.abspath(PROGRAM)))
PAGES = ("milepost.1", "milepost-crediting.8", "milepost-incentives.8", "milepost.conf.5")


def told(program, *arguments):
    return subprocess.run([program, *arguments], capture_output=True, text=True, check=True).stdout


def page(name):
    return told(PROGRAM, "manual", name).replace("\\-", "-").replace("\\&", "").replace("\\e", "\\")


def keys(program):
    return re.findall(r"^  (\S+)", told(program, "-X", "list"), re.M)


def commands(*words):
    """Every command that has help, as it is typed; `plan lint` behind `plan`."""
    found = []
    for word in re.findall(r"^  ([a-z][a-z-]*)  ", told(PROGRAM, *words, "--help"), re.M):
        found.append([*words, word])
        if f"usage: milepost {' '.join(found[-1])} COMMAND" in told(PROGRAM, *found[-1], "--help"):
            found += commands(*found[-1])
    return found


class Manual(unittest.TestCase):
    def test_every_command_is_in_its_page_with_its_help(self):
        text = page("milepost.1")
        self.assertGreater(len(commands()), 10)
        for command in commands():
            self.assertIn(f"\n.SS {' '.join(command)}\n.nf\n{told(PROGRAM, *command, '--help')}.fi\n", text)
        self.assertIn(["plan", "lint"], commands())

    def test_every_key_of_every_program_is_in_the_page_of_the_configuration(self):
        text = page("milepost.conf.5")
        for program in (PROGRAM, *(os.path.join(SERVICES, name, f"milepost-{name}")
                                   for name in ("crediting", "incentives"))):
            self.assertGreater(len(keys(program)), 10)
            for key in keys(program):
                self.assertEqual(len(re.findall(rf"^\.B {re.escape(key)}$", text, re.M)), 1, key)

    @unittest.skipUnless(shutil.which("groff"), "groff is not there")
    def test_groff_finds_nothing_wrong(self):
        for name in PAGES:
            done = subprocess.run(["groff", "-K", "utf8", "-man", "-ww", "-z"], capture_output=True, text=True,
                                  input=told(PROGRAM, "manual", name), check=False)
            self.assertEqual((done.returncode, done.stderr), (0, ""), name)

    def test_bash_completes_commands_keys_and_options(self):
        for words, expected in ((("rep",), "republish"), (("-X", "redis.u"), "redis.url="),
                                (("--js",), "--json"), (("topics", "x"), ""), (("plan", "li"), "lint")):
            script = (told(PROGRAM, "manual", "milepost.bash") +
                      f"COMP_WORDS=(milepost {' '.join(words)}); COMP_CWORD={len(words)}\n"
                      '_milepost; echo "${COMPREPLY[*]}"\n')
            self.assertEqual(told("bash", "-c", script).strip(), expected)

    def test_another_page_is_a_usage_error(self):
        done = subprocess.run([PROGRAM, "manual", "milepost.2"], capture_output=True, check=False)
        self.assertEqual(done.returncode, 2)


if __name__ == "__main__":
    unittest.main()
