// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The significance tests on standard input and output, for peers/significance.py; and
/// timed.
///
/// A case is three lines: the function and its options, the values of first, the values of second
/// (both blank separated; the second line is empty where there is only one). The answer is one
/// line.
///
///   t SIDE                          statistic p
///   wilcoxon SIDE ZEROS NULL 0|1    statistic p z
///   fisher SIDE EXACT_LIMIT DRAWS   statistic p
///   summary                         d_z d_av wins ties losses
///   interval METHOD LEVEL DRAWS     mean low high error
///   adjust METHOD                   the adjusted p values
///
/// With "--time USERS DRAWS [THREADS]" it times the resampling functions on drawn values instead.
#include <recokit/core/random.hpp>
#include <recokit/metrics/significance.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <initializer_list>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

namespace sig = recokit::significance;

template <class Enum, std::size_t N>
Enum pick(const std::string& word, const std::array<std::pair<std::string_view, Enum>, N>& names) {
  for (const auto& [name, value] : names) {
    if (name == word) return value;
  }
  throw std::runtime_error("unknown word \"" + word + "\"");
}

sig::alternative side(std::istream& in) {
  std::string word;
  in >> word;
  return pick<sig::alternative, 3>(word, {{{"two-sided", sig::alternative::two_sided},
                                           {"greater", sig::alternative::greater},
                                           {"less", sig::alternative::less}}});
}

sig::zero_method zeros(std::istream& in) {
  std::string word;
  in >> word;
  return pick<sig::zero_method, 3>(word, {{{"wilcox", sig::zero_method::wilcox},
                                           {"pratt", sig::zero_method::pratt},
                                           {"zsplit", sig::zero_method::split}}});
}

sig::wilcoxon_null null_of(std::istream& in) {
  std::string word;
  in >> word;
  return pick<sig::wilcoxon_null, 3>(word, {{{"auto", sig::wilcoxon_null::automatic},
                                             {"exact", sig::wilcoxon_null::exact},
                                             {"asymptotic", sig::wilcoxon_null::approximate}}});
}

sig::interval_method interval_method(std::istream& in) {
  std::string word;
  in >> word;
  return pick<sig::interval_method, 4>(word, {{{"t", sig::interval_method::student_t},
                                               {"percentile", sig::interval_method::percentile},
                                               {"basic", sig::interval_method::basic},
                                               {"BCa", sig::interval_method::bca}}});
}

sig::correction correction(std::istream& in) {
  std::string word;
  in >> word;
  return pick<sig::correction, 3>(word, {{{"bonferroni", sig::correction::bonferroni},
                                          {"holm", sig::correction::holm},
                                          {"fdr_bh", sig::correction::benjamini_hochberg}}});
}

Eigen::VectorXd numbers(const std::string& line) {
  std::vector<double> values;
  const char* at = line.c_str();
  for (char* end = nullptr;; at = end) {
    const double v = std::strtod(at, &end);
    if (end == at) break;
    values.push_back(v);
  }
  return Eigen::Map<const Eigen::VectorXd>(values.data(), static_cast<Eigen::Index>(values.size()));
}

void print(std::initializer_list<double> values) {
  const char* before = "";
  for (const double v : values) {
    std::printf("%s%.17g", before, v);
    before = " ";
  }
  std::printf("\n");
}

