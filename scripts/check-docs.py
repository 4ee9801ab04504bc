#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The recokit authors
# SPDX-License-Identifier: Apache-2.0
"""Holds README.md, docs/ and examples/README.md to the code.

  cpp       every ```cpp block compiles; the first of README.md, which check-readme.py runs, too
  commands  every ```sh block names programs, scripts, options, presets, models and params that exist
  errors    every message that docs/errors.md quotes is in the sources
  links     every relative link leads to a file, and every page is reachable from docs/README.md
  tables    the tables of params between the marks 'params NAME' and 'end' are those of
            recokit-bench list; with --write they are written

A block may need names that the text around it explains. An HTML comment above it declares them:

  <!-- given: const auto& model = some<rk::bpr::model>(); -->

`rk` is recokit; `some<T>()` stands for a T from elsewhere; what tests/docs/names.hpp declares is there
everywhere. With <!-- around: struct films { @ }; --> the block stands where the @ is. A block that is
not meant to compile says why: <!-- not compiled: REASON -->."""

import argparse
import os
import pathlib
import re
import shlex
import subprocess
import sys

sys.dont_write_bytecode = True

FENCE = re.compile(
    r"(?P<notes>(?:^<!--(?:(?!-->).)*?-->\n+)*)^(?P<indent> *)```(?P<language>[\w]*)\n(?P<text>.*?)^(?P=indent)```$",
    re.MULTILINE | re.DOTALL,
)
NOTE = re.compile(r"<!--\s*(given|around|not compiled):(.*?)-->", re.DOTALL)


class Page:
    def __init__(self, root, file):
        self.file = file
        self.name = str(file.relative_to(root))
        self.text = file.read_text()

    def blocks(self, language):
        """(line of its first line, notes, text) of every block of the language."""
        for match in FENCE.finditer(self.text):
            if match.group("language") == language:
                line = self.text.count("\n", 0, match.start("text")) + 1
                yield line, dict(NOTE.findall(match.group("notes"))), match.group("text")


def pages(root):
    files = [root / "README.md", root / "CONTRIBUTING.md", root / "examples/README.md"]
    files += sorted((root / "docs").rglob("*.md"))
    return [Page(root, file) for file in files]


# --- cpp


def unit_of(page_list, of_cuda):
    """One translation unit with every block in a function, or a namespace, of its own: those that name
    the CUDA backend, or all others."""
    includes, body = ["#include \"docs/names.hpp\""], []
    for page in page_list:
        for number, (line, notes, text) in enumerate(page.blocks("cpp")):
            names_cuda = re.search(r"\b(rk|recokit)::cuda", text) is not None
            if "not compiled" in notes or names_cuda != of_cuda:
                continue
            lines = []
            for part in text.splitlines():
                if part.lstrip().startswith("#include"):
                    includes.append(part.strip())
                    part = ""
                lines.append(part)
            place = f'#line {line} "{page.name}"\n'
            name = re.sub(r"\W", "_", page.name) + f"_{number}"
            code = place + "\n".join(lines)
            before, _, after = notes.get("around", "").partition("@")
            code = f"{before}\n{code}\n{after}\n"
            given = notes.get("given", "")
            if "int main(" in text:
                body.append(f"namespace {name} {{\n{given}\n{code}\n}}\n")
            else:
                body.append(f"void {name}() {{\n{given}\n{{\n{code}\n}}\n}}\n")
    return "\n".join(dict.fromkeys(includes)) + "\n\n" + "\n".join(body), len(body)


def check_cpp(root, page_list, options):
    options.work.mkdir(parents=True, exist_ok=True)
    found = []
    # Nothing is linked, so blocks that need recokit::cuda compile where it was not built, too.
    for of_cuda in (False, True):
        text, count = unit_of(page_list, of_cuda)
        if count == 0:
            continue
        unit = options.work / ("blocks_cuda.cpp" if of_cuda else "blocks.cpp")
        unit.write_text(text)
        done = subprocess.run(
            [*options.compiler, *(["-DRECOKIT_HAS_CUDA"] if of_cuda else []), "-fsyntax-only", "-Wall", "-Wextra",
             "-Wno-unused", "-Wno-unused-result", "-Wno-return-type", "-Werror", str(unit)],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
        )
        if done.returncode != 0:
            found.append(done.stdout)
        else:
            print(f"{count} blocks {'for CUDA ' if of_cuda else ''}compile")
    return found


# --- commands

KNOWN_ELSEWHERE = {
    "cat", "cd", "cp", "curl", "git", "gzip", "jq", "ls", "mkdir", "pip", "python3", "sort", "tar",
    "sudo", "apt-get", "apt", "head", "rm", "export", "doxygen",
}


