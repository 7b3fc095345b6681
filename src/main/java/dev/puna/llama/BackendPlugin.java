// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A library that computes on one kind of device, as it was found in the folder of the native libraries.
 *
 * @param file its name in that folder ("libggml-cuda.so")
 * @param devices how many it has brought
 * @param reason why it is not loaded, or has no devices; empty if all is well
 * @param smallBatches whether products of a few rows are kept away from its sgemm
 * @param ownAttention whether attention of steps with few rows is the shim's
 */
public record BackendPlugin(String file, int devices, String reason, boolean smallBatches, boolean ownAttention) {
    private static final String CPU = "libggml-cpu";

    public BackendPlugin {
        requireNonNull(file, "file is null");
        requireNonNull(reason, "reason is null");
    }

    /** Whether anything can be computed with it. */
    public boolean works() {
        return devices > 0;
    }

    /** Whether it computes on the processor. */
    public boolean onCpu() {
        return file.startsWith(CPU);
    }

    /** The instructions it was made for, "zen4" of "libggml-cpu-zen4.so"; empty for one that was made for them all. */
    public String variant() {
        var end = file.lastIndexOf('.');
        return onCpu() && file.length() > CPU.length() && file.charAt(CPU.length()) == '-'
                ? file.substring(CPU.length() + 1, end)
                : "";
    }

    static BackendPlugin from(JsonNode json) {
        return new BackendPlugin(
                json.path("file").asText(),
                json.path("devices").asInt(),
                json.path("reason").asText(),
                json.path("small_batches").asBoolean(),
                json.path("attention").asBoolean());
    }
}
