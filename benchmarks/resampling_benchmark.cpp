// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Times a sampler, all of resample() or select(), and measures its memory.
///
/// Before it times, it checks the result: counts, new rows between base and neighbour, and some
/// neighbourhoods against all differences in double. --write FOLDER hands peers the data and the
/// result; prints one JSON object. peers/resampling_speed.py runs it beside imbalanced-learn,
/// peers/resampling_effect.py trains classifiers on its rows.
#include "bench/memory.hpp"
#include "timed_runs.hpp"

#include <recokit/core/all_rows.hpp>
#include <recokit/core/observer.hpp>
#include <recokit/kernels/nearest_rows.hpp>
#include <recokit/resampling/adasyn.hpp>
#include <recokit/resampling/borderline_smote.hpp>
#include <recokit/resampling/edited_nearest_neighbours.hpp>
#include <recokit/resampling/smote.hpp>
#include <recokit/resampling/smote_nc.hpp>
#include <recokit/resampling/tomek_links.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <iostream>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using recokit::index_t;
namespace benchmark = recokit_benchmark;
namespace kernels = recokit::kernels;

struct options {
  std::string method;
  std::string data;
  std::int64_t minority = 20'000;
  std::int64_t majority = 40'000;
  std::int64_t cols = 32;
  std::int64_t categories = 0;
  int k = 0;
  std::uint64_t seed = 42;
  int rounds = 3;
  int threads = 0;
  std::string precision = "float";
  std::string write;
};

int usage() {
  std::cerr
      << "usage: recokit-resampling-benchmark METHOD [OPTION...]\n"
         "  METHOD: smote, adasyn, borderline_smote, smote_nc, tomek_links,\n"
         "          edited_nearest_neighbours\n"
         "  --minority N --majority N  rows of normal numbers, 20000 and 40000\n"
         "  --data FOLDER              instead: rows.raw, labels.raw, categories.raw, as --write\n"
         "                             leaves them; labels and categories are 32-bit integers\n"
         "  --cols N --categories N    columns of numbers and of categories, 32 and 0\n"
         "  --precision float|double   of the numbers, float\n"
         "  --k N --seed N             k_neighbors, as the method has it; 42\n"
         "  --threads N --rounds N     all; 3, 0 only checks and writes\n"
         "  --write FOLDER             the data, and resampled_*.raw or kept.raw\n";
  return 2;
}

template <class Scalar>
struct labelled_rows {
  recokit::row_major_matrix<Scalar> rows;
  recokit::row_major_matrix<index_t> categories;
  std::vector<index_t> labels;
};

// Two overlapping clouds, the larger one first: class 1 is the minority.
template <class Scalar>
labelled_rows<Scalar> clouds(const options& o) {
  labelled_rows<Scalar> made;
  const std::int64_t rows = o.majority + o.minority;
  made.rows = benchmark::normal_rows<Scalar>(rows, o.cols, 1);
  made.rows.col(0).tail(o.minority).array() += Scalar{2};
  made.categories.resize(rows, o.categories);
  recokit::random_stream random(2, recokit::random_purpose::user);
  for (Eigen::Index i = 0; i < made.categories.size(); ++i) {
    made.categories.data()[i] = static_cast<index_t>(random.below(6));
  }
  made.labels.assign(static_cast<std::size_t>(rows), 0);
  std::fill(made.labels.begin() + o.majority, made.labels.end(), 1);
  return made;
}

template <class Value>
recokit::row_major_matrix<Value> read_matrix(const std::filesystem::path& file, std::int64_t rows,
                                             std::int64_t cols) {
  const auto values = benchmark::read_raw<Value>(file);
  if (static_cast<std::int64_t>(values.size()) != rows * cols) {
    throw std::runtime_error(file.string() + " does not hold " + std::to_string(rows) + " x " +
                             std::to_string(cols) + " values");
  }
  return Eigen::Map<const recokit::row_major_matrix<Value>>(values.data(), rows, cols);
}

template <class Scalar>
labelled_rows<Scalar> read(const options& o) {
  const std::filesystem::path folder = o.data;
  labelled_rows<Scalar> made;
  made.labels = benchmark::read_raw<index_t>(folder / "labels.raw");
  const auto rows = static_cast<std::int64_t>(made.labels.size());
  made.rows = read_matrix<Scalar>(folder / "rows.raw", rows, o.cols);
  made.categories.resize(rows, 0);
  if (o.categories > 0) {
    made.categories = read_matrix<index_t>(folder / "categories.raw", rows, o.categories);
  }
  return made;
}

template <class Values>
void write_all(const std::string& folder, const char* name, const Values& values) {
  benchmark::write_raw(std::filesystem::path(folder) / name, values.data(),
                       static_cast<std::size_t>(values.size()));
}

