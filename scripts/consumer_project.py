# SPDX-FileCopyrightText: 2026 The recokit authors
# SPDX-License-Identifier: Apache-2.0
"""Configures, builds and runs a small CMake project that uses recokit: shared by the checks."""

import json
import os
import pathlib
import shutil
import subprocess
import sys


class Failure(Exception):
    """A check that did not hold; its text is for a person."""


def toolchain(file):
    """The settings that tests/consumer/CMakeLists.txt writes down: compiler, flags, folders."""
    return json.loads(pathlib.Path(file).read_text())


def run(command, **options):
    """Runs a command; returns its exit status and everything it wrote."""
    done = subprocess.run(
        [str(part) for part in command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        **options,
    )
    return done.returncode, done.stdout


def must(command, what, **options):
    """Runs a command that has to succeed; returns what it wrote."""
    status, text = run(command, **options)
    if status != 0:
        raise Failure(f"{what} failed with status {status}: {' '.join(map(str, command))}\n{text}")
    return text


def configure(settings, source, build, defines=(), fresh=True):
    """Configures with the compiler and flags of recokit's own build and without debug information;
    returns the exit status and the text. `fresh` forgets an earlier build."""
    if fresh and pathlib.Path(build).exists():
        shutil.rmtree(build)
    return run(
        [
            settings["cmake"],
            "-S",
            source,
            "-B",
            build,
            "-G",
            settings["generator"],
            f"-DCMAKE_CXX_COMPILER={settings['compiler']}",
            f"-DCMAKE_CXX_FLAGS={settings['flags']}",
            "-DCMAKE_BUILD_TYPE=Debug",
            "-DCMAKE_CXX_FLAGS_DEBUG=-O0",
            *(f"-D{name}={value}" for name, value in dict(defines).items()),
        ]
    )


def build(settings, folder, target):
    """Builds one target; returns the exit status and the text."""
    jobs = str(os.cpu_count() or 1)
    return run([settings["cmake"], "--build", folder, "--target", target, "--parallel", jobs])


def build_and_run(settings, source, folder, target, defines=(), fresh=True):
    """Configures, builds and runs; returns what the program wrote to stdout and stderr."""
    status, text = configure(settings, source, folder, defines, fresh)
    if status != 0:
        raise Failure(f"configuring {source} failed\n{text}")
    status, text = build(settings, folder, target)
    if status != 0:
        raise Failure(f"building {source} failed\n{text}")
    return must([pathlib.Path(folder) / target], "running the program", cwd=folder)


def expect_answer(text):
    """The programs of tests/consumer say so when all is right."""
    if "consumer: right" not in text:
        raise Failure(f"the program did not print 'consumer: right' but\n{text}")
    return text.strip()


def same_text(expected, actual, where):
    """Compares line by line, blanks at line ends aside."""
    want = [line.rstrip() for line in expected.strip("\n").splitlines()]
    have = [line.rstrip() for line in actual.strip("\n").splitlines()]
    if want != have:
        raise Failure(
            f"{where}: the output is not the one stated\n--- stated\n"
            + "\n".join(want)
            + "\n--- printed\n"
            + "\n".join(have)
        )


def main(check):
    """Runs a check and turns its failure into an exit status."""
    os.environ.pop("DESTDIR", None)
    try:
        print(check())
    except Failure as failure:
        print(failure)
        sys.exit(1)
