// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine;

/**
 * Something that models can run on.
 *
 * @param name the backend's short name ("CPU", "CUDA0")
 * @param description the maker's name
 * @param gpu whether it has memory of its own to load layers into
 * @param freeBytes memory free now; for the CPU what the system can give without swapping
 * @param totalBytes memory in all
 */
public record ComputeDevice(String name, String description, boolean gpu, long freeBytes, long totalBytes) {}
