// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Prints recokit's rating and classification metrics of cases on the standard input, or
/// times ROC and precision-recall areas; scalar_metrics.py compares both with scikit-learn.
#include <recokit/metrics/binary_ranking.hpp>
#include <recokit/metrics/classification.hpp>
#include <recokit/metrics/multiclass_auc.hpp>
#include <recokit/metrics/probability.hpp>
#include <recokit/metrics/rating.hpp>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace rk = recokit;

namespace {

// Words of the standard input. "nan" and "inf" are numbers too, which streams do not read.
std::string word() {
  std::string text;
  if (!(std::cin >> text)) throw std::runtime_error("the input ends within a case");
  return text;
}
double number() {
  const std::string text = word();
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  if (*end != '\0') throw std::runtime_error("no number: " + text);
  return value;
}
std::int64_t integer() { return std::stoll(word()); }

std::vector<double> numbers(std::int64_t n) {
  std::vector<double> values;
  for (std::int64_t i = 0; i < n; ++i) values.push_back(number());
  return values;
}
std::vector<std::int64_t> integers(std::int64_t n) {
  std::vector<std::int64_t> values;
  for (std::int64_t i = 0; i < n; ++i) values.push_back(integer());
  return values;
}

void print(const char* name, double value) { std::printf("%s %.17g\n", name, value); }
void print(const char* name, const Eigen::VectorXd& values) {
  std::printf("%s", name);
  for (const double x : values) std::printf(" %.17g", x);
  std::printf("\n");
}

// 0 weights stand for none.
struct case_weights {
  std::vector<double> values;
  rk::real_column column() const { return values.empty() ? rk::real_column() : values; }
};

void rating(std::int64_t n) {
  const case_weights weights{numbers(integer())};
  const auto truth = numbers(n);
  const auto predicted = numbers(n);
  for (const bool finite : {true, false}) {
    const auto report =
        rk::rating_metrics(truth, predicted, {.weights = weights.column(), .force_finite = finite});
    if (finite) {
      print("mse", report.mse);
      print("rmse", report.rmse);
      print("mae", report.mae);
      print("max_error", report.max_error);
      print("mean_error", report.mean_error);
    }
    print(finite ? "r2" : "r2_raw", report.r2);
    print(finite ? "explained_variance" : "explained_variance_raw", report.explained_variance);
  }
  print("median_absolute_error", rk::median_absolute_error(truth, predicted, weights.column()));
}

void binary(std::int64_t n) {
  const case_weights weights{numbers(integer())};
  const std::int64_t positive = integer();
  const double max_fpr = number();
  const auto truth = integers(n);
  const auto scores = numbers(n);
  const rk::binary_options options{.weights = weights.column(), .positive = positive};
  const rk::binary_ranking ranking(truth, scores, options);
  print("roc_auc", ranking.roc_auc());
  print("partial_roc_auc", ranking.partial_roc_auc(max_fpr));
  print("average_precision", ranking.average_precision());
  print("interpolated_pr_auc", ranking.interpolated_pr_auc());
  for (const bool drop : {false, true}) {
    const auto roc = ranking.roc(drop);
    const auto pr = ranking.precision_recall(drop);
    print(drop ? "roc_fpr_short" : "roc_fpr", roc.false_positive_rate);
    print(drop ? "roc_tpr_short" : "roc_tpr", roc.true_positive_rate);
    print(drop ? "roc_thresholds_short" : "roc_thresholds", roc.thresholds);
    print(drop ? "pr_precision_short" : "pr_precision", pr.precision);
    print(drop ? "pr_recall_short" : "pr_recall", pr.recall);
    print(drop ? "pr_thresholds_short" : "pr_thresholds", pr.thresholds);
  }
  print("log_loss", rk::log_loss(truth, scores, options));
  print("brier", rk::brier_score(truth, scores, options));
}

void averages(const rk::confusion_matrix& matrix, double beta, const std::string& name,
              const rk::class_options& options) {
  print(("precision_" + name).c_str(), matrix.precision(options));
  print(("recall_" + name).c_str(), matrix.recall(options));
  print(("f_beta_" + name).c_str(), matrix.f_beta(beta, options));
  print(("f1_" + name).c_str(), matrix.f1(options));
}

void classes(std::int64_t n) {
  const case_weights weights{numbers(integer())};
  const auto labels = integers(integer());
  const auto subset = integers(integer());
  const std::int64_t positive = integer();
  const double beta = number();
  const double zero = number();
  const double correction = number();
  const auto truth = integers(n);
  const auto predicted = integers(n);
  const rk::confusion_matrix matrix(truth, predicted, {.weights = weights.column()});
  const rk::confusion_matrix given(truth, predicted,
                                   {.weights = weights.column(), .labels = labels});
  Eigen::MatrixXd rows = matrix.counts().transpose();
  print("confusion", Eigen::Map<const Eigen::VectorXd>(rows.data(), rows.size()));
  rows = given.counts().transpose();
  print("confusion_given", Eigen::Map<const Eigen::VectorXd>(rows.data(), rows.size()));
  print("accuracy", matrix.accuracy());
  print("precision_by_class", matrix.precision_by_class(zero));
  print("recall_by_class", matrix.recall_by_class(zero));
  print("f_by_class", matrix.f_by_class(beta, zero));
  using enum rk::class_average;
  averages(matrix, beta, "micro", {.average = micro, .zero_division = zero});
  averages(matrix, beta, "macro", {.average = macro, .zero_division = zero});
  averages(matrix, beta, "weighted", {.average = weighted, .zero_division = zero});
  averages(given, beta, "given", {.average = macro, .zero_division = zero});
  averages(matrix, beta, "subset", {.average = weighted, .labels = subset, .zero_division = zero});
  averages(matrix, beta, "subset_micro",
           {.average = micro, .labels = subset, .zero_division = zero});
  if (matrix.labels().size() <= 2) {
    averages(matrix, beta, "binary", {.positive = positive, .zero_division = zero});
    print("geometric_mean_binary", matrix.averaged_geometric_mean({.positive = positive}));
  }
  print("specificity_by_class", matrix.specificity_by_class());
  print("specificity_micro", matrix.specificity({.average = micro}));
  print("specificity_macro", matrix.specificity({.average = macro}));
  print("specificity_weighted", matrix.specificity({.average = weighted}));
  print("geometric_mean", matrix.geometric_mean());
  print("geometric_mean_corrected", matrix.geometric_mean(correction));
  print("geometric_mean_given", given.geometric_mean(correction));
  print("geometric_mean_micro", matrix.averaged_geometric_mean({.average = micro}));
  print("geometric_mean_macro", matrix.averaged_geometric_mean({.average = macro}));
  print("geometric_mean_weighted", matrix.averaged_geometric_mean({.average = weighted}));
  print("balanced_accuracy", matrix.balanced_accuracy());
  print("balanced_accuracy_adjusted", matrix.balanced_accuracy(true));
  print("mcc", matrix.matthews_correlation());
  print("kappa", matrix.cohen_kappa());
  print("kappa_linear", matrix.cohen_kappa(rk::kappa_weighting::linear));
  print("kappa_quadratic", matrix.cohen_kappa(rk::kappa_weighting::quadratic));
}

void table(std::int64_t n) {
  const case_weights weights{numbers(integer())};
  const auto labels = integers(integer());
  const auto truth = integers(n);
  const auto cells = numbers(n * static_cast<std::int64_t>(labels.size()));
  const Eigen::Map<const rk::row_major_matrix<double>> values(
      cells.data(), n, static_cast<Eigen::Index>(labels.size()));
  const auto w = weights.column();
  using enum rk::auc_average;
  for (const auto& [name, average] :
       {std::pair{"macro", macro}, std::pair{"weighted", weighted}, std::pair{"micro", micro}}) {
    print((std::string("ovr_") + name).c_str(),
          rk::roc_auc_one_versus_rest(truth, values,
                                      {.average = average, .weights = w, .labels = labels}));
    if (average == micro) continue;
    print((std::string("ovo_") + name).c_str(),
          rk::roc_auc_one_versus_one(truth, values, {.average = average, .labels = labels}));
  }
  print("log_loss", rk::log_loss(truth, values, {.weights = w, .labels = labels}));
  print("brier", rk::brier_score(truth, values, {.weights = w, .labels = labels}));
}

// Cases follow each other: kind, samples, then what the kind reads. Each result is a line "name
// values", each case ends with an empty line.
void compute_cases() {
  for (std::string kind; std::cin >> kind;) {
    const std::int64_t n = integer();
    if (kind == "rating") {
      rating(n);
    } else if (kind == "binary") {
      binary(n);
    } else if (kind == "classes") {
      classes(n);
    } else if (kind == "table") {
      table(n);
    } else {
      throw std::runtime_error("no such kind of case: " + kind);
    }
    std::printf("\n");
  }
}

template <class Number>
std::vector<Number> read_array(const std::string& file) {
  std::ifstream in(file, std::ios::binary | std::ios::ate);
  std::vector<Number> values(static_cast<std::size_t>(in.tellg()) / sizeof(Number));
  in.seekg(0);
  in.read(reinterpret_cast<char*>(values.data()),
          static_cast<std::streamsize>(values.size() * sizeof(Number)));
  if (!in) throw std::runtime_error(file + ": cannot be read");
  return values;
}

void time_areas(const std::string& truth_file, const std::string& scores_file, int threads) {
  const auto truth = read_array<std::uint8_t>(truth_file);
  const auto scores = read_array<float>(scores_file);
  const auto start = std::chrono::steady_clock::now();
  const rk::binary_ranking ranking(rk::cpu{.threads = threads}, truth, scores);
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  print("seconds", taken.count());
  print("roc_auc", ranking.roc_auc());
  print("average_precision", ranking.average_precision());
}

}  // namespace

int main(int count, char** arguments) {
  try {
    if (count == 1) {
      compute_cases();
    } else if (count == 5 && std::string(arguments[1]) == "--time") {
      time_areas(arguments[2], arguments[3], std::atoi(arguments[4]));
    } else {
      std::cerr << "usage: recokit-scalar-metrics < CASES\n"
                   "       recokit-scalar-metrics --time TRUTH.u8 SCORES.f32 THREADS\n";
      return 2;
    }
    return 0;
  } catch (const std::exception& failure) {
    std::cerr << "recokit-scalar-metrics: " << failure.what() << "\n";
    return 1;
  }
}
