// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Id maps in files, to keep beside the models that speak of indices.
#pragma once

#include <recokit/data/id_map.hpp>

#include <filesystem>

namespace recokit::inline RECOKIT_ABI {

/// Writes an id map in the format of model files (kind "id_map"), in place of what was there.
/// A model knows users and items by index; with the maps of its training data a program that loads
/// it can speak of them by id.
/// @throws io_error when the file cannot be written
void save_ids(const std::filesystem::path& file, const id_map& ids);

/// The map that save_ids wrote.
/// @throws io_error when the file cannot be read, parse_error when it is damaged or no id map
/// O(length of the file).
id_map load_ids(const std::filesystem::path& file);

}  // namespace recokit::inline RECOKIT_ABI
