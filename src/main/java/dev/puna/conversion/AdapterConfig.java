// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion;

import dev.puna.conversion.source.Config;
import dev.puna.conversion.source.ModelFiles;
import dev.puna.failure.InvalidRequest;
import java.util.List;

/**
 * PEFT's adapter_config.json. llama.cpp scales an adapter's product by {@code alpha / rank}, one alpha for all of a file; whatever
 * PEFT scales otherwise is expressed by that number, or by a factor of single weights. What is more than a product of two matrices
 * is refused.
 */
final class AdapterConfig {
    static final String FILE = "adapter_config.json";

    private static final long USUAL_RANK = 8;
    private static final String MERGE =
            "; merge the adapter into its model with PEFT's merge_and_unload, and convert that";
    private static final String ALPHAS = "alpha_pattern";

    /** What must be false, null, empty or not there, and what it means otherwise. */
    private static final List<List<String>> REFUSED = List.of(
            List.of("use_dora", "DoRA scales the weights of the model themselves"),
            List.of("modules_to_save", "whole weights take the place of the model's"),
            List.of("lora_bias", "biases are no product of two matrices"),
            List.of("target_parameters", "parameters of experts are changed as one"),
            List.of("layer_replication", "the model gets more layers"),
            List.of("trainable_token_indices", "single tokens have other embeddings"),
            List.of("use_qalora", "quantised inputs are scaled"),
            List.of("alora_invocation_tokens", "the adapter is switched on by a text"),
            List.of("invocation_string", "the adapter is switched on by a text"));

    /** Ways to begin that change the weights of the model, too. */
    private static final List<String> CHANGED_BASES = List.of("pissa", "olora", "corda", "loftq");

    private final Config config;
    private final double alpha;
    private final long rank;
    private final boolean stabilized;

    private AdapterConfig(Config config) {
        this.config = config;
        this.alpha = config.real("lora_alpha");
        this.rank = config.whole("r", USUAL_RANK);
        this.stabilized = config.bool("use_rslora", false);
    }

    static AdapterConfig read(ModelFiles files) {
        if (!files.has(FILE)) {
            throw new InvalidRequest(
                    "the adapter lacks the file " + FILE + ": give it with the weights, or the whole folder");
        }
        var config = Config.read(files, FILE);
        if (!config.text("peft_type").orElse("LORA").equals("LORA")) {
            throw config.wrong("LORA: other adapters cannot be applied", "peft_type");
        }
        for (var pair : REFUSED) {
            if (config.truthy(pair.getFirst())) {
                throw new InvalidRequest(FILE + ": '" + pair.getFirst() + "' is "
                        + config.find(pair.getFirst()).map(Config::told).orElse("") + ": " + pair.getLast() + MERGE);
            }
        }
        if (!config.find("bias").orElse("none").equals("none")) {
            throw new InvalidRequest(FILE + ": 'bias' is not none: biases are no product of two matrices" + MERGE);
        }
        if (config.find("init_lora_weights").orElse("") instanceof String way
                && CHANGED_BASES.stream().anyMatch(way::startsWith)) {
            throw new InvalidRequest(
                    FILE + ": 'init_lora_weights' is " + way + ", which changes the model, too" + MERGE);
        }
        var adapter = new AdapterConfig(config);
        if (adapter.alpha == 0 || !Float.isFinite((float) adapter.alpha)) {
            throw config.wrong("a number other than 0", "lora_alpha");
        }
        if (adapter.rank < 1) {
            throw config.wrong("1 or more", "r");
        }
        return adapter;
    }

    /** What the file has as its alpha. */
    double alpha() {
        return stabilized ? alpha * Math.sqrt((double) rank) : alpha;
    }

    /** Whether a weight is stored as its transpose. */
    boolean turned() {
        return config.bool("fan_in_fan_out", false);
    }

    /** Refuses a rank that contradicts the config. */
    void requireRank(String tensor, long found) {
        if (found < 1 || (found != rank && !config.truthy("rank_pattern"))) {
            throw new InvalidRequest(
                    "tensor " + tensor + " is of rank " + found + ", but " + FILE + " has " + rank + " as 'r'");
        }
    }

    /**
     * By what a product is to be multiplied so that it has PEFT's scale under the file's alpha.
     *
     * @param module that it belongs to
     */
    double factor(String module, long found) {
        var own = alpha;
        var patterns = config.section(ALPHAS);
        for (var key : patterns.values().keySet()) {
            if (!key.chars().allMatch(letter -> Character.isLetterOrDigit(letter) || "._-".indexOf(letter) >= 0)) {
                throw new InvalidRequest(FILE + ": '" + ALPHAS + "' has the expression '" + key
                        + "', where names of modules are read" + MERGE);
            }
            if (module.equals(key) || module.endsWith("." + key)) {
                own = patterns.real(key);
                break;
            }
        }
        return stabilized ? own * Math.sqrt((double) found) / alpha() : own / alpha;
    }
}
