// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Times the metric pass over ready lists, and a whole evaluation of a factor model.
///
/// `lists` draws users × depth lists and their relevant items, checks every metric against its
/// definition and times evaluate_lists. `model` fits iALS to a train file and times evaluate:
/// score, filter, top k, all metrics. Both write what a peer needs to do the same (--write FOLDER)
/// and print one JSON object; peers/evaluation_speed.py runs them beside other libraries.
#include "reference/ranking_metrics.hpp"
#include "timed_runs.hpp"

#include <recokit/core/observer.hpp>
#include <recokit/core/random.hpp>
#include <recokit/data/split.hpp>
#include <recokit/evaluation/evaluate.hpp>
#include <recokit/factorization/ials.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <iostream>
#include <limits>
#include <map>
#include <numeric>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

using recokit::index_t;
namespace benchmark = recokit_benchmark;

struct options {
  std::string mode;
  std::vector<std::string> files;
  std::int64_t users = 100'000;
  int items = 27'000;
  int depth = 100;
  int relevant = 20;
  int factors = 64;
  int epochs = 3;
  int rounds = 5;
  int threads = 0;
  std::string write;
};

int usage() {
  std::cerr << "usage: recokit-evaluation-benchmark lists [--users N] [--items N] [--depth N]\n"
               "                                          [--relevant N]\n"
               "       recokit-evaluation-benchmark model TRAIN TEST [--depth N] [--factors N]\n"
               "                                          [--epochs N]\n"
               "both:  [--threads N] [--rounds N] [--write FOLDER]\n";
  return 2;
}

// Ten metrics at three depths, all binary.
std::vector<recokit::ranking_metric> list_metrics(int depth) {
  std::vector<recokit::ranking_metric> metrics;
  for (const int k : {std::max(1, depth / 10), std::max(1, depth / 2), depth}) {
    for (const auto& metric :
         {recokit::precision(k), recokit::recall(k), recokit::f_beta(k), recokit::hit_rate(k),
          recokit::r_precision(k), recokit::mrr(k), recokit::map(k, recokit::metric_divisor::all),
          recokit::ndcg(k), recokit::dcg(k), recokit::rbp(k)}) {
      metrics.push_back(metric);
    }
  }
  return metrics;
}

struct timed_report {
  recokit::evaluation_report report;
  double median_seconds;
};

template <class Call>
timed_report median_of(int rounds, const Call& call) {
  timed_report result;
  std::vector<double> seconds;
  for (int round = 0; round < rounds; ++round) {
    const auto begin = std::chrono::steady_clock::now();
    result.report = call();
    seconds.push_back(recokit::detail::seconds_since(begin));
  }
  result.median_seconds = benchmark::median(seconds);
  return result;
}

void print(const options& o, const timed_report& result, std::int64_t users, std::int64_t items) {
  const recokit::cpu policy{.threads = o.threads};
  std::cout.precision(17);
  std::cout << "{\"mode\": \"" << o.mode << "\", \"users\": " << users
            << ", \"evaluated_users\": " << result.report.evaluated_users
            << ", \"items\": " << items << ", \"depth\": " << o.depth
            << ", \"metrics\": " << result.report.values.size()
            << ", \"seconds\": " << result.median_seconds << ", \"users_per_second\": "
            << static_cast<double>(result.report.evaluated_users) / result.median_seconds
            << ", \"rounds\": " << o.rounds
            << ", \"backend\": \"cpu\", \"threads\": " << recokit::thread_count(policy)
            << ", \"build\": \"" << benchmark::build_line() << "\", \"means\": {";
  const char* separator = "";
  for (const auto& value : result.report.values) {
    std::cout << separator << '"' << value.metric.name() << "\": " << value.mean;
    separator = ", ";
  }
  std::cout << "}}\n";
}

// Every metric of some users against its definition. @throws std::runtime_error
void check(const recokit::evaluation_report& report, const recokit::ranked_lists& lists,
           const recokit::csr_view<>& test) {
  const auto items = static_cast<int>(test.cols());
  const std::size_t step = std::max<std::size_t>(1, report.users.size() / 200);
  for (std::size_t u = 0; u < report.users.size(); u += step) {
    const auto user = report.users[u];
    std::vector<int> list;
    for (const auto& entry : lists[static_cast<std::size_t>(user)]) list.push_back(entry.item);
    std::map<int, double> grades;
    for (const auto item : test.row(user).indices) grades[item] = 1;
    for (std::size_t m = 0; m < report.values.size(); ++m) {
      const double expected =
          recokit_test::ranking_value(report.values[m].metric, list, grades, 1, items);
      const double found =
          report.user_values(static_cast<Eigen::Index>(u), static_cast<Eigen::Index>(m));
      if (!(std::abs(found - expected) <= 1e-12)) {
        throw std::runtime_error("wrong " + report.values[m].metric.name() + " of user " +
                                 std::to_string(user));
      }
    }
  }
}

