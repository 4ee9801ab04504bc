// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/kernels/logistic_device.hpp>

#include "kernels/device_factors.hpp"
#include "kernels/finite_flag.hpp"
#include "kernels/logistic_rows.hpp"
#include "kernels/step_memory.hpp"
#include "runtime/context.hpp"
#include "runtime/policy_context.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>

namespace recokit::inline RECOKIT_ABI::kernels {

namespace ck = cuda_kernels;

namespace {

/// One orientation of the interactions, and the rows of its side.
struct logistic_side {
  logistic_side(const csr_view<>& matrix, std::uint32_t stride, ck::stream_t stream, bool stay,
                bool entries_stay)
      : factors(matrix.rows(), stride, ck::storage::fp32, stream, stay),
        squares(matrix.rows(), stride, ck::storage::fp32, stream, stay),
        offsets(std::span<const std::int64_t>(matrix.offsets()), stream),
        indices(matrix.indices().size(), entries_stay),
        values(matrix.values().size(), entries_stay),
        rows(static_cast<std::uint64_t>(matrix.rows())) {
    // Ids are not negative, so they are the same bits without a sign.
    indices.copy(
        0,
        {reinterpret_cast<const std::uint32_t*>(matrix.indices().data()), matrix.indices().size()},
        stream);
    values.copy(0, matrix.values(), stream);
  }

  ck::logistic_matrix matrix() const {
    return {offsets.data(), indices.data(), values.size() == 0 ? nullptr : values.data(), rows,
            indices.size()};
  }

  ck::device_factors factors;
  ck::device_factors squares;
  ck::device_buffer<std::int64_t> offsets;
  ck::placed_buffer<std::uint32_t> indices;
  ck::placed_buffer<float> values;
  std::uint64_t rows;
};

float* data_of(ck::device_factors& factors) { return static_cast<float*>(factors.array().data); }

class cuda_logistic_device final : public logistic_device {
 public:
  explicit cuda_logistic_device(const cuda& policy) : context_(policy) {}

  void upload(const csr_view<>& by_user, const csr_view<>& by_item,
              const logistic_rows& from) override {
    const ck::current_device here(context_.device().ordinal);
    if (std::cmp_greater(from.width, ck::most_width)) {
      throw value_error("columns of the factors", std::to_string(from.width),
                        "must be in [1, 4096] on a GPU");
    }
    width_ = static_cast<std::uint32_t>(from.width);
    stride_ = ck::padded_width(width_);
    const auto factors = [&](const csr_view<>& side) {
      return static_cast<std::uint64_t>(side.rows()) *
             (2 * sizeof(float) * stride_ + sizeof(std::int64_t));
    };
    const ck::step_memory stays = ck::place_steps(
        {static_cast<std::uint64_t>(by_user.nonzeros()) * (by_user.has_values() ? 16 : 8),
         {factors(by_user), factors(by_item)}},
        context_.state());
    ck::stream_t stream = context_.state().stream();
    users_.emplace(by_user, stride_, stream, stays.factors[0], stays.samples);
    items_.emplace(by_item, stride_, stream, stays.factors[1], stays.samples);
    failed_.emplace(stream);
    users_->factors.upload(from.users, width_, context_.state());
    users_->squares.upload(from.user_squares, width_, context_.state());
    items_->factors.upload(from.items, width_, context_.state());
    items_->squares.upload(from.item_squares, width_, context_.state());
  }

  void download(const logistic_rows& to) override {
    const ck::current_device here(context_.device().ordinal);
    users_->factors.download(to.users, width_, context_.state());
    users_->squares.download(to.user_squares, width_, context_.state());
    items_->factors.download(to.items, width_, context_.state());
    items_->squares.download(to.item_squares, width_, context_.state());
  }

  void step(const logistic_step::half_terms& terms) override {
    const ck::current_device here(context_.device().ordinal);
    logistic_side& moving = terms.of_users ? *users_ : *items_;
    logistic_side& fixed = terms.of_users ? *items_ : *users_;
    ck::logistic_rows(terms, moving.matrix(), fixed.matrix(), data_of(moving.factors),
                      data_of(moving.squares), data_of(fixed.factors), stride_, failed_->data(),
                      context_.state().stream());
  }

  bool finite() override {
    const ck::current_device here(context_.device().ordinal);
    return failed_->all_finite(context_.state().stream());
  }

 private:
  ck::policy_context context_;
  std::uint32_t width_ = 0;
  std::uint32_t stride_ = 0;
  std::optional<logistic_side> users_;
  std::optional<logistic_side> items_;
  std::optional<ck::finite_flag> failed_;
};

}  // namespace

std::unique_ptr<logistic_device> make_logistic_device(const cuda& policy) {
  return std::make_unique<cuda_logistic_device>(policy);
}

}  // namespace recokit::inline RECOKIT_ABI::kernels