template <class Scalar>
void write_result(const options& o, const recokit::resampled<Scalar>& result) {
  write_all(o.write, "resampled_rows.raw", result.rows);
  write_all(o.write, "resampled_labels.raw", result.labels);
}
template <class Scalar>
void write_result(const options& o, const recokit::mixed_resampled<Scalar>& result) {
  write_all(o.write, "resampled_rows.raw", result.rows.numeric);
  write_all(o.write, "resampled_categories.raw", result.rows.categories);
  write_all(o.write, "resampled_labels.raw", result.labels);
}
void write_result(const options& o, const recokit::selection& result) {
  write_all(o.write, "kept.raw", result.rows);
}

void require(bool holds, const std::string& what) {
  if (!holds) throw std::runtime_error("wrong result: " + what);
}

/// The k nearest others of a row, by all differences in double.
template <class Scalar>
std::vector<index_t> nearest(const recokit::row_major_matrix<Scalar>& rows,
                             std::span<const index_t> among, index_t query, int k) {
  const recokit::dense_view<Scalar> x(rows);
  std::vector<double> squared(among.size());
  kernels::detail::squared_distances(x, query, x, among, squared.data());
  std::vector<std::pair<double, index_t>> found;
  for (std::size_t n = 0; n < among.size(); ++n) {
    if (among[n] != query) found.emplace_back(squared[n], among[n]);
  }
  std::partial_sort(found.begin(), found.begin() + k, found.end());
  std::vector<index_t> ids;
  for (int n = 0; n < k; ++n) ids.push_back(found[static_cast<std::size_t>(n)].second);
  return ids;
}

/// How many of the rows have another label.
template <class Scalar>
int others(const labelled_rows<Scalar>& data, const std::vector<index_t>& rows, index_t label) {
  return static_cast<int>(std::count_if(rows.begin(), rows.end(), [&](index_t r) {
    return data.labels[static_cast<std::size_t>(r)] != label;
  }));
}

/// What every over-sampler owes: the input as it was, classes as large as the largest but for what
/// it says is missing, new rows between two rows of their class.
template <class Scalar, class Result>
void check_new_rows(const labelled_rows<Scalar>& data,
                    const recokit::row_major_matrix<Scalar>& rows, const Result& result) {
  const recokit::class_table before(data.labels), after(result.labels);
  for (std::size_t c = 0; c < after.classes(); ++c) {
    std::int64_t missing = 0;
    for (const auto& unmet : result.unmet) {
      if (unmet.label == after.label(c)) missing += unmet.wanted - unmet.made;
    }
    require(after.count(c) + missing == before.count(before.majority()), "rows of a class");
  }
  const auto inputs = static_cast<Eigen::Index>(result.inputs());
  require(inputs == data.rows.rows() && rows.topRows(inputs) == data.rows &&
              std::equal(data.labels.begin(), data.labels.end(), result.labels.begin()),
          "input rows");
  for (std::size_t i = 0; i < result.origins.size(); ++i) {
    const auto& from = result.origins[i];
    const auto at = inputs + static_cast<Eigen::Index>(i);
    const index_t label = result.labels[static_cast<std::size_t>(at)];
    require(data.labels[static_cast<std::size_t>(from.base)] == label &&
                data.labels[static_cast<std::size_t>(from.neighbor)] == label &&
                from.base != from.neighbor && from.step >= 0 && from.step < 1,
            "origin " + std::to_string(i));
    for (Eigen::Index c = 0; c < rows.cols(); ++c) {
      const double base = data.rows(from.base, c), neighbor = data.rows(from.neighbor, c);
      const double value = rows(at, c);
      require(value >= std::min(base, neighbor) && value <= std::max(base, neighbor) &&
                  std::abs(value - (base + from.step * (neighbor - base))) <=
                      1e-6 * (std::abs(base) + std::abs(neighbor)),
              "new row " + std::to_string(i) + " is not between base and neighbour");
    }
  }
}

/// Some origins: the neighbour is one of the k nearest of the class, and the base is fit to be one.
template <class Scalar, class Fit>
void check_result(const labelled_rows<Scalar>& data, const recokit::resampled<Scalar>& result,
                  int k, const Fit& fit) {
  check_new_rows(data, result.rows, result);
  const recokit::class_table classes(data.labels);
  const std::size_t step = std::max<std::size_t>(1, result.origins.size() / 20);
  for (std::size_t i = 0; i < result.origins.size(); i += step) {
    const auto& from = result.origins[i];
    const index_t label = data.labels[static_cast<std::size_t>(from.base)];
    const auto own = nearest(data.rows, classes.rows_of(*classes.find(label)), from.base, k);
    require(std::find(own.begin(), own.end(), from.neighbor) != own.end(),
            "neighbour of origin " + std::to_string(i));
    require(fit(from.base, label), "base of origin " + std::to_string(i));
  }
}