void answer(const std::string& head, const Eigen::VectorXd& first, const Eigen::VectorXd& second) {
  std::istringstream in(head);
  std::string function;
  in >> function;
  if (function == "t") {
    const auto r = sig::t_test(first, second, {.side = side(in)});
    print({r.statistic, r.p_value});
  } else if (function == "wilcoxon") {
    sig::wilcoxon_options options;
    options.side = side(in);
    options.zeros = zeros(in);
    options.null = null_of(in);
    in >> options.continuity_correction;
    const auto r = sig::wilcoxon_test(first, second, options);
    print({r.statistic, r.p_value, r.z});
  } else if (function == "fisher") {
    sig::fisher_options options;
    options.side = side(in);
    in >> options.exact_limit >> options.permutations;
    const auto r = sig::fisher_test(first, second, options);
    print({r.statistic, r.p_value});
  } else if (function == "summary") {
    const auto r = sig::summarize(first, second);
    print({r.cohen_d, r.cohen_d_average, static_cast<double>(r.wins), static_cast<double>(r.ties),
           static_cast<double>(r.losses)});
  } else if (function == "interval") {
    sig::interval_options options;
    options.method = interval_method(in);
    in >> options.level >> options.resamples;
    const auto r = second.size() > 0 ? sig::difference_interval(first, second, options)
                                     : sig::mean_interval(first, options);
    print({r.mean, r.low, r.high, r.standard_error});
  } else if (function == "adjust") {
    const Eigen::VectorXd r = sig::adjust_p_values(first, correction(in));
    for (Eigen::Index i = 0; i < r.size(); ++i) std::printf("%s%.17g", i > 0 ? " " : "", r[i]);
    std::printf("\n");
  } else {
    throw std::runtime_error("unknown function \"" + function + "\"");
  }
}

template <class Run>
void timed(const char* what, const Run& run) {
  const auto begin = std::chrono::steady_clock::now();
  const double result = run();
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
  std::printf("%-44s %8.3f s   (%.6g)\n", what, taken.count(), result);
}

void time_all(std::int64_t users, std::int64_t draws, int threads) {
  Eigen::VectorXd first(users);
  Eigen::VectorXd second(users);
  Eigen::VectorXd first_sparse(users);
  Eigen::VectorXd second_sparse(users);
  for (std::int64_t u = 0; u < users; ++u) {
    recokit::random_stream stream(7, recokit::random_purpose::user, static_cast<std::uint64_t>(u));
    first[u] = stream.uniform();
    second[u] = stream.uniform();
    // As NDCG@10 of a real model: most users get nothing, the others one of some hundred values.
    const auto some = [&] {
      return stream.below(10) < 7 ? 0.0 : static_cast<double>(stream.below(500)) / 500;
    };
    first_sparse[u] = some();
    second_sparse[u] = some();
  }
  const recokit::cpu policy{.threads = threads};
  std::printf("%lld users, %lld draws, %d threads (0: all)\n", static_cast<long long>(users),
              static_cast<long long>(draws), threads);
  sig::fisher_options fisher;
  fisher.permutations = draws;
  sig::interval_options bca;
  bca.method = sig::interval_method::bca;
  bca.resamples = draws;
  const auto both = [&](const char* name, const Eigen::VectorXd& a, const Eigen::VectorXd& b) {
    std::printf("%s\n", name);
    timed("  t test", [&] { return sig::t_test(a, b).p_value; });
    timed("  Wilcoxon", [&] { return sig::wilcoxon_test(a, b).p_value; });
    timed("  Fisher", [&] { return sig::fisher_test(policy, a, b, fisher).p_value; });
    timed("  BCa of a mean", [&] { return sig::mean_interval(policy, a, bca).half_width(); });
    timed("  BCa of a difference",
          [&] { return sig::difference_interval(policy, a, b, bca).half_width(); });
  };
  both("all values differ", first, second);
  both("70 % zeros, 500 other values", first_sparse, second_sparse);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc >= 4 && std::string_view(argv[1]) == "--time") {
      time_all(std::atoll(argv[2]), std::atoll(argv[3]), argc > 4 ? std::atoi(argv[4]) : 0);
      return 0;
    }
    if (argc > 1) {
      std::cerr << "usage: recokit-significance < CASES | --time USERS DRAWS [THREADS]\n";
      return 2;
    }
    std::string head;
    std::string first;
    std::string second;
    while (std::getline(std::cin, head) && std::getline(std::cin, first) &&
           std::getline(std::cin, second)) {
      answer(head, numbers(first), numbers(second));
    }
    return 0;
  } catch (const std::exception& failure) {
    std::cerr << "recokit-significance: " << failure.what() << "\n";
    return 1;
  }
}