def commands(text):
    """The simple commands of a shell text, as lists of words."""
    text = re.sub(r"\\\n", " ", text)
    for line in text.splitlines():
        lexer = shlex.shlex(line, posix=True, punctuation_chars="|&;<>()")
        lexer.whitespace_split = True
        words = []
        for word in list(lexer) + [";"]:
            if re.fullmatch(r"[|&;()]+", word):
                while words and re.match(r"[A-Za-z_]\w*=", words[0]):
                    words.pop(0)
                if words:
                    yield words
                words = []
            else:
                words.append(word)


def long_options(words):
    return [word.split("=")[0] for word in words if re.match(r"--[a-z]", word)]


class Commands:
    def __init__(self, root, options):
        self.root, self.options = root, options
        cmake = [file.read_text() for file in root.rglob("CMakeLists.txt") if "build" not in file.parts]
        self.targets = {}  # program -> its source
        for folder in ("benchmarks", "benchmarks/kernels", "benchmarks/gpu_kernels"):
            text = (root / folder / "CMakeLists.txt").read_text()
            for name, source in re.findall(r"add_executable\(([\w-]+)\s+([\w/.]+)", text):
                self.targets[name] = root / folder / source
        self.cmake_options = set(re.findall(r"\b(RECOKIT_\w+)", "\n".join(cmake)))
        self.presets = set(re.findall(r'"name": "([\w-]+)"', (root / "CMakePresets.json").read_text()))

    def bench(self, words):
        """Parsed by the program itself."""
        if len(words) < 2 or words[1] in ("list", "--help", "--version", "compare"):
            return None
        # $K and $DATA are of the reader; the options of $K stand in a block before.
        words = [word for word in words[1:] if word not in ("$K", '"$@"')]
        done = subprocess.run([self.options.bench, *words, "--dry-run"], capture_output=True,
                              text=True, check=False)
        return None if done.returncode == 0 else done.stderr.strip()

    def complaint(self, words):
        program = words[0]
        if program == "python3" and len(words) > 1 and words[1].endswith(".py"):
            words = words[1:]
            program = words[0]
        base = pathlib.PurePath(program).name
        for word in words:
            option = re.match(r"-D(RECOKIT_\w+)=", word)
            if option and option.group(1) not in self.cmake_options:
                return f"there is no CMake option {option.group(1)}"
        if base == "recokit-bench":
            return self.bench(words)
        if base in self.targets:
            # Options are looked for in the sources of the program.
            source = self.targets[base]
            folder = source.parent if source.parent.name == "eval" else None
            texts = [file.read_text() for file in (folder.glob("*.cpp") if folder else [source])]
            text = "\n".join(texts)
            missing = [o for o in long_options(words)
                       if o.lstrip("-") not in text and not o.startswith("--benchmark_")]
            return f"{base} has no option {missing[0]}" if missing else None
        if program.endswith((".py", ".sh")) or program.startswith(("scripts/", ".ci/", "benchmarks/")):
            file = self.root / program
            if not file.is_file():
                return f"there is no {program}"
            text = file.read_text() + "".join(
                other.read_text() for other in file.parent.glob("*.py") if other.stem in file.read_text())
            missing = [o for o in long_options(words) if o not in text and o.lstrip("-") not in text]
            return f"{program} has no option {missing[0]}" if missing else None
        if base in ("cmake", "ctest"):
            for before, word in zip(words, words[1:]):
                if before == "--preset" and word not in self.presets:
                    return f"there is no preset {word}"
            for word in words:
                if word.startswith("--preset=") and word.split("=")[1] not in self.presets:
                    return f"there is no preset {word}"
            return None
        if base in KNOWN_ELSEWHERE or program.startswith(("./", "$")):
            return None
        if base.startswith("recokit"):
            return f"no target builds {base}"
        return None if base in ("TREC_EVAL",) else f"{program} is not a command that recokit knows"


def check_commands(root, page_list, options):
    checker, found, count = Commands(root, options), [], 0
    for page in page_list:
        for line, _, text in page.blocks("sh"):
            for words in commands(text):
                count += 1
                problem = checker.complaint(words)
                if problem:
                    found.append(f"{page.name}:{line}: {' '.join(words)[:100]}: {problem}")
    if not found:
        print(f"{count} commands are known")
    return found


# --- errors


def source_text(root):
    """All sources with adjacent string literals joined."""
    text = []
    for folder in ("include", "src", "cuda", "benchmarks/bench", "scripts", "CMakeLists.txt"):
        path = root / folder
        for file in [path] if path.is_file() else sorted(path.rglob("*")):
            if file.suffix in {".hpp", ".cpp", ".cuh", ".cu", ".txt", ".cmake", ".in"}:
                text.append(file.read_text())
    joined = re.sub(r'"\s*\n?\s*"', "", "\n".join(text))
    return joined.replace('\\"', '"')


