// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A device that can compute, as it is now.
 *
 * @param name llama.cpp's name of it ("CPU", "CUDA0")
 * @param backend the library behind it ("CPU", "CUDA")
 * @param id the same for one piece of hardware that several backends have found; empty if it is not known
 * @param freeBytes memory that is free; the CPU device says all of it, so ask the system instead
 */
public record Device(
        String name, String description, String backend, Type type, String id, long freeBytes, long totalBytes) {
    /** What kind of memory and processor a device has. */
    public enum Type {
        CPU,
        /** With memory of its own. */
        GPU,
        /** Integrated: shares the host's memory. */
        IGPU,
        /** Helps the CPU out with some operations. */
        ACCELERATOR;

        /** Whether models are offloaded to such a device. */
        public boolean isGpu() {
            return this == GPU || this == IGPU;
        }
    }

    public Device {
        requireNonNull(name, "name is null");
        requireNonNull(description, "description is null");
        requireNonNull(backend, "backend is null");
        requireNonNull(type, "type is null");
        requireNonNull(id, "id is null");
    }

    static Device from(JsonNode json) {
        return new Device(
                json.path("name").asText(),
                json.path("description").asText(),
                json.path("backend").asText(),
                switch (json.path("type").asText()) {
                    case "gpu" -> Type.GPU;
                    case "igpu" -> Type.IGPU;
                    case "cpu" -> Type.CPU;
                    default -> Type.ACCELERATOR;
                },
                json.path("id").asText(),
                json.path("memory_free").asLong(),
                json.path("memory_total").asLong());
    }
}
