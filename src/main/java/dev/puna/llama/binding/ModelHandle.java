// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama.binding;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.puna.llama.binding.generated.Native;
import dev.puna.llama.binding.generated.llama_model_params;
import dev.puna.tokenization.SpecialToken;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * A {@code llama_model} with its vocabulary.
 *
 * <p><b>Owns</b> the model and its adapters. <b>Threads:</b> any may read; nobody may while it closes. <b>Close</b> comes after that of
 * every handle made from it.
 */
public final class ModelHandle implements AutoCloseable {
    /** Unknown, control and user-defined tokens. Source: llama.h, llama_token_attr; llama-vocab.cpp, cache_special_tokens. */
    private static final int FOUND_FIRST = 1 | 1 << 3 | 1 << 4;

    private static final int STRIPS_LEFT = 1 << 7;
    /** Room for the control tokens of most vocabularies. */
    private static final int SOME_TOKENS = 8_192;

    private final Arena arena;
    private final String name;
    private final MemorySegment model;
    private final MemorySegment vocabulary;
    private final List<MemorySegment> adapters = new CopyOnWriteArrayList<>();

    private ModelHandle(Arena arena, String name, MemorySegment model) {
        this.arena = arena;
        this.name = name;
        this.model = model;
        this.vocabulary = Native.llama_model_get_vocab(model);
    }

    static ModelHandle load(List<Path> files, ModelParameters parameters, LoadMonitor monitor) {
        var name = String.valueOf(files.getFirst().getFileName());
        try (var call = new CallFrame()) {
            var paths = call.texts(files.stream().map(Path::toString).toList());
            var layers =
                    parameters.layers().stream().mapToInt(Integer::intValue).toArray();
            var model = Native.puna_model_load(
                    paths,
                    files.size(),
                    parameters(call.memory(), parameters),
                    call.texts(parameters.devices()),
                    call.integers(layers),
                    layers.length,
                    monitor.state(),
                    call.error());
            if (model.address() == 0) {
                throw call.failureToMake(
                        "load model", name, "libllama returned no model", "check that the file is a complete GGUF");
            }
            var arena = Arena.ofShared();
            return new ModelHandle(arena, name, Ownership.bind(model, arena, Native::llama_model_free));
        }
    }

    public LoadedModelFacts facts() {
        return new LoadedModelFacts(
                Native.llama_vocab_n_tokens(vocabulary),
                Native.llama_vocab_bos(vocabulary),
                Native.llama_vocab_eos(vocabulary),
                Native.llama_vocab_sep(vocabulary),
                Native.llama_vocab_get_add_bos(vocabulary),
                Native.llama_vocab_get_add_eos(vocabulary),
                Native.llama_vocab_get_add_sep(vocabulary),
                fillIn(),
                Native.llama_model_n_embd_out(model),
                Native.llama_model_n_cls_out(model),
                Native.llama_model_is_recurrent(model) || Native.llama_model_is_hybrid(model),
                Native.llama_model_n_swa(model));
    }

    private LoadedModelFacts.FillInTokens fillIn() {
        return new LoadedModelFacts.FillInTokens(
                Native.llama_vocab_fim_pre(vocabulary),
                Native.llama_vocab_fim_suf(vocabulary),
                Native.llama_vocab_fim_mid(vocabulary),
                Native.llama_vocab_fim_rep(vocabulary),
                Native.llama_vocab_fim_sep(vocabulary));
    }

    /** All metadata of the file but its arrays: a JSON object of strings. */
    public String metadataJson() {
        try (var call = new CallFrame()) {
            return call.result(Native.puna_model_metadata(model), "read the metadata of", name, "");
        }
    }

    /** The tokens that a text names by their own text, wherever that stands, before anything else is looked for in it. */
    public List<SpecialToken> specialTexts() {
        var special = new ArrayList<SpecialToken>();
        for (var token : marked(FOUND_FIRST)) {
            var text = CText.borrow(Native.llama_vocab_get_text(vocabulary, token));
            if (text != null && !text.isEmpty()) {
                var stripsLeft = (Native.llama_vocab_get_attr(vocabulary, token) & STRIPS_LEFT) != 0;
                special.add(new SpecialToken(text, stripsLeft));
            }
        }
        return special;
    }

