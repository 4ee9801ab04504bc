// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "npz.hpp"
#include "read_text.hpp"
#include "text_format.hpp"

#include <recokit/data/read.hpp>

#include <array>
#include <memory>
#include <utility>

namespace recokit::inline RECOKIT_ABI {
namespace detail {
namespace {

/// A file that was opened and whose format is known. Without a text it is an npz archive.
struct opened_file {
  std::string name;
  file_format format = file_format::npz;
  std::unique_ptr<mapped_file> archive;
  std::unique_ptr<text_source> text;

  bool ids_are_indices() const noexcept {
    return format == file_format::npz || format == file_format::matrix_market;
  }
};

opened_file open(const std::filesystem::path& file, const read_options& options) {
  opened_file out;
  out.name = file.string();
  mapped_file mapped(file);
  const bool detect = options.format == file_format::detect;
  if (detect ? is_npz(mapped.bytes(), out.name) : options.format == file_format::npz) {
    out.archive = std::make_unique<mapped_file>(std::move(mapped));
    return out;
  }
  out.text = std::make_unique<text_source>(out.name, std::move(mapped));
  // A delimiter or a column named by the caller means delimited text, whatever it looks like.
  const bool table = options.delimiter != 0 || options.user.index() != 0 ||
                     options.item.index() != 0 || options.rating.index() != 0 ||
                     options.timestamp.index() != 0;
  out.format = detect ? text_format(*out.text) : options.format;
  if (detect && table && out.format != file_format::matrix_market) {
    out.format = out.format == file_format::movielens && options.delimiter == 0
                     ? file_format::movielens
                     : file_format::delimited;
  }
  return out;
}

interactions read_indexed(const opened_file& file, const read_options& options,
                          const reader_tuning& tuning) {
  if (file.format == file_format::npz) {
    return interactions(read_npz_bytes(file.archive->bytes(), file.name, options));
  }
  return read_matrix_market_text(*file.text, options, tuning);
}

interactions require_entries(interactions data, const opened_file& file) {
  if (data.nonzeros() == 0) {
    throw parse_error(file.name, 0, 0, "there are no interactions in the file");
  }
  return data;
}

// The same matrix with more rows and columns, all empty.
interactions enlarge(const interactions& data, index_t rows, index_t cols) {
  if (data.rows() == rows && data.cols() == cols) return data;
  const auto view = data.view();
  auto offsets =
      std::make_shared<std::vector<offset_t>>(view.offsets().begin(), view.offsets().end());
  offsets->resize(static_cast<std::size_t>(rows) + 1, view.nonzeros());
  const auto larger = csr_view<>::trusted(rows, cols, offsets->data(), view.indices().data(),
                                          view.has_values() ? view.values().data() : nullptr);
  using both = std::pair<csr_matrix<>, std::shared_ptr<std::vector<offset_t>>>;
  return interactions(csr_matrix<>(larger, std::make_shared<both>(data.matrix(), offsets)));
}

}  // namespace

interactions read_ratings_tuned(const std::filesystem::path& file, const read_options& options,
                                const reader_tuning& tuning) {
  const std::array opened{open(file, options)};
  if (opened[0].ids_are_indices()) {
    return require_entries(read_indexed(opened[0], options, tuning), opened[0]);
  }
  return read_named_texts({&opened[0].text, 1}, {&opened[0].format, 1}, options, tuning)[0];
}

}  // namespace detail

interactions read_ratings(const std::filesystem::path& file, const read_options& options) {
  return detail::read_ratings_tuned(file, options, {});
}

std::pair<interactions, interactions> read_train_test(const std::filesystem::path& train,
                                                      const std::filesystem::path& test,
                                                      const read_options& options) {
  std::array files{detail::open(train, options), detail::open(test, options)};
  if (files[0].ids_are_indices() != files[1].ids_are_indices()) {
    throw value_error("train, test", files[0].name + ", " + files[1].name,
                      "must both have ids, or both be matrices (MatrixMarket or npz)");
  }
  if (!files[0].ids_are_indices()) {
    const std::array texts{std::move(files[0].text), std::move(files[1].text)};
    const std::array formats{files[0].format, files[1].format};
    auto both = detail::read_named_texts(texts, formats, options, {});
    return {std::move(both[0]), std::move(both[1])};
  }
  const auto read = [&](const detail::opened_file& file) {
    return detail::require_entries(detail::read_indexed(file, options, {}), file);
  };
  const auto a = read(files[0]);
  const auto b = read(files[1]);
  const index_t rows = std::max(a.rows(), b.rows());
  const index_t cols = std::max(a.cols(), b.cols());
  return {detail::enlarge(a, rows, cols), detail::enlarge(b, rows, cols)};
}

csr_matrix<> read_matrix_market(const std::filesystem::path& file, const cpu& policy) {
  const detail::text_source source(file.string(), detail::mapped_file(file));
  read_options options;
  options.duplicates = duplicate_rule::sum;
  options.policy = policy;
  return detail::read_matrix_market_text(source, options, {}).matrix();
}

csr_matrix<> read_npz(const std::filesystem::path& file) {
  const detail::mapped_file mapped(file);
  read_options options;
  options.duplicates = duplicate_rule::sum;
  return detail::read_npz_bytes(mapped.bytes(), file.string(), options);
}

}  // namespace recokit::inline RECOKIT_ABI
