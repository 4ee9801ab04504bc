# SPDX-FileCopyrightText: 2026 The recokit authors
# SPDX-License-Identifier: Apache-2.0
"""Conan 2 recipe of the tree it lies in: conan create scripts/packaging/conan"""

import os
import re

from conan import ConanFile
from conan.tools.build import check_min_cppstd
from conan.tools.cmake import CMake, CMakeDeps, CMakeToolchain, cmake_layout
from conan.tools.files import copy, load, rmdir

TREE = os.path.join("..", "..", "..")


class RecokitRecipe(ConanFile):
    name = "recokit"
    license = "Apache-2.0"
    description = "Recommender algorithms in C++: neighbourhood, factorization, resampling, metrics"
    topics = ("recommender", "matrix-factorization", "resampling", "metrics")
    package_type = "library"
    settings = "os", "arch", "compiler", "build_type"
    options = {"shared": [True, False], "with_libsvm": [True, False]}
    default_options = {"shared": False, "with_libsvm": False}
    implements = ["auto_shared_fpic"]

    def set_version(self):
        header = load(self, os.path.join(self.recipe_folder, TREE, "include/recokit/core/version.hpp"))
        parts = (re.search(rf"RECOKIT_VERSION_{part} (\d+)", header).group(1)
                 for part in ("MAJOR", "MINOR", "PATCH"))
        self.version = ".".join(parts)

    def export_sources(self):
        tree = os.path.join(self.recipe_folder, TREE)
        for pattern in ("CMakeLists.txt", "LICENSE", "include/*", "src/*", "scripts/cmake/*"):
            copy(self, pattern, src=tree, dst=self.export_sources_folder)

    def requirements(self):
        # Their headers are part of recokit's.
        self.requires("eigen/[>=3.4 <6]", transitive_headers=True)
        self.requires("onetbb/[>=2021]", transitive_headers=True)
        self.requires("zlib/[>=1.2.11 <2]")
        if self.options.with_libsvm:
            self.requires("libsvm/[>=325]")

    def validate(self):
        check_min_cppstd(self, 20)

    def layout(self):
        cmake_layout(self)

    def generate(self):
        CMakeDeps(self).generate()
        toolchain = CMakeToolchain(self)
        for part in ("TESTS", "BENCHMARKS", "EXAMPLES"):
            toolchain.cache_variables[f"RECOKIT_BUILD_{part}"] = False
        toolchain.cache_variables["RECOKIT_WITH_LIBSVM"] = bool(self.options.with_libsvm)
        toolchain.generate()

    def build(self):
        cmake = CMake(self)
        cmake.configure()
        cmake.build()

    def package(self):
        CMake(self).install()
        copy(self, "LICENSE", src=self.source_folder, dst=os.path.join(self.package_folder, "licenses"))
        # CMakeDeps of who takes the package writes these anew.
        rmdir(self, os.path.join(self.package_folder, "lib", "cmake"))
        rmdir(self, os.path.join(self.package_folder, "lib", "pkgconfig"))

    def package_info(self):
        self.cpp_info.set_property("cmake_file_name", "recokit")
        headers = self.cpp_info.components["headers"]
        headers.set_property("cmake_target_name", "recokit::headers")
        headers.set_property("pkg_config_name", "recokit-headers")
        headers.requires = ["eigen::eigen", "onetbb::libtbb"]
        library = self.cpp_info.components["recokit"]
        library.set_property("cmake_target_name", "recokit::recokit")
        library.set_property("pkg_config_name", "recokit")
        library.libs = ["recokit"]
        library.defines = ["RECOKIT_COMPILED"]
        library.requires = ["headers", "zlib::zlib"]
        if self.options.with_libsvm:
            library.requires.append("libsvm::libsvm")
        if self.settings.os == "Linux":
            headers.system_libs = ["pthread"]
