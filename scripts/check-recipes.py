#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The recokit authors
# SPDX-License-Identifier: Apache-2.0
"""Reads the recipes in scripts/packaging without the tools they are for: the port of vcpkg is run with
the functions of vcpkg replaced, the recipe of Conan is compiled, and both name what the build needs."""

import argparse
import ast
import json
import pathlib
import sys
import tempfile

sys.dont_write_bytecode = True
import consumer_project as project  # noqa: E402

# What a port may call; here each only says that it was called.
STUBS = ["vcpkg_cmake_configure", "vcpkg_cmake_install", "vcpkg_cmake_config_fixup",
         "vcpkg_fixup_pkgconfig", "vcpkg_install_copyright"]
NEEDS = {"vcpkg": {"eigen3", "libsvm", "tbb", "zlib"}, "conan": {"eigen", "onetbb", "zlib", "libsvm"}}


def check_vcpkg(cmake, folder, version):
    manifest = json.loads((folder / "vcpkg.json").read_text())
    if manifest["version"] != version:
        raise project.Failure(f"vcpkg.json says version {manifest['version']}, recokit is {version}")
    named = {each for each in manifest["dependencies"] if isinstance(each, str)}
    if named != NEEDS["vcpkg"]:
        raise project.Failure(f"vcpkg.json depends on {sorted(named)}")
    with tempfile.TemporaryDirectory() as packages:
        script = "".join(f'function({name})\n  message("{name} ${{ARGV}}")\nendfunction()\n'
                         for name in STUBS)
        script += f'set(PORT recokit)\nset(CURRENT_PACKAGES_DIR "{packages}")\n'
        script += f'include("{folder}/portfile.cmake")\n'
        file = pathlib.Path(packages) / "run.cmake"
        file.write_text(script)
        text = project.must([cmake, "-P", file], "the port")
        if not (pathlib.Path(packages) / "share/recokit/usage").exists():
            raise project.Failure("the port does not install its usage")
    for call in [*STUBS, f"SOURCE_PATH;{folder.parents[2]};"]:
        if call not in text:
            raise project.Failure(f"the port does not say {call}\n{text}")


def check_conan(folder):
    trees = {}
    for name in ("conanfile.py", "test_package/conanfile.py"):
        source = (folder / name).read_text()
        compile(source, name, "exec")
        trees[name] = ast.parse(source)
    required = {call.args[0].value.split("/")[0] for call in ast.walk(trees["conanfile.py"])
                if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)
                and call.func.attr == "requires"}
    if required != NEEDS["conan"]:
        raise project.Failure(f"the Conan recipe requires {sorted(required)}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cmake")
    parser.add_argument("version")
    options = parser.parse_args()
    packaging = pathlib.Path(__file__).resolve().parent / "packaging"
    check_vcpkg(options.cmake, packaging / "vcpkg", options.version)
    check_conan(packaging / "conan")
    return "the recipes can be read and name what the build needs"


if __name__ == "__main__":
    project.main(main)
