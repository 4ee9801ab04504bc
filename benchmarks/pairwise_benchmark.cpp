// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Times the epochs of bpr, warp and logistic.
///
/// Before it times, it fits a few epochs and checks that the model puts what a user took above
/// random items. --write FOLDER hands peers the interactions; prints one JSON object.
/// peers/pairwise_speed.py runs it beside implicit and buffalo.
#include "timed_runs.hpp"

#include <recokit/core/random.hpp>
#include <recokit/data/write.hpp>
#include <recokit/factorization/bpr.hpp>
#include <recokit/factorization/logistic.hpp>
#include <recokit/factorization/warp.hpp>

#include <algorithm>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <iostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

namespace benchmark = recokit_benchmark;

struct options {
  std::string source;
  std::string model = "bpr";
  std::int64_t users = 138'493;
  std::int64_t items = 26'744;
  double mean_interactions = 144.5;
  int factors = 64;
  int epochs = 5;
  int samples = 1;
  int threads = 0;
  std::string write;
};

int usage() {
  std::cerr << "usage: recokit-pairwise-benchmark FILE [OPTION...]\n"
               "       recokit-pairwise-benchmark synthetic [--users N] [--items N]\n"
               "                                            [--mean-interactions X] [OPTION...]\n"
               "  --model NAME      bpr, warp or logistic\n"
               "  --samples N       bpr: negatives for each interaction, 1\n"
               "  --factors N --epochs N --threads N --write FOLDER\n";
  return 2;
}

// How often a random interaction scores above a random item that the user does not have.
template <class Model>
double auc(const Model& model, const recokit::csr_view<>& x) {
  recokit::random_stream random(1, recokit::random_purpose::user);
  const auto draw = [&](recokit::index_t n) {
    return static_cast<recokit::index_t>(random.below(static_cast<std::uint64_t>(n)));
  };
  double above = 0;
  constexpr int draws = 20'000;
  for (int n = 0; n < draws;) {
    const recokit::index_t user = draw(x.rows());
    const auto own = x.row(user).indices;
    const recokit::index_t other = draw(x.cols());
    if (own.empty() || std::binary_search(own.begin(), own.end(), other)) continue;
    const auto item = own[random.below(own.size())];
    above += model.score(user, item) > model.score(user, other) ? 1 : 0;
    ++n;
  }
  return above / draws;
}

// Seconds of the epochs after the first: it touches memory that the others find ready.
struct stopwatch {
  double begin = 0, end = 0, cpu_begin = 0, cpu_end = 0;
  int epochs = 0;

  void operator()(const recokit::epoch_info& info) {
    epochs = info.epoch - 1;
    (info.epoch == 1 ? begin : end) = info.seconds;
    (info.epoch == 1 ? cpu_begin : cpu_end) = benchmark::cpu_seconds();
  }
};

template <class Fit, class Params>
int run(const options& o, const Fit& fit, Params params, double samples_each) {
  const auto x = benchmark::without_values(benchmark::interactions(o));
  const recokit::cpu policy{.threads = o.threads};
  params.factors = o.factors;
  params.epochs = 10;
  const double quality = auc(fit(policy, x, params), x.view());
  if (!(quality > 0.7)) {
    throw std::runtime_error("after ten epochs only " + std::to_string(quality) +
                             " of the pairs are in order");
  }
  params.epochs = o.epochs + 1;
  stopwatch watch;
  const auto model = fit(policy, x, params, recokit::progress{[&](const auto& i) { watch(i); }});
  if (!o.write.empty()) {
    recokit::write_npz(std::filesystem::path(o.write) / "interactions.npz", x.view());
  }
  const double seconds = (watch.end - watch.begin) / watch.epochs;
  // The last epoch copies the rows into the model; it is timed too.
  const double cpu = (watch.cpu_end - watch.cpu_begin) / watch.epochs;
  const double samples = samples_each * static_cast<double>(x.nonzeros());
  std::cout << "{\"source\": \"" << (o.source == "synthetic" ? "synthetic" : "file")
            << "\", \"model\": \"" << o.model << "\", \"users\": " << x.rows()
            << ", \"items\": " << x.cols() << ", \"interactions\": " << x.nonzeros()
            << ", \"factors\": " << o.factors << ", \"samples\": " << samples
            << ", \"epochs\": " << watch.epochs << ", \"epoch_seconds\": " << seconds
            << ", \"epoch_cpu_seconds\": " << cpu
            << ", \"samples_per_second\": " << samples / seconds
            << ", \"samples_per_cpu_second\": " << samples / cpu << ", \"auc\": " << quality
            << ", \"backend\": \"cpu\", \"threads\": " << recokit::thread_count(policy)
            << ", \"build\": \"" << benchmark::build_line() << "\"}\n";
  return model.users() == x.rows() ? 0 : 1;
}

int run(const options& o) {
  if (o.model == "bpr") {
    return run(o, recokit::bpr::fit, recokit::bpr::params{.samples = o.samples}, o.samples);
  }
  if (o.model == "warp") return run(o, recokit::warp::fit, recokit::warp::params{}, 1);
  if (o.model == "logistic") {
    const recokit::logistic::params params;
    return run(o, recokit::logistic::fit, params, 2 * (1 + params.neg_ratio));
  }
  return usage();
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 2) return usage();
  options o;
  o.source = arguments[1];
  try {
    for (int a = 2; a < count; a += 2) {
      if (a + 1 == count) return usage();
      const std::string_view name = arguments[a];
      const std::string value = arguments[a + 1];
      if (name == "--users") {
        o.users = std::stoll(value);
      } else if (name == "--items") {
        o.items = std::stoll(value);
      } else if (name == "--mean-interactions") {
        o.mean_interactions = std::stod(value);
      } else if (name == "--model") {
        o.model = value;
      } else if (name == "--factors") {
        o.factors = std::stoi(value);
      } else if (name == "--epochs") {
        o.epochs = std::stoi(value);
      } else if (name == "--samples") {
        o.samples = std::stoi(value);
      } else if (name == "--threads") {
        o.threads = std::stoi(value);
      } else if (name == "--write") {
        o.write = value;
      } else {
        return usage();
      }
    }
    if (o.epochs < 1 || o.samples < 1) return usage();
    return run(o);
  } catch (const std::exception& error) {
    std::cerr << "recokit-pairwise-benchmark: " << error.what() << '\n';
    return 1;
  }
}