/// Categories of new rows are those of some row of the class.
template <class Scalar>
void check_result(const labelled_rows<Scalar>& data,
                  const recokit::mixed_resampled<Scalar>& result) {
  check_new_rows(data, result.rows.numeric, result);
  const recokit::class_table classes(data.labels);
  const auto& codes = result.rows.categories;
  require(codes.topRows(data.categories.rows()) == data.categories, "input categories");
  for (std::size_t position = 0; position < classes.classes(); ++position) {
    for (Eigen::Index c = 0; c < codes.cols(); ++c) {
      std::vector<index_t> seen;
      for (const index_t r : classes.rows_of(position)) seen.push_back(data.categories(r, c));
      std::sort(seen.begin(), seen.end());
      for (Eigen::Index r = data.categories.rows(); r < codes.rows(); ++r) {
        if (result.labels[static_cast<std::size_t>(r)] != classes.label(position)) continue;
        require(std::binary_search(seen.begin(), seen.end(), codes(r, c)), "category of a new row");
      }
    }
  }
}

/// Kept rows are distinct and all rows of the minority among them; some kept and some removed rows
/// of other classes are as removed(row, label) says.
template <class Scalar, class Removed>
void check_result(const labelled_rows<Scalar>& data, const recokit::selection& result,
                  const Removed& removed) {
  const recokit::class_table classes(data.labels);
  std::vector<char> kept(data.labels.size(), 0);
  for (const index_t r : result.rows) {
    require(!std::exchange(kept[static_cast<std::size_t>(r)], char{1}), "a row is kept twice");
  }
  const index_t minority = classes.label(classes.minority());
  std::vector<index_t> stay, go;
  for (std::size_t r = 0; r < kept.size(); ++r) {
    require(kept[r] || data.labels[r] != minority, "a row of the minority is gone");
    if (data.labels[r] != minority) (kept[r] ? stay : go).push_back(static_cast<index_t>(r));
  }
  for (const auto& rows : {stay, go}) {
    const std::size_t step = std::max<std::size_t>(1, rows.size() / 10);
    for (std::size_t i = 0; i < rows.size(); i += step) {
      const auto row = static_cast<std::size_t>(rows[i]);
      require(removed(rows[i], data.labels[row]) == !kept[row], "row " + std::to_string(rows[i]));
    }
  }
}

template <class Scalar, class Call, class Check>
int time_calls(const options& o, const labelled_rows<Scalar>& data, const Call& call,
               const Check& check) {
  const recokit::cpu policy{.threads = o.threads};
  std::size_t rows_after = 0;
  {
    const auto result = call(policy);
    check(result);
    if (!o.write.empty()) write_result(o, result);
    if constexpr (requires { result.labels; }) {
      rows_after = result.labels.size();
    } else {
      rows_after = result.rows.size();
    }
  }
  std::vector<double> seconds, processor, peaks;
  for (int round = 0; round < o.rounds; ++round) {
    const bool has_peak =
        recokit_bench::reset_peak_memory() == recokit_bench::peak_scope::since_reset;
    const auto held = recokit_bench::resident_memory().value_or(0);
    const double used = benchmark::cpu_seconds();
    const auto begin = std::chrono::steady_clock::now();
    const auto result = call(policy);
    seconds.push_back(recokit::detail::seconds_since(begin));
    processor.push_back(benchmark::cpu_seconds() - used);
    if (has_peak) {
      peaks.push_back(static_cast<double>(recokit_bench::peak_memory().value_or(held) - held));
    }
  }
  const recokit::class_table classes(data.labels);
  std::cout << "{\"method\": \"" << o.method << "\", \"rows\": " << data.rows.rows()
            << ", \"minority\": " << classes.count(classes.minority())
            << ", \"majority\": " << classes.count(classes.majority())
            << ", \"cols\": " << data.rows.cols() << ", \"categories\": " << data.categories.cols()
            << ", \"precision\": \"" << o.precision << "\", \"rows_after\": " << rows_after
            << ", \"seconds\": " << benchmark::median(seconds)
            << ", \"processor_seconds\": " << benchmark::median(processor)
            << ", \"peak_bytes\": " << static_cast<std::int64_t>(benchmark::median(peaks))
            << ", \"rounds\": " << o.rounds
            << ", \"backend\": \"cpu\", \"threads\": " << recokit::thread_count(policy)
            << ", \"build\": \"" << benchmark::build_line() << "\"}\n";
  return 0;
}

template <class Params>
Params params_of(const options& o) {
  Params params;
  if constexpr (requires { params.seed; }) params.seed = o.seed;
  if constexpr (requires { params.k_neighbors; }) {
    if (o.k > 0) params.k_neighbors = o.k;
  }
  return params;
}