def check_errors(root, page_list, options):
    del options
    sources, found, count = source_text(root), [], 0
    for page in page_list:
        if page.name != "docs/errors.md":
            continue
        for line, row in enumerate(page.text.splitlines(), 1):
            message = re.match(r"\| `([^`]+)` \|", row)
            if not message:
                continue
            count += 1
            for part in message.group(1).split("…"):
                if len(part.strip()) > 1 and part.strip() not in sources:
                    found.append(f"{page.name}:{line}: \"{part.strip()}\" is in no source")
    if count == 0:
        found.append("docs/errors.md quotes no message")
    if not found:
        print(f"{count} messages are in the sources")
    return found


# --- links


def check_links(root, page_list, options):
    del options
    found, links = [], {}
    for page in page_list:
        links[page.name] = set()
        text = FENCE.sub("", page.text)
        for target in re.findall(r"\]\(([^)\s]+)\)", text):
            if re.match(r"[a-z]+:", target) or target.startswith("#"):
                continue
            path, _, anchor = target.partition("#")
            file = (page.file.parent / path).resolve()
            if not file.exists():
                found.append(f"{page.name}: the link to {target} leads nowhere")
                continue
            if anchor and file.suffix == ".md":
                heads = [re.sub(r"[^\w\- ]", "", head.lower()).strip().replace(" ", "-")
                         for head in re.findall(r"^#+ (.*)$", file.read_text(), re.MULTILINE)]
                if anchor not in heads:
                    found.append(f"{page.name}: {target} has no such heading")
            links[page.name].add(os.path.relpath(file, root))
    waiting, reached = ["docs/README.md"], set()
    while waiting:
        name = waiting.pop()
        if name not in reached and name in links:
            reached.add(name)
            waiting += links[name]
    for page in page_list:
        if page.name.startswith("docs/") and page.name not in reached:
            found.append(f"{page.name} cannot be reached from docs/README.md")
    if not found:
        print(f"{sum(map(len, links.values()))} links lead somewhere")
    return found


# --- tables

TABLE = re.compile(r"(<!-- params (\w+) -->\n)(.*?)(<!-- end -->)", re.DOTALL)


def catalogue(bench):
    """Model -> rows (name, type, default, range, meaning) of recokit-bench list."""
    text = subprocess.run([bench, "list"], capture_output=True, text=True, check=True).stdout
    models, current = {}, None
    section = text[text.index("Models ("):]
    for line in section[: section.index("\n\n")].splitlines()[1:]:
        if line.startswith("    "):
            name, kind, default, meaning = re.split(r"  +", line.strip(), maxsplit=3)
            bounds = re.search(r" \[([^\[\]]*\.\.[^\[\]]*)\]$", meaning)
            models[current].append((name, kind, default, bounds.group(1) if bounds else "",
                                    meaning[: bounds.start()] if bounds else meaning))
        else:
            current = line.strip().split(":")[0]
            models[current] = []
    return models


def table_of(rows):
    lines = ["| field | default | range | meaning |", "|---|---|---|---|"]
    for name, kind, default, bounds, meaning in rows:
        if "|" in kind:
            bounds = ", ".join(f"`{word}`" for word in kind.split("|"))
        elif bounds:
            bounds = bounds.replace("..", " … ")
        elif kind == "bool":
            bounds = "true, false"
        meaning = meaning.replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*")
        lines.append(f"| `{name}` | {default} | {bounds} | {meaning} |")
    return "\n".join(lines) + "\n"


def check_tables(root, page_list, options):
    models, seen, found = catalogue(options.bench), set(), []
    for page in page_list:
        def fresh(match):
            if match.group(2) not in models:
                found.append(f"{page.name}: recokit-bench list has no model {match.group(2)}")
                return match.group(0)
            seen.add(match.group(2))
            return match.group(1) + table_of(models[match.group(2)]) + match.group(4)

        text = TABLE.sub(fresh, page.text)
        if text != page.text:
            if options.write:
                page.file.write_text(text)
            else:
                found.append(f"{page.name}: the table of params is not that of recokit-bench list; "
                             "run scripts/check-docs.py tables --write")
    found += [f"no page has a table of the params of {name}" for name in models if name not in seen]
    if not found:
        print(f"{len(seen)} tables of params are right")
    return found


CHECKS = {"cpp": check_cpp, "commands": check_commands, "errors": check_errors, "links": check_links,
          "tables": check_tables}


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checks", nargs="+", choices=sorted(CHECKS))
    parser.add_argument("--bench", help="the program recokit-bench, for commands and tables")
    parser.add_argument("--work", type=pathlib.Path, help="folder to write to, for cpp")
    parser.add_argument("--compiler", type=shlex.split, help="with its flags, for cpp")
    parser.add_argument("--write", action="store_true", help="write tables instead of comparing them")
    parser.add_argument("--root", type=pathlib.Path,
                        default=pathlib.Path(__file__).resolve().parent.parent)
    options = parser.parse_args()
    root = options.root.resolve()
    found = []
    for check in options.checks:
        found += CHECKS[check](root, pages(root), options)
    for line in found:
        print(line)
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
