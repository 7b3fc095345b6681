// SPDX-License-Identifier: Apache-2.0
package dev.puna.gguf;

import dev.puna.failure.InvalidRequest;
import dev.puna.model.ModelFacts.Kind;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Refuses an adapter that does not fit its model, where llama.cpp v0.5.0 would compute nonsense or end the whole process.
 *
 * <p>A LoRA adapter holds for some weights {@code W} of the model two narrow matrices {@code A} and {@code B}, whose product
 * is added to {@code W}. Source of the names and shapes: what llama.cpp's {@code convert_lora_to_gguf.py} writes.
 */
public final class AdapterChecks {
    private static final String A = ".lora_a";
    private static final String B = ".lora_b";
    private static final String IGNORED = "_norm.weight";
    private static final String EMBEDDING = "token_embd.weight";
    private static final String OUTPUT = "output.weight";
    private static final Set<TensorType> TYPES =
            Set.of(TensorType.F32, TensorType.F16, TensorType.BF16, TensorType.Q8_0);

    private final GgufFile adapter;
    private final Map<String, TensorInfo> weights = new HashMap<>();
    private final Map<String, TensorInfo> parts = new HashMap<>();

    private AdapterChecks(GgufFile adapter, Collection<GgufFile> model) {
        this.adapter = adapter;
        model.forEach(file -> file.tensors().forEach(tensor -> weights.put(tensor.name(), tensor)));
        adapter.tensors().forEach(tensor -> parts.put(tensor.name(), tensor));
    }

    /**
     * Looks at the headers only.
     *
     * @param model the file of weights, or all parts of a split one, the first one before the others
     */
    public static void check(GgufFile adapter, Collection<GgufFile> model) {
        var checks = new AdapterChecks(adapter, model);
        checks.kind(model.iterator().next().architecture());
        adapter.tensors().forEach(checks::tensor);
    }

    private void kind(String architecture) {
        if (adapter.facts().kind() != Kind.ADAPTER) {
            throw refusal("it is no adapter");
        }
        if (!adapter.architecture().equals(architecture)) {
            throw refusal(
                    "it is made for models of the architecture %s, and this one is of the architecture %s; use the model that it was trained on"
                            .formatted(adapter.architecture(), architecture));
        }
        if (!adapter.text("adapter.type").orElse("").equals("lora")) {
            throw refusal("only LoRA adapters can be applied");
        }
        if (adapter.metadata().containsKey("adapter.alora.invocation_tokens")) {
            throw refusal("it is to be switched on by a text, which this server cannot do");
        }
    }

    private void tensor(TensorInfo tensor) {
        var name = tensor.name();
        if (name.endsWith(A)) {
            pair(name.substring(0, name.length() - A.length()));
        } else if (name.endsWith(B)) {
            require(parts.containsKey(name.substring(0, name.length() - B.length()) + A), name + " is alone");
        } else {
            require(name.endsWith(IGNORED), "it holds the tensor " + name + ", which belongs to no LoRA adapter");
        }
    }

    private void pair(String name) {
        var a = parts.get(name + A);
        var b = parts.get(name + B);
        var weight = weights.get(name);
        require(weight != null, "the model has no tensor " + name + "; use the model that it was trained on");
        require(a != null && b != null, name + A + " is alone");
        if (a == null || b == null || weight == null) {
            return;
        }
        require(TYPES.contains(a.type()) && TYPES.contains(b.type()), name + " is not of type F32, F16, BF16 or Q8_0");
        var fits = name.equals(EMBEDDING)
                ? a.dimension(1) == weight.dimension(1) && b.dimension(1) == weight.dimension(0)
                : a.dimension(0) == weight.dimension(0) && b.dimension(1) == weight.dimension(1);
        require(
                fits
                        && a.dimension(name.equals(EMBEDDING) ? 0 : 1) == b.dimension(0)
                        && deepAs(a, weight)
                        && deepAs(b, weight),
                "%s has %s and %s for %s; use the model that it was trained on"
                        .formatted(name, a.shape(), b.shape(), weight.shape()));
        // llama.cpp would also apply it to the output, where its matrices do not fit.
        require(
                !name.equals(EMBEDDING) || weights.containsKey(OUTPUT),
                "it changes " + EMBEDDING + ", which this model also uses as its output");
    }

    private static boolean deepAs(TensorInfo part, TensorInfo weight) {
        return part.dimension(2) == weight.dimension(2) && part.dimension(3) == weight.dimension(3);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw refusal(otherwise);
        }
    }

    private static InvalidRequest refusal(String reason) {
        return new InvalidRequest("the adapter does not fit the model: " + reason);
    }
}