int run_lists(const options& o) {
  const auto users = static_cast<std::size_t>(o.users);
  const auto depth = static_cast<std::size_t>(o.depth);
  recokit::ranked_lists lists(users, depth);
  std::vector<recokit::offset_t> offsets{0};
  std::vector<index_t> relevant;
  std::vector<index_t> listed;
  std::vector<recokit::scored_item<>> list;
  std::vector<index_t> drawn;
  for (std::size_t u = 0; u < users; ++u) {
    recokit::random_stream random(1, recokit::random_purpose::user, u);
    const auto draw = [&](std::size_t count, const auto& one) {
      drawn.clear();
      while (drawn.size() < count) {
        const auto item = static_cast<index_t>(one());
        if (std::find(drawn.begin(), drawn.end(), item) == drawn.end()) drawn.push_back(item);
      }
    };
    const auto any = [&] { return random.below(static_cast<std::uint64_t>(o.items)); };
    draw(depth, any);
    list.clear();
    for (std::size_t i = 0; i < depth; ++i) {
      list.push_back({drawn[i], static_cast<float>(depth - i)});
    }
    lists.assign(u, list);
    for (const index_t item : drawn) listed.push_back(item);
    // A third of the relevant items is in the list.
    draw(static_cast<std::size_t>(o.relevant), [&]() -> std::uint64_t {
      return random.below(3) == 0 ? static_cast<std::uint64_t>(list[random.below(depth)].item)
                                  : any();
    });
    std::sort(drawn.begin(), drawn.end());
    relevant.insert(relevant.end(), drawn.begin(), drawn.end());
    offsets.push_back(static_cast<recokit::offset_t>(relevant.size()));
  }
  if (!o.write.empty()) {
    benchmark::write_raw(std::filesystem::path(o.write) / "lists.i32", listed.data(),
                         listed.size());
    benchmark::write_raw(std::filesystem::path(o.write) / "relevant.i32", relevant.data(),
                         relevant.size());
  }
  const recokit::csr_view<> test(o.users, o.items, offsets, relevant);
  const auto metrics = list_metrics(o.depth);
  const recokit::cpu policy{.threads = o.threads};
  check(recokit::evaluate_lists(policy, lists, test, metrics), lists, test);
  const auto result =
      median_of(o.rounds, [&] { return recokit::evaluate_lists(policy, lists, test, metrics); });
  print(o, result, o.users, o.items);
  return 0;
}

int run_model(const options& o) {
  const auto split = recokit::split::given(o.files[0], o.files[1]);
  const recokit::cpu policy{.threads = o.threads};
  const auto model =
      recokit::ials::fit(policy, split.train, {.factors = o.factors, .epochs = o.epochs});
  if (!o.write.empty()) {
    const std::filesystem::path folder = o.write;
    const auto write_matrix = [&](const char* name, const auto& matrix) {
      benchmark::write_raw(folder / name, matrix.data(), static_cast<std::size_t>(matrix.size()));
    };
    const auto write_csr = [&](const std::string& name, const recokit::csr_view<>& matrix) {
      benchmark::write_raw(folder / (name + "_indptr.i64"), matrix.offsets().data(),
                           matrix.offsets().size());
      benchmark::write_raw(folder / (name + "_indices.i32"), matrix.indices().data(),
                           matrix.indices().size());
    };
    write_matrix("user_factors.f32", model.user_factors());
    write_matrix("item_factors.f32", model.item_factors());
    write_csr("train", split.train.view());
    write_csr("test", split.test.view());
  }
  const auto metrics = list_metrics(o.depth);
  const auto lists = model.recommend(
      policy, recokit::detail::all_rows(static_cast<index_t>(split.test.rows())), {.k = o.depth});
  const auto once = recokit::evaluate(policy, model, split, metrics);
  check(once, lists, split.test.view());
  const auto result =
      median_of(o.rounds, [&] { return recokit::evaluate(policy, model, split, metrics); });
  print(o, result, split.test.rows(), split.test.cols());
  return 0;
}

}  // namespace

int main(int count, char** arguments) {
  options o;
  if (count > 1) o.mode = arguments[1];
  for (int i = 2; i < count; ++i) {
    const std::string_view name = arguments[i];
    if (!name.starts_with("--")) {
      o.files.emplace_back(name);
      continue;
    }
    if (i + 1 == count) return usage();
    const char* const value = arguments[++i];
    if (name == "--write") {
      o.write = value;
      continue;
    }
    const long number = std::strtol(value, nullptr, 10);
    const auto set = [&](std::string_view key, auto& target, long least) {
      if (name != key || number < least) return false;
      target = static_cast<std::remove_reference_t<decltype(target)>>(number);
      return true;
    };
    if (!set("--users", o.users, 1) && !set("--items", o.items, 1) && !set("--depth", o.depth, 1) &&
        !set("--relevant", o.relevant, 1) && !set("--factors", o.factors, 1) &&
        !set("--epochs", o.epochs, 1) && !set("--rounds", o.rounds, 1) &&
        !set("--threads", o.threads, 0)) {
      return usage();
    }
  }
  try {
    if (o.mode == "lists" && o.files.empty() && 2L * (o.depth + o.relevant) < o.items) {
      return run_lists(o);
    }
    if (o.mode == "model" && o.files.size() == 2) return run_model(o);
  } catch (const std::exception& error) {
    std::cerr << "recokit-evaluation-benchmark: " << error.what() << '\n';
    return 1;
  }
  return usage();
}
