// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0

// Balances the classes of a training set: new rows, fewer rows, or weights. Any features and labels
// will do; ../rare_ratings makes features of users and items and measures what it brings.
#include <recokit/recokit.hpp>

#include <algorithm>
#include <iomanip>
#include <iostream>
#include <vector>

namespace rk = recokit;
using rows = rk::row_major_matrix<float>;
using labels = std::vector<rk::index_t>;

void count(const char* what, const labels& of) {
  const auto rare = std::count(of.begin(), of.end(), 1);
  std::cout << std::left << std::setw(14) << what << std::right << std::setw(5)
            << std::ssize(of) - rare << " common" << std::setw(5) << rare << " rare\n";
}

int main() {
  // 200 rows of two columns, every tenth of the rare class: two squares that overlap.
  rows x(200, 2);
  labels y(200);
  rk::random_stream draw(7, rk::random_purpose::user);
  for (Eigen::Index i = 0; i < x.rows(); ++i) {
    y[static_cast<std::size_t>(i)] = i % 10 == 0 ? 1 : 0;
    const float corner = i % 10 == 0 ? 0.8f : 0.0f;
    for (Eigen::Index j = 0; j < 2; ++j) x(i, j) = corner + static_cast<float>(draw.uniform());
  }
  count("as they are", y);

  // New rows between a rare row and one of its neighbours.
  const auto more = rk::smote::resample(x, y, {.k_neighbors = 3});
  count("smote", more.labels);
  const rk::origin& from = more.origins.front();
  const rows line = x.row(from.base) + float(from.step) * (x.row(from.neighbor) - x.row(from.base));
  std::cout << "  the first new row lies between rows " << from.base << " and " << from.neighbor
            << (line.isApprox(more.rows.row(more.inputs())) ? ", to the digit\n" : "\n");

  // Half as many rare rows as common ones is often enough.
  const auto some = rk::smote::resample(x, y, {.strategy = rk::sampling_strategy::ratio(0.5)});
  count("ratio 0.5", some.labels);

  // Fewer rows: ids of those that stay.
  const auto kept = rk::tomek_links::select(x, y).rows;
  count("tomek_links", rk::gather_labels(y, kept));
  count("random_under", rk::gather_labels(y, rk::random_under::select(x, y).rows));

  // Or leave the rows alone and weigh them.
  const rk::class_table classes(y);
  const auto weights = rk::balanced_class_weights(classes);
  std::cout << std::setprecision(3) << "class weights " << weights[0] << " and " << weights[1]
            << '\n';
}

// clang-format off
// Expected output:
// as they are     180 common   20 rare
// smote           180 common  180 rare
//   the first new row lies between rows 90 and 10, to the digit
// ratio 0.5       180 common   90 rare
// tomek_links     179 common   20 rare
// random_under     20 common   20 rare
// class weights 0.556 and 5
