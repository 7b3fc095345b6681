// SPDX-License-Identifier: Apache-2.0
/** What several families do with weights: experts and norms that are joined, and weights that are looked at before they are left out. */
@NullMarked
package dev.puna.conversion.architecture.weights;

import org.jspecify.annotations.NullMarked;
