// SPDX-License-Identifier: Apache-2.0
package dev.puna.gguf;

import dev.puna.failure.InvalidRequest;
import dev.puna.model.ModelFacts.Kind;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Refuses metadata that no model can have, where native code would divide by it, index with it or give up on the whole
 * process. The upper bounds are those of llama.cpp v0.5.0 or far above every known model. Source: contract 9.2.
 */
final class ModelChecks {
    private static final Pattern ARCHITECTURE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final long MOST_BLOCKS = 512;
    private static final long MOST_EXPERTS = 1024;
    private static final long WIDEST = 1 << 22;
    private static final long MOST_HEADS = 1 << 16;

    /** Architectures without attention, whose converters write a head count of 0. */
    private static final Set<String> WITHOUT_HEADS =
            Set.of("mamba", "mamba2", "rwkv6", "rwkv6qwen2", "rwkv7", "arwkv7");

    private static final String TOKENS = "tokenizer.ggml.tokens";

    /** Tokenizers that know no token for the begin of a text unless the file names one. */
    private static final Set<String> WITHOUT_BEGIN = Set.of("t5", "rwkv");

    /** Names of projectors that scale every image to one size. */
    private static final Set<String> OF_ONE_SIZE =
            Set.of("mlp", "mlp_norm", "ldp", "ldpv2", "gemma3", "idefics3", "internvl", "llama4", "janus_pro");

    private final GgufFile file;
    private final String architecture;

    private ModelChecks(GgufFile file) {
        this.file = file;
        this.architecture = file.architecture();
    }

    static void check(GgufFile file) {
        var checks = new ModelChecks(file);
        var split = file.split();
        // The first part of a split model may hold nothing but the metadata, and the others hold none.
        if (file.tensors().isEmpty() && !split.map(Split::isFirst).orElse(false)) {
            throw new InvalidRequest("GGUF file has no tensors");
        }
        if (split.map(Split::isFirst).orElse(true)) {
            checks.metadata();
        }
        // What is wrong with an adapter's depends on the model.
        if (FactReader.kind(file) != Kind.ADAPTER) {
            WeightChecks.check(file);
        }
    }

    private void metadata() {
        architecture();
        switch (FactReader.kind(file)) {
            case Kind.MODEL -> model();
            case Kind.PROJECTOR -> projector();
            case Kind.ADAPTER -> adapter();
        }
    }

    private void architecture() {
        requireText("general.type");
        switch (file.metadata().get("general.architecture")) {
            case null -> throw new InvalidRequest("GGUF key general.architecture is missing");
            case GgufValue.Text(var name) when ARCHITECTURE.matcher(name).matches() -> {}
            case GgufValue.Text _ -> throw new InvalidRequest("GGUF key general.architecture is not a name");
            default -> throw new InvalidRequest("GGUF key general.architecture must be a string");
        }
        requireText("tokenizer.chat_template");
        optional("general.file_type", 0, Integer.MAX_VALUE);
    }

    private void model() {
        required("block_count", MOST_BLOCKS);
        required("context_length", Integer.MAX_VALUE);
        required("embedding_length", WIDEST);
        var fewestHeads = WITHOUT_HEADS.contains(architecture) ? 0 : 1;
        perLayer("attention.head_count", fewestHeads, MOST_HEADS);
        perLayer("attention.head_count_kv", 0, MOST_HEADS);
        perLayer("feed_forward_length", 0, WIDEST);
        optional(architecture + ".attention.key_length", 0, WIDEST);
        optional(architecture + ".attention.value_length", 0, WIDEST);
        optional(architecture + ".vocab_size", 0, HeaderParser.LONGEST_ARRAY);
        pooling();
        optional(architecture + ".vision.block_count", 0, MOST_BLOCKS);
        optional(architecture + ".audio.block_count", 0, MOST_BLOCKS);
        optional(architecture + ".expert_count", 0, MOST_EXPERTS);
        var experts = file.whole(architecture + ".expert_count").orElse(0);
        perLayer("expert_used_count", 0, experts);
        HyperParameterChecks.check(file);
        if (file.split().isEmpty()) {
            NeededTensors.check(file);
        }
        tokenizer();
    }