template <class Scalar>
int run(const options& o) {
  const auto data = o.data.empty() ? clouds<Scalar>(o) : read<Scalar>(o);
  if (!o.write.empty() && o.data.empty()) {
    write_all(o.write, "rows.raw", data.rows);
    write_all(o.write, "labels.raw", data.labels);
    write_all(o.write, "categories.raw", data.categories);
  }
  const std::span<const index_t> labels = data.labels;
  const auto all = recokit::detail::all_rows(static_cast<index_t>(data.labels.size()));
  const auto other_neighbors = [&](index_t row, index_t label, int k) {
    return others(data, nearest(data.rows, all, row, k), label);
  };
  if (o.method == "smote") {
    const auto params = params_of<recokit::smote::params>(o);
    return time_calls(
        o, data,
        [&](const auto& cpu) { return recokit::smote::resample(cpu, data.rows, labels, params); },
        [&](const auto& result) {
          check_result(data, result, params.k_neighbors, [](index_t, index_t) { return true; });
        });
  }
  if (o.method == "adasyn") {
    const auto params = params_of<recokit::adasyn::params>(o);
    return time_calls(
        o, data,
        [&](const auto& cpu) { return recokit::adasyn::resample(cpu, data.rows, labels, params); },
        [&](const auto& result) {
          check_result(data, result, params.k_neighbors, [&](index_t row, index_t label) {
            return other_neighbors(row, label, params.k_neighbors) > 0;
          });
        });
  }
  if (o.method == "borderline_smote") {
    const auto params = params_of<recokit::borderline_smote::params>(o);
    return time_calls(
        o, data,
        [&](const auto& cpu) {
          return recokit::borderline_smote::resample(cpu, data.rows, labels, params);
        },
        [&](const auto& result) {
          check_result(data, result, params.k_neighbors, [&](index_t row, index_t label) {
            const int n = other_neighbors(row, label, params.m_neighbors);
            return 2 * n >= params.m_neighbors && n < params.m_neighbors;
          });
        });
  }
  if (o.method == "smote_nc") {
    const auto params = params_of<recokit::smote_nc::params>(o);
    const recokit::mixed_view mixed(data.rows, data.categories);
    return time_calls(
        o, data,
        [&](const auto& cpu) { return recokit::smote_nc::resample(cpu, mixed, labels, params); },
        [&](const auto& result) { check_result(data, result); });
  }
  if (o.method == "tomek_links") {
    const auto params = params_of<recokit::tomek_links::params>(o);
    return time_calls(
        o, data,
        [&](const auto& cpu) {
          return recokit::tomek_links::select(cpu, data.rows, labels, params);
        },
        [&](const auto& result) {
          check_result(data, result, [&](index_t row, index_t label) {
            const index_t other = nearest(data.rows, all, row, 1)[0];
            return data.labels[static_cast<std::size_t>(other)] != label &&
                   nearest(data.rows, all, other, 1)[0] == row;
          });
        });
  }
  if (o.method == "edited_nearest_neighbours") {
    const auto params = params_of<recokit::edited_nearest_neighbours::params>(o);
    return time_calls(
        o, data,
        [&](const auto& cpu) {
          return recokit::edited_nearest_neighbours::select(cpu, data.rows, labels, params);
        },
        [&](const auto& result) {
          check_result(data, result, [&](index_t row, index_t label) {
            return other_neighbors(row, label, params.k_neighbors) > 0;
          });
        });
  }
  return usage();
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 2) return usage();
  options o;
  o.method = arguments[1];
  try {
    for (int a = 2; a < count; a += 2) {
      const std::string_view name = arguments[a];
      if (a + 1 == count) return usage();
      const std::string value = arguments[a + 1];
      if (name == "--data") {
        o.data = value;
      } else if (name == "--minority") {
        o.minority = std::stoll(value);
      } else if (name == "--majority") {
        o.majority = std::stoll(value);
      } else if (name == "--cols") {
        o.cols = std::stoll(value);
      } else if (name == "--categories") {
        o.categories = std::stoll(value);
      } else if (name == "--precision") {
        o.precision = value;
      } else if (name == "--k") {
        o.k = std::stoi(value);
      } else if (name == "--seed") {
        o.seed = std::stoull(value);
      } else if (name == "--threads") {
        o.threads = std::stoi(value);
      } else if (name == "--rounds") {
        o.rounds = std::stoi(value);
      } else if (name == "--write") {
        o.write = value;
      } else {
        return usage();
      }
    }
    if (o.rounds < 0 || o.minority < 1 || o.majority < 1 || o.cols < 1 || o.categories < 0) {
      return usage();
    }
    if (o.precision == "float") return run<float>(o);
    if (o.precision == "double") return run<double>(o);
    return usage();
  } catch (const std::exception& error) {
    std::cerr << "recokit-resampling-benchmark: " << error.what() << '\n';
    return 1;
  }
}
