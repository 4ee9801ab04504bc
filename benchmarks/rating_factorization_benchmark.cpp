// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Times the epochs of biased_mf.
///
/// Before it times, it checks one epoch against a plain loop in double over the same ratings in the
/// same order, and one thread against two. --write FOLDER hands peers the ratings; prints one JSON
/// object. peers/rating_factorization.py runs it beside LIBMF.
#include "timed_runs.hpp"

#include <recokit/core/observer.hpp>
#include <recokit/data/write.hpp>
#include <recokit/factorization/biased_mf.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <iostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

using recokit::index_t;
namespace benchmark = recokit_benchmark;
namespace biased_mf = recokit::biased_mf;
namespace sgd = recokit::sgd;

struct options {
  std::string source;
  std::int64_t users = 138'493;
  std::int64_t items = 26'744;
  double mean_interactions = 144.5;
  int factors = 64;
  int epochs = 10;
  bool adaptive = false;
  bool biases = false;
  int threads = 0;
  int bands = 0;
  std::string write;
};

int usage() {
  std::cerr << "usage: recokit-rating-factorization-benchmark FILE [OPTION...]\n"
               "       recokit-rating-factorization-benchmark synthetic [--users N] [--items N]\n"
               "                                   [--mean-interactions X] [OPTION...]\n"
               "  --factors N --epochs N --threads N --bands N\n"
               "  --adaptive     a step size a row\n"
               "  --biases       mean and biases too; without: p·q alone, as LIBMF\n"
               "  --write FOLDER the ratings, for peers\n";
  return 2;
}

biased_mf::params params_of(const options& o) {
  biased_mf::params p;
  p.factors = o.factors;
  p.epochs = o.epochs;
  p.biases = o.biases;
  p.mean = o.biases;
  p.regularization = o.adaptive ? 0.1 : 0.05;
  p.learning_rate = o.adaptive ? 0.1 : 0.005;
  p.step_rule = o.adaptive ? sgd::step_rule::adaptive : sgd::step_rule::decay;
  p.init_stddev = 1;
  p.bands = o.bands;
  p.keep_history = false;
  return p;
}

// One block of some ratings by the kernels at hand, and by a plain loop. @throws runtime_error
void check(const options& o, const recokit::csr_view<>& x) {
  const auto few = std::min<std::int64_t>(x.rows(), 2000);
  std::vector<index_t> rows(static_cast<std::size_t>(few));
  for (std::size_t n = 0; n < rows.size(); ++n) rows[n] = static_cast<index_t>(n);
  const auto part = recokit::gather_rows(x, rows);
  const biased_mf::params p = params_of(o);
  const sgd::rating_blocks blocks(recokit::cpu{}, part.view(), {3, 3}, 1,
                                  [](float rating) { return rating; });
  const int d = o.factors;
  const auto make = [&](std::int64_t count, std::uint64_t purpose) {
    sgd::padded_rows<float> made(count, d);
    for (std::int64_t r = 0; r < count; ++r) {
      recokit::random_stream random(purpose, recokit::random_purpose::user,
                                    static_cast<std::uint64_t>(r));
      std::fill_n(made.row(r), made.stride(), 0.0f);
      for (int f = 0; f < d; ++f) made.row(r)[f] = static_cast<float>(random.normal() * 0.1);
      made.states()[static_cast<std::size_t>(r)].bias = static_cast<float>(random.normal());
    }
    return made;
  };
  const auto update = [&] {
    sgd::update<float> u;
    u.adaptive = o.adaptive;
    u.rate = static_cast<float>(p.learning_rate);
    u.bias_rate = o.biases ? u.rate : 0;
    u.regularization = static_cast<float>(p.regularization);
    u.bias_regularization = static_cast<float>(p.bias_regularization);
    u.inverse_factors = 1 / static_cast<float>(d);
    return u;
  }();
  for (const auto& kernel : sgd::all_kernels<float>()) {
    auto users = make(part.rows(), 1);
    auto items = make(part.cols(), 2);
    std::vector<std::vector<double>> p_rows, q_rows;
    const auto copy = [&](sgd::padded_rows<float>& from) {
      std::vector<std::vector<double>> rows_of;
      for (std::int64_t r = 0; r < from.rows(); ++r) {
        rows_of.emplace_back(from.row(r), from.row(r) + d);
        rows_of.back().push_back(double{from.states()[static_cast<std::size_t>(r)].bias});
        rows_of.back().push_back(1);
        rows_of.back().push_back(1);
      }
      return rows_of;
    };
    p_rows = copy(users);
    q_rows = copy(items);
    for (std::int64_t b = 0; b < 3; ++b) {
      kernel.pass(update, blocks.runs(b, b), blocks.entries(b, b), users.block(), items.block(),
                  users.stride());
      const sgd::entry* next = blocks.entries(b, b);
      const auto width = static_cast<std::size_t>(d);
      for (const sgd::run& run : blocks.runs(b, b)) {
        for (std::uint32_t n = 0; n < run.count; ++n, ++next) {
          auto& u = p_rows[run.user];
          auto& i = q_rows[next->item];
          double z = u[width] + i[width];
          for (std::size_t f = 0; f < width; ++f) z += u[f] * i[f];
          const double e = double{next->target} - z;
          const auto slow = [&](double squares) { return o.adaptive ? std::sqrt(squares) : 1; };
          const double rate = p.learning_rate;
          const double user_rate = rate / slow(u[width + 1]);
          const double item_rate = rate / slow(i[width + 1]);
          for (std::size_t f = 0; f < width; ++f) {
            const double gu = e * i[f] - p.regularization * u[f];
            const double gi = e * u[f] - p.regularization * i[f];
            u[f] += user_rate * gu;
            i[f] += item_rate * gi;
            u[width + 1] += gu * gu / d;
            i[width + 1] += gi * gi / d;
          }
          if (!o.biases) continue;
          const double bu = e - p.bias_regularization * u[width];
          const double bi = e - p.bias_regularization * i[width];
          u[width] += rate / slow(u[width + 2]) * bu;
          i[width] += rate / slow(i[width + 2]) * bi;
          u[width + 2] += bu * bu;
          i[width + 2] += bi * bi;
        }
      }
    }
    for (std::int64_t r = 0; r < part.cols(); ++r) {
      for (int f = 0; f < d; ++f) {
        const double want = q_rows[static_cast<std::size_t>(r)][static_cast<std::size_t>(f)];
        if (!(std::abs(double{items.row(r)[f]} - want) <= 1e-4 * (1 + std::abs(want)))) {
          throw std::runtime_error("the " + std::string(kernel.name) + " kernel is wrong at item " +
                                   std::to_string(r));
        }
      }
    }
  }
  auto short_fit = p;
  short_fit.epochs = 1;
  const auto one = biased_mf::fit(recokit::cpu{.threads = 1}, part, short_fit);
  const auto two = biased_mf::fit(recokit::cpu{.threads = 2}, part, short_fit);
  if (one.user_rows() != two.user_rows() || one.item_rows() != two.item_rows()) {
    throw std::runtime_error("two threads gave other factors than one");
  }
}

