// SPDX-License-Identifier: Apache-2.0
/**
 * What operators ask of the server: whether it lives, whether it takes work, and how much it does.
 *
 * <p>Answers under {@code /q/health} and {@code /q/metrics}; nothing in the server depends on it. All names of metrics are in
 * {@link dev.puna.health.Measurements}.
 */
@NullMarked
package dev.puna.health;

import org.jspecify.annotations.NullMarked;