    /** -1, or its bits, leaves the choice to the reader; llama.cpp writes it so. */
    private void pooling() {
        var key = architecture + ".pooling_type";
        if (file.metadata().containsKey(key) && whole(key) != -1 && whole(key) != 0xffff_ffffL) {
            optional(key, 0, 4);
        }
    }

    private void projector() {
        requireText(architecture + ".projector_type");
        requireType(architecture + ".has_vision_encoder", GgufValueType.BOOL);
        requireType(architecture + ".has_audio_encoder", GgufValueType.BOOL);
        requireType(architecture + ".use_gelu", GgufValueType.BOOL);
        requireType(architecture + ".use_silu", GgufValueType.BOOL);
        for (var part : List.of("vision", "audio")) {
            var prefix = architecture + "." + part + ".";
            requireText(prefix + "projector_type");
            requireType(prefix + "attention.layer_norm_epsilon", GgufValueType.FLOAT32);
            size(prefix + "block_count", 0, MOST_BLOCKS);
            var fewest = file.whole(prefix + "block_count").orElse(0) > 0 ? 1 : 0;
            for (var key : List.of(
                    "image_size", "patch_size", "embedding_length", "feed_forward_length", "attention.head_count")) {
                size(prefix + key, fewest, WIDEST);
            }
            size(prefix + "projection_dim", 0, WIDEST);
            for (var key :
                    List.of("projector.scale_factor", "spatial_merge_size", "attention.head_count_kv", "window_size")) {
                size(prefix + key, 0, WIDEST);
            }
            list(prefix + "image_mean", Set.of(GgufValueType.FLOAT32));
            list(prefix + "image_std", Set.of(GgufValueType.FLOAT32));
        }
        positionsOfPatches();
        ProjectorTensors.check(file);
    }

    /** Projectors that take images of one size have a position for each patch of it, and look it up by the patch's number. */
    private void positionsOfPatches() {
        var kind = file.text(architecture + ".projector_type").orElse("");
        var size = file.whole(architecture + ".vision.image_size").orElse(0);
        var patch = file.whole(architecture + ".vision.patch_size").orElse(0);
        if (!OF_ONE_SIZE.contains(kind) || patch == 0) {
            return;
        }
        var patches = (size / patch) * (size / patch);
        for (var tensor : file.tensors()) {
            if (tensor.name().equals("v.position_embd.weight") && tensor.dimension(1) < patches) {
                throw new InvalidRequest("GGUF tensor v.position_embd.weight has %d positions for %d patches"
                        .formatted(tensor.dimension(1), patches));
            }
        }
    }

    /** llama.cpp v0.5.0 ends the process over a projector's or an adapter's value of another type. */
    private void size(String key, long least, long most) {
        requireType(key, GgufValueType.UINT32);
        optional(key, least, most);
    }

    private void adapter() {
        requireText("adapter.type");
        requireType("adapter.lora.alpha", GgufValueType.FLOAT32);
    }

    /** The lists of a vocabulary are read side by side by their common index. */
    private void tokenizer() {
        var tokens = list(TOKENS, Set.of(GgufValueType.STRING));
        if (tokens == 0 && file.metadata().containsKey(TOKENS)) {
            throw new InvalidRequest("GGUF key " + TOKENS + " is empty");
        }
        list("tokenizer.ggml.merges", Set.of(GgufValueType.STRING));
        parallel("tokenizer.ggml.scores", Set.of(GgufValueType.FLOAT32, GgufValueType.INT32), tokens);
        parallel("tokenizer.ggml.token_type", Set.of(GgufValueType.INT32), tokens);
        beginsAndEnds();
        for (var key : file.metadata().keySet()) {
            if (tokens > 0 && key.startsWith("tokenizer.ggml.") && key.endsWith("_token_id")) {
                specialToken(key, tokens);
            }
        }
    }