int run(const options& o) {
  const auto x = benchmark::interactions(o);
  if (!o.write.empty()) {
    recokit::write_npz(std::filesystem::path(o.write) / "ratings.npz", x.view());
  }
  check(o, x.view());
  const recokit::cpu policy{.threads = o.threads};
  std::vector<double> wall, processor;
  double last_wall = 0;
  double last = benchmark::cpu_seconds();
  const auto model = biased_mf::fit(
      policy, x, params_of(o), recokit::progress{[&](const recokit::epoch_info& info) {
        const double now = benchmark::cpu_seconds();
        if (info.epoch > 1) {  // the first has the making of the blocks in it
          wall.push_back(info.seconds - last_wall);
          processor.push_back(now - last);
        }
        last_wall = info.seconds;
        last = now;
      }});
  double squares = 0;
  for (index_t u = 0; u < x.rows(); ++u) {
    const auto row = x.row(u);
    for (std::size_t n = 0; n < row.size(); ++n) {
      const double e =
          static_cast<double>(row.value(n)) - static_cast<double>(model.score(u, row.indices[n]));
      squares += e * e;
    }
  }
  const auto count = static_cast<double>(x.nonzeros());
  std::cout << "{\"source\": \"" << (o.source == "synthetic" ? "synthetic" : "file")
            << "\", \"users\": " << x.rows() << ", \"items\": " << x.cols()
            << ", \"ratings\": " << x.nonzeros() << ", \"factors\": " << o.factors
            << ", \"adaptive\": " << (o.adaptive ? "true" : "false")
            << ", \"biases\": " << (o.biases ? "true" : "false") << ", \"epochs\": " << o.epochs
            << ", \"epoch_seconds\": " << benchmark::median(wall)
            << ", \"epoch_processor_seconds\": " << benchmark::median(processor)
            << ", \"ratings_per_second\": " << count / benchmark::median(wall)
            << ", \"ratings_per_processor_second\": " << count / benchmark::median(processor)
            << ", \"training_rmse\": " << std::sqrt(squares / count) << ", \"kernel\": \""
            << sgd::best_kernel<float>().name
            << "\", \"backend\": \"cpu\", \"threads\": " << recokit::thread_count(policy)
            << ", \"build\": \"" << benchmark::build_line() << "\"}\n";
  return 0;
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 2) return usage();
  options o;
  o.source = arguments[1];
  try {
    for (int a = 2; a < count; ++a) {
      const std::string_view name = arguments[a];
      if (name == "--adaptive" || name == "--biases") {
        (name == "--biases" ? o.biases : o.adaptive) = true;
        continue;
      }
      if (a + 1 == count) return usage();
      const std::string value = arguments[++a];
      if (name == "--users") {
        o.users = std::stoll(value);
      } else if (name == "--items") {
        o.items = std::stoll(value);
      } else if (name == "--mean-interactions") {
        o.mean_interactions = std::stod(value);
      } else if (name == "--factors") {
        o.factors = std::stoi(value);
      } else if (name == "--epochs") {
        o.epochs = std::stoi(value);
      } else if (name == "--bands") {
        o.bands = std::stoi(value);
      } else if (name == "--threads") {
        o.threads = std::stoi(value);
      } else if (name == "--write") {
        o.write = value;
      } else {
        return usage();
      }
    }
    if (o.epochs < 2) return usage();
    return run(o);
  } catch (const std::exception& error) {
    std::cerr << "recokit-rating-factorization-benchmark: " << error.what() << '\n';
    return 1;
  }
}
