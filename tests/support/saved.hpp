// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Models through a file and back.
#pragma once

#include "temp_folder.hpp"

#include <recokit/core/model_file.hpp>

namespace recokit_test {

/// The model that load makes of what save wrote. The file is gone when it returns: what is mapped
/// stays.
template <class Model>
Model saved_and_loaded(const Model& model, const recokit::save_options& options = {}) {
  const temp_folder folder;
  model.save(folder / "model.rkm", options);
  return Model::load(folder / "model.rkm");
}

}  // namespace recokit_test