    /** Tokenizers without tokens of their own for the ends of a text must not be told to add them. */
    private void beginsAndEnds() {
        var kind = file.text("tokenizer.ggml.model").orElse("");
        if (!WITHOUT_BEGIN.contains(kind)) {
            return;
        }
        if (adds("add_bos_token", "bos_token_id") || (kind.equals("rwkv") && adds("add_eos_token", "eos_token_id"))) {
            throw new InvalidRequest(
                    "GGUF file adds a token at the begin or end of texts and does not say which: tokenizer.ggml.bos_token_id or eos_token_id is missing");
        }
    }

    private boolean adds(String flag, String token) {
        var prefix = "tokenizer.ggml.";
        var id = file.whole(prefix + token).orElse(-1);
        return file.bool(prefix + flag).orElse(false) && (id == -1 || id == 0xffff_ffffL);
    }

    private void specialToken(String key, long tokens) {
        var value = whole(key);
        // -1, or its bits, is how converters write "none".
        if (value != -1 && value != 0xffff_ffffL) {
            range(key, value, 0, tokens - 1);
        }
    }

    /** The length of a list, 0 when it is missing. */
    private long list(String key, Set<GgufValueType> types) {
        return switch (file.metadata().get(key)) {
            case null -> 0;
            case GgufValue.Items items when types.contains(items.elementType()) -> items.count();
            default ->
                throw new InvalidRequest("GGUF key %s must be an array of %s"
                        .formatted(
                                key,
                                types.stream().sorted().map(GgufValueType::name).collect(Collectors.joining(" or "))));
        };
    }

    private void parallel(String key, Set<GgufValueType> types, long tokens) {
        var count = list(key, types);
        if (file.metadata().containsKey(key) && count < tokens) {
            throw new InvalidRequest("GGUF key %s has %d entries for %d tokens".formatted(key, count, tokens));
        }
    }

    private void required(String name, long most) {
        var key = architecture + "." + name;
        if (!file.metadata().containsKey(key)) {
            throw new InvalidRequest("GGUF key " + key + " is missing");
        }
        range(key, whole(key), 1, most);
    }

    private void optional(String key, long least, long most) {
        if (file.metadata().containsKey(key)) {
            range(key, whole(key), least, most);
        }
    }

    /** One number, or one for each layer: then some may be 0, since layers differ in kind. */
    private void perLayer(String name, long least, long most) {
        var key = architecture + "." + name;
        if (!(file.metadata().get(key) instanceof GgufValue.Items items)) {
            optional(key, least, most);
            return;
        }
        if (!items.elementType().isWhole() || items.elements().isEmpty()) {
            throw new InvalidRequest("GGUF key %s must hold at most %d whole numbers".formatted(key, MOST_BLOCKS));
        }
        for (var element : items.elements().get()) {
            range(key, number(key, element), 0, most);
        }
    }

    private void requireText(String key) {
        if (file.metadata().containsKey(key) && file.text(key).isEmpty()) {
            throw new InvalidRequest("GGUF key " + key + " must be a string");
        }
    }

    private void requireType(String key, GgufValueType type) {
        var value = file.metadata().get(key);
        if (value != null && value.type() != type) {
            throw new InvalidRequest("GGUF key " + key + " must be of type " + type);
        }
    }

    private long whole(String key) {
        return number(key, file.metadata().get(key));
    }

    private static long number(String key, @Nullable GgufValue value) {
        if (value instanceof GgufValue.Whole whole) {
            return whole.number() instanceof Long number ? number : Long.MAX_VALUE;
        }
        throw new InvalidRequest("GGUF key " + key + " must be a whole number");
    }

    private static void range(String key, long value, long least, long most) {
        if (value < least || value > most) {
            throw new InvalidRequest("GGUF key %s is out of range: %d (%d to %d)".formatted(key, value, least, most));
        }
    }
}
