# SPDX-FileCopyrightText: 2026 The recokit authors
# SPDX-License-Identifier: Apache-2.0

# Makes Eigen3::Eigen unless it is a target already; recokit's build and its installed package both
# read this file. Eigen 5 is asked for by a range, which Eigen before 3.4.1 refuses: those are then
# asked for by their own version.
if(NOT TARGET Eigen3::Eigen)
  find_package(Eigen3 3.4...5 QUIET NO_MODULE)
endif()
if(NOT TARGET Eigen3::Eigen)
  find_package(Eigen3 3.4 QUIET NO_MODULE)
endif()
