// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Fits SLIM on binary data, prints what it took and the weights of some items.
///
/// The first line of the output: seconds, seconds of all processors, weights. Then the weights of
/// every n-th item, one a line: ids of the item and of the one that explains it,
/// weight. peers/slim.py reads it.
#include <recokit/data/read.hpp>
#include <recokit/linear/slim.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <exception>
#include <string>
#include <string_view>

int main(int count, char** arguments) {
  if (count != 8) {
    std::fputs("usage: recokit-slim-benchmark FILE L1 L2 TOLERANCE SOLVER THREADS EVERY\n", stderr);
    return 2;
  }
  try {
    const auto data = recokit::read_ratings(arguments[1]);
    const std::string_view solver = arguments[5];
    const recokit::slim::params params{.l1 = std::atof(arguments[2]),
                                       .l2 = std::atof(arguments[3]),
                                       .tolerance = std::atof(arguments[4]),
                                       .solver = solver == "gram" ? recokit::slim::solver::gram
                                                 : solver == "residual"
                                                     ? recokit::slim::solver::residual
                                                     : recokit::slim::solver::automatic};
    const recokit::cpu policy{.threads = std::atoi(arguments[6])};
    const auto begin = std::chrono::steady_clock::now();
    const auto clock_begin = std::clock();
    const auto model = recokit::slim::fit(policy, data.matrix().view().pattern(), params);
    const double processor =
        static_cast<double>(std::clock() - clock_begin) / static_cast<double>(CLOCKS_PER_SEC);
    std::printf("%.6f %.6f %lld\n", recokit::detail::seconds_since(begin), processor,
                static_cast<long long>(model.weights().nonzeros()));
    const auto columns = recokit::transpose(policy, model.weights().view());
    for (recokit::index_t j = 0; j < columns.rows(); j += std::max(1, std::atoi(arguments[7]))) {
      const auto row = columns.row(j);
      for (std::size_t n = 0; n < row.size(); ++n) {
        std::printf("%s %s %.9g\n", data.items().name(j).c_str(),
                    data.items().name(row.indices[n]).c_str(), static_cast<double>(row.value(n)));
      }
    }
  } catch (const std::exception& error) {
    std::fprintf(stderr, "recokit-slim-benchmark: %s\n", error.what());
    return 1;
  }
  return 0;
}
