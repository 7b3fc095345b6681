// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.puna.device.Placement;
import dev.puna.llama.guard.ShimJson;
import dev.puna.llama.settings.CacheType;
import dev.puna.llama.settings.ContextSettings;
import dev.puna.llama.settings.FlashAttention;
import dev.puna.llama.settings.Grammar;
import dev.puna.llama.settings.ModelSettings;
import dev.puna.llama.settings.SamplerSettings;
import dev.puna.support.TestModels;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** What tests of native things share: models, small contexts of one thread, and the plainest of decode loops. */
public final class TestLlama {
    /** The whole model, mapped, on the CPU. */
    public static final ModelSettings WHOLE_MODEL = new ModelSettings(Placement.CPU, true, false);

    private TestLlama() {}

    public static LlamaBackend backend() {
        return LlamaBackend.load(TestModels.nativeLibraries(), BackendChoice.ANY);
    }

    public static LoadedModel open(Path file) {
        return LoadedModel.open(backend(), List.of(file), WHOLE_MODEL, new LoadProgress());
    }

    /** A model that can split text into tokens and nothing else; the caller closes it. */
    public static LoadedModel openVocabulary(Path file) {
        var settings = new ModelSettings(Placement.CPU, true, true);
        return LoadedModel.open(backend(), List.of(file), settings, new LoadProgress());
    }

    public static Context context(LoadedModel model, int cells, int sequences, int batchSize) {
        return model.context(settings(cells, sequences, batchSize, false));
    }

    static ContextSettings settings(int cells, int sequences, int batchSize, boolean embeddings) {
        return new ContextSettings(
                cells,
                sequences,
                batchSize,
                batchSize,
                1,
                1,
                embeddings,
                Optional.empty(),
                CacheType.F16,
                FlashAttention.AUTO);
    }

    /** Ollama's defaults but for the seed, which makes them reproducible. */
    static SamplerSettings seeded(long seed) {
        return options(OptionalLong.of(seed), 0.8f, 40, Optional.empty());
    }

    public static SamplerSettings greedy() {
        return options(OptionalLong.empty(), 0, 40, Optional.empty());
    }

    static SamplerSettings greedy(Grammar grammar) {
        return options(OptionalLong.empty(), 0, 40, Optional.of(grammar));
    }

    static SamplerSettings options(OptionalLong seed, float temperature, int topK, Optional<Grammar> grammar) {
        return new SamplerSettings(seed, temperature, topK, 0.9f, 0, 1, 1, 0, 0, 64, Map.of(), grammar);
    }

    /** Puts tokens into a sequence without sampling. */
    public static StepOutcome fill(Context context, Batch batch, int sequence, int from, int[] tokens) {
        batch.clear();
        for (int i = 0; i < tokens.length; i++) {
            batch.add(tokens[i], from + i, sequence, false);
        }
        return context.step(batch);
    }

    /** Samples one token after a given one; the batch holds the row then. */
    public static int next(Context context, Batch batch, Sampler sampler, int sequence, int position, int token) {
        batch.clear();
        batch.sample(batch.add(token, position, sequence, true), sampler, -1);
        if (context.step(batch) != StepOutcome.DONE) {
            throw new AssertionError("the context has no room, or somebody stopped it");
        }
        return batch.token(0);
    }

    /** Renders a conversation that is given as text. */
    static JsonNode apply(ChatFormat format, String inputsJson) {
        return format.apply((ObjectNode) ShimJson.parse(inputsJson));
    }

    /** The text that follows a prompt in sequence 0 of an empty context, to its end or to a number of tokens. */
    static String generate(LoadedModel model, Context context, SamplerSettings settings, String prompt, int most) {
        var tokens = model.vocabulary().tokenize(prompt, true, true);
        try (var sampler = model.sampler(settings);
                var batch = context.batch(Math.max(tokens.length, 1))) {
            sampler.acceptPrompt(tokens);
            context.clear();
            int last = tokens.length - 1;
            if (last > 0) {
                fill(context, batch, 0, 0, Arrays.copyOf(tokens, last));
            }
            return follow(context, batch, sampler, last, tokens[last], most);
        }
    }

    private static String follow(Context context, Batch batch, Sampler sampler, int position, int token, int most) {
        var text = new ByteArrayOutputStream();
        int current = token;
        for (int i = 0; i < most; i++) {
            current = next(context, batch, sampler, 0, position + i, current);
            if (batch.end(0)) {
                break;
            }
            text.writeBytes(batch.piece(0));
        }
        return text.toString(UTF_8);
    }
}
