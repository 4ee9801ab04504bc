// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/core/errors.hpp>
#include <recokit/resampling/svm_smote.hpp>

#if defined(RECOKIT_HAS_LIBSVM)
#include <svm.h>
#endif

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <memory>
#include <mutex>
#include <string>

namespace recokit::inline RECOKIT_ABI::svm_smote::detail_svm_smote {

void throw_all_noise(index_t label, std::size_t support_vectors, int m) {
  throw value_error("params.m_neighbors", std::to_string(m),
                    support_vectors == 0
                        ? "class " + std::to_string(label) + " has no support vector: take smote"
                        : "the " + std::to_string(m) + " nearest rows of each of the " +
                              std::to_string(support_vectors) + " support vectors of class " +
                              std::to_string(label) +
                              " are all of other classes, which makes them noise: take smote");
}

#if defined(RECOKIT_HAS_LIBSVM)

void check_built() {}

namespace {

/// 1 / (columns · variance of all values), zeros counted; 1 when they are all alike.
double scale(const csr_view<double>& rows) {
  const double count = static_cast<double>(rows.rows()) * static_cast<double>(rows.cols());
  double sum = 0;
  for (const double value : rows.values()) sum += value;
  const double mean = sum / count;
  double squares = (count - static_cast<double>(rows.values().size())) * mean * mean;
  for (const double value : rows.values()) squares += (value - mean) * (value - mean);
  const double variance = squares / count;
  return variance > 0 ? 1 / (static_cast<double>(rows.cols()) * variance) : 1;
}

}  // namespace

std::vector<std::vector<index_t>> support_vectors(const csr_view<double>& rows,
                                                  const class_table& classes,
                                                  const params& params) {
  if (params.gamma && !(*params.gamma > 0 && std::isfinite(*params.gamma))) {
    throw value_error("params.gamma", std::to_string(*params.gamma),
                      "must be finite and above 0, or none");
  }
  const auto count = static_cast<std::size_t>(rows.rows());
  std::vector<svm_node> nodes;
  nodes.reserve(rows.values().size() + count);
  std::vector<svm_node*> starts(count);
  std::vector<double> targets(count);
  for (std::size_t r = 0; r < count; ++r) {
    starts[r] = nodes.data() + nodes.size();
    const auto row = rows.row(static_cast<std::int64_t>(r));
    for (std::size_t e = 0; e < row.size(); ++e) {
      nodes.push_back({row.indices[e] + 1, row.value(e)});
    }
    nodes.push_back({-1, 0});
    targets[r] = classes.positions()[r];
  }
  svm_problem problem{static_cast<int>(count), targets.data(), starts.data()};
  svm_parameter settings{};
  settings.svm_type = C_SVC;
  settings.kernel_type = RBF;
  settings.gamma = params.gamma ? *params.gamma : scale(rows);
  settings.C = params.cost;
  settings.cache_size = 200;
  settings.eps = 1e-3;
  settings.shrinking = 1;

  static std::once_flag silenced;
  std::call_once(silenced, [] { svm_set_print_string_function([](const char*) {}); });
  const auto release = [](svm_model* model) { svm_free_and_destroy_model(&model); };
  const std::unique_ptr<svm_model, decltype(release)> model(svm_train(&problem, &settings),
                                                            release);
  std::vector<std::vector<index_t>> vectors(classes.classes());
  for (int v = 0; v < model->l; ++v) {
    const index_t row = model->sv_indices[v] - 1;
    vectors[static_cast<std::size_t>(classes.positions()[static_cast<std::size_t>(row)])].push_back(
        row);
  }
  for (auto& list : vectors) std::sort(list.begin(), list.end());
  return vectors;
}

#else

void check_built() {
  throw not_built_error("svm_smote", "-DRECOKIT_WITH_LIBSVM=ON where libsvm is installed");
}

std::vector<std::vector<index_t>> support_vectors(const csr_view<double>&, const class_table&,
                                                  const params&) {
  check_built();
  return {};
}

#endif

}  // namespace recokit::inline RECOKIT_ABI::svm_smote::detail_svm_smote