    /** The tokens that end an answer. */
    public int[] endsOfAnswers() {
        return marked(0);
    }

    /** Asked for in one call: a vocabulary has a quarter of a million tokens. */
    private int[] marked(int attributes) {
        try (var call = new CallFrame()) {
            int room = SOME_TOKENS;
            while (true) {
                var tokens = call.memory().allocate(JAVA_INT, room);
                int count = Native.puna_marked_tokens(vocabulary, attributes, tokens, room);
                if (count <= room) {
                    return tokens.asSlice(0, JAVA_INT.byteSize() * count).toArray(JAVA_INT);
                }
                room = count;
            }
        }
    }

    public int[] tokenize(byte[] utf8, boolean addSpecial, boolean parseSpecial) {
        try (var call = new CallFrame()) {
            var text = call.bytes(utf8);
            // A byte seldom makes more than one token: a second call is the exception.
            int room = utf8.length + 8;
            while (true) {
                var tokens = call.memory().allocate(JAVA_INT, room);
                int count = Native.puna_tokenize(
                        vocabulary, text, utf8.length, tokens, room, addSpecial, parseSpecial, call.error());
                if (count >= 0) {
                    return tokens.asSlice(0, JAVA_INT.byteSize() * count).toArray(JAVA_INT);
                }
                room = needed(count, call, "split into tokens with");
            }
        }
    }

    /**
     * The bytes that tokens stand for, maybe ending inside a character.
     *
     * @param special whether control tokens give their names, else nothing
     */
    public byte[] detokenize(int[] tokens, boolean special) {
        try (var call = new CallFrame()) {
            var input = call.integers(tokens);
            int room = 16 + 8 * tokens.length;
            while (true) {
                var text = call.memory().allocate(room);
                int length =
                        Native.puna_detokenize(vocabulary, input, tokens.length, text, room, special, call.error());
                if (length >= 0) {
                    return text.asSlice(0, length).toArray(JAVA_BYTE);
                }
                room = needed(length, call, "put tokens together with");
            }
        }
    }

    /** Adds a LoRA adapter, which lives as long as the model; contexts made from now on compute with it at full strength at first. */
    public void adapt(Path file) {
        try (var call = new CallFrame()) {
            var adapter = Native.puna_adapter_load(model, call.text(file.toString()), call.error());
            if (adapter.address() == 0) {
                throw call.failureToMake(
                        "apply adapter", String.valueOf(file.getFileName()), "libllama returned none", "");
            }
            adapters.add(adapter);
        }
    }

    public ContextHandle context(ContextParameters parameters) {
        return ContextHandle.open(this, parameters);
    }

    public SamplerHandle sampler(String json) {
        return SamplerHandle.open(this, json);
    }

    /** A chat format from Jinja source, or from the model's own if there is none. */
    public ChatHandle chat(@Nullable String template) {
        return ChatHandle.open(this, template);
    }

    MemorySegment model() {
        return model;
    }

    /** The adapters that contexts compute with. */
    List<MemorySegment> adapters() {
        return adapters;
    }

    /** The file's name, for messages. */
    String name() {
        return name;
    }

    @Override
    public void close() {
        arena.close();
    }

    private int needed(int result, CallFrame call, String tried) {
        if (result == Integer.MIN_VALUE) {
            throw call.failure(tried, name, "the result is too long", "");
        }
        return -result;
    }

    private static MemorySegment parameters(Arena arena, ModelParameters given) {
        var parameters = Native.llama_model_default_params(arena);
        llama_model_params.load_mode(
                parameters, given.memoryMap() ? Native.LLAMA_LOAD_MODE_AUTO() : Native.LLAMA_LOAD_MODE_NONE());
        llama_model_params.vocab_only(parameters, given.vocabularyOnly());
        return parameters;
    }
}
