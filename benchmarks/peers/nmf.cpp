// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Fits NMF with missing::zero, writes the data and the factors after the first epoch to a
/// file, and prints the loss after the last and what it took.
///
/// The file: users, items, factors and entries as int64, offsets (int64), columns (int32), values
/// (float), then the factors of users and of items (float), row by row. peers/nmf.py reads it and
/// lets scikit-learn go on from there.
#include <recokit/data/read.hpp>
#include <recokit/factorization/nmf.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <exception>
#include <fstream>
#include <string_view>

namespace {

template <class T>
void put(std::ofstream& out, const T* data, std::int64_t count) {
  out.write(reinterpret_cast<const char*>(data),
            static_cast<std::streamsize>(count * static_cast<std::int64_t>(sizeof(T))));
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 10) {
    std::fputs(
        "usage: recokit-nmf-benchmark FILE START FACTORS EPOCHS SOLVER LOSS REGULARIZATION "
        "L1_RATIO THREADS\n",
        stderr);
    return 2;
  }
  try {
    using recokit::nmf::loss;
    using recokit::nmf::solver;
    const auto data = recokit::read_ratings(arguments[1]);
    recokit::nmf::params params;
    params.factors = std::atoi(arguments[3]);
    params.solver = arguments[5] == std::string_view("coordinate") ? solver::coordinate
                                                                   : solver::multiplicative;
    params.loss =
        arguments[6] == std::string_view("frobenius") ? loss::frobenius : loss::kullback_leibler;
    params.regularization_user = params.regularization_item = std::atof(arguments[7]);
    params.l1_ratio = std::atof(arguments[8]);
    const recokit::cpu policy{.threads = std::atoi(arguments[9])};
    params.epochs = 1;
    const auto first = recokit::nmf::fit(policy, data, params);
    {
      const auto view = data.matrix().view();
      std::ofstream out(arguments[2], std::ios::binary);
      const std::array<std::int64_t, 4> sizes{view.rows(), view.cols(), params.factors,
                                              view.nonzeros()};
      put(out, sizes.data(), 4);
      put(out, view.offsets().data(), view.rows() + 1);
      put(out, view.indices().data(), view.nonzeros());
      put(out, view.values().data(), view.nonzeros());
      put(out, first.user_rows().data(), first.user_rows().size());
      put(out, first.item_rows().data(), first.item_rows().size());
    }
    params.epochs = std::atoi(arguments[4]);
    const auto begin = std::chrono::steady_clock::now();
    const auto clock_begin = std::clock();
    const auto model = recokit::nmf::fit(policy, data, params, recokit::resume{first});
    const double processor =
        static_cast<double>(std::clock() - clock_begin) / static_cast<double>(CLOCKS_PER_SEC);
    const double seconds = recokit::detail::seconds_since(begin);
    std::printf("%.17g %.6f %.6f\n", model.loss(policy, data), seconds, processor);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "recokit-nmf-benchmark: %s\n", error.what());
    return 1;
  }
  return 0;
}
