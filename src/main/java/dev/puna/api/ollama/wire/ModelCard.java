// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The answer of {@code /api/show}; empty parts are left out. Source: contract 1.8.
 *
 * @param license every licence, one after the other
 * @param modelfile a Modelfile that would make this model again
 * @param parameters a line for each parameter
 * @param template the template that prompts are made with
 * @param system what the model is told first
 * @param details what it is
 * @param messages what every conversation starts with
 * @param modelInfo metadata of the weights by key, sorted
 * @param projectorInfo metadata of the file that turns images into embeddings; null if there is none
 * @param tensors the weights, without their numbers
 * @param capabilities what it can do
 * @param thinking which values of {@code think} it has; null where that is not known
 * @param modifiedAt when its manifest was written
 * @param requires the lowest version of the server that can run it
 * @param manifests the manifests of the name where there are several
 * @param adapters what changes the weights, for the option of that name
 */
public record ModelCard(
        @JsonInclude(JsonInclude.Include.NON_EMPTY) String license,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) String modelfile,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) String parameters,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) String template,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) String system,
        ModelDetails details,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Message> messages,
        @JsonProperty("model_info") Map<String, @Nullable Object> modelInfo,

        @JsonProperty("projector_info") @JsonInclude(JsonInclude.Include.NON_EMPTY) @Nullable
        Map<String, @Nullable Object> projectorInfo,

        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Tensor> tensors,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> capabilities,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable ThinkingValues thinking,
        @JsonProperty("modified_at") OffsetDateTime modifiedAt,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) String requires,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Variant> manifests,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Adapter> adapters) {
    public ModelCard {
        messages = List.copyOf(messages);
        modelInfo = Collections.unmodifiableMap(new LinkedHashMap<>(modelInfo));
        projectorInfo = projectorInfo == null ? null : Collections.unmodifiableMap(new LinkedHashMap<>(projectorInfo));
        tensors = List.copyOf(tensors);
        capabilities = List.copyOf(capabilities);
        manifests = List.copyOf(manifests);
        adapters = List.copyOf(adapters);
    }

    /**
     * One of several manifests of the name that are here.
     *
     * @param digest of the manifest
     * @param runner what can run it
     * @param format of its weights
     * @param selected whether it is the one that is shown
     */
    public record Variant(String digest, String runner, String format, boolean selected) {}

    /**
     * One adapter.
     *
     * @param id its place among them
     * @param name that its file has, else its digest
     * @param digest of its file
     */
    public record Adapter(int id, String name, String digest) {}

    /**
     * A turn that every conversation starts with.
     *
     * @param role who speaks
     * @param content what is said
     */
    public record Message(String role, String content) {}

    /**
     * The values of {@code think} that a model has.
     *
     * @param values truths and names of levels
     * @param usual which of them is taken when a request does not say
     */
    public record ThinkingValues(
            List<Object> values, @JsonProperty("default") Object usual) {
        public ThinkingValues {
            values = List.copyOf(values);
        }
    }

    /**
     * One tensor.
     *
     * @param name its name in the file
     * @param type format of its elements, {@code Q4_K}
     * @param shape elements in each dimension, fastest first
     */
    public record Tensor(String name, String type, List<Long> shape) {
        public Tensor {
            shape = List.copyOf(shape);
        }
    }
}
