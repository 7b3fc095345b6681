// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling;

/**
 * How much is going on.
 *
 * @param waiting requests that wait for a model
 * @param loaded models in memory
 * @param active leases that are open
 */
public record Occupancy(int waiting, int loaded, int active) {}
