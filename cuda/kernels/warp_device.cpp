// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/kernels/warp_device.hpp>

#include "kernels/finite_flag.hpp"
#include "kernels/pair_rows.hpp"
#include "kernels/step_memory.hpp"
#include "kernels/warp_loss.hpp"
#include "runtime/context.hpp"
#include "runtime/policy_context.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

namespace recokit::inline RECOKIT_ABI::kernels {

namespace ck = cuda_kernels;

namespace {

/// The arrays of a cut. Every epoch has ones of the same sizes.
struct warp_cut {
  warp_cut(const banded_epoch& cut, bool stay)
      : entries(cut.entries.size(), stay), starts(cut.starts.size()), items(cut.items.size()) {}

  void copy(const banded_epoch& cut, ck::stream_t stream) {
    entries.copy(0, cut.entries, stream);
    ck::copy_to_device(starts.data(), cut.starts.data(), cut.starts.size_bytes(), stream);
    // Ids are not negative, so they are the same bits without a sign.
    ck::copy_to_device(items.data(), cut.items.data(), cut.items.size_bytes(), stream);
    bands = cut.bands;
  }

  ck::warp_loss_cut view() const {
    return {entries.data(), starts.data(), items.data(), static_cast<std::int64_t>(items.size()),
            bands};
  }

  ck::placed_buffer<pair_step::banded_entry> entries;
  ck::device_buffer<std::int64_t> starts;
  ck::device_buffer<std::uint32_t> items;
  pair_step::band_counts bands{};
};

class cuda_warp_device final : public warp_device {
 public:
  explicit cuda_warp_device(const cuda& policy) : context_(policy) {}

  void upload(const pair_step::factor_block& rows, const pair_step::factor_block& squares,
              std::int64_t users, std::int64_t items, std::int64_t interactions) override {
    const ck::current_device here(context_.device().ordinal);
    const bool adagrad = squares.users != nullptr;
    auto factors = ck::pair_rows::bytes(rows, users, items);
    for (std::uint64_t& bytes : factors) bytes *= adagrad ? 2 : 1;
    stays_ = ck::place_steps(
        {static_cast<std::uint64_t>(interactions) * sizeof(pair_step::banded_entry), factors},
        context_.state());
    rows_.emplace(rows, users, items, context_.state(), stays_.factors);
    if (adagrad) squares_.emplace(squares, users, items, context_.state(), stays_.factors);
    failed_.emplace(context_.state().stream());
  }

  void download(const pair_step::factor_block& rows,
                const pair_step::factor_block& squares) override {
    const ck::current_device here(context_.device().ordinal);
    rows_->download(rows, context_.state());
    if (squares_) squares_->download(squares, context_.state());
  }

  void begin_epoch(const banded_epoch& cut, const warp_loss::epoch_terms& terms) override {
    const ck::current_device here(context_.device().ordinal);
    if (!cut_) cut_.emplace(cut, stays_.samples);
    cut_->copy(cut, context_.state().stream());
    terms_ = terms;
  }

  void step(std::int64_t round) override {
    const ck::current_device here(context_.device().ordinal);
    const ck::warp_loss_rows rows{
        rows_->block(), squares_ ? squares_->block() : pair_step::factor_block{}, rows_->width()};
    ck::warp_loss_steps(rows, terms_, cut_->view(), round, failed_->data(),
                        context_.state().stream());
  }

  bool finite() override {
    const ck::current_device here(context_.device().ordinal);
    return failed_->all_finite(context_.state().stream());
  }

 private:
  ck::policy_context context_;
  warp_loss::epoch_terms terms_{};
  ck::step_memory stays_{};
  std::optional<ck::pair_rows> rows_;
  std::optional<ck::pair_rows> squares_;
  std::optional<warp_cut> cut_;
  std::optional<ck::finite_flag> failed_;
};

}  // namespace

std::unique_ptr<warp_device> make_warp_device(const cuda& policy) {
  return std::make_unique<cuda_warp_device>(policy);
}

}  // namespace recokit::inline RECOKIT_ABI::kernels
