// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import static dev.puna.engine.local.EngineTests.ask;
import static dev.puna.engine.local.EngineTests.raw;
import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.engine.Engine;
import dev.puna.engine.ModelFiles;
import dev.puna.engine.OutputFormat;
import dev.puna.engine.TokenLogprob;
import dev.puna.engine.local.EngineTests.Answer;
import dev.puna.support.TestGguf;
import dev.puna.support.TestImages;
import dev.puna.support.TinyGguf;
import dev.puna.support.TinyProjector;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Models that see but have learnt nothing: loading them, asking them about images, and comparing what they answer. */
final class TinyVisionModels {
    static final byte[] RED = TestImages.png(1);
    static final byte[] BLUE = TestImages.png(2);

    /** 150 pairs of letters: an answer of 302 characters with its quotation marks. */
    static final OutputFormat LETTERS =
            new OutputFormat.Schema("{\"type\":\"string\",\"pattern\":\"^([a-m][n-z]){150}$\"}");

    /** How much the first token's log probability of the same answer may differ. */
    private static final double NOISE = 0.005;

    private final Path folder;

    /** What the projector and the weights are of. */
    enum Family {
        GEMMA,
        LLAVA,
        QWEN;

        TestGguf projector() {
            return switch (this) {
                case GEMMA -> TinyProjector.gemma(7);
                case LLAVA -> TinyProjector.llava(7);
                case QWEN -> TinyProjector.qwen(7);
            };
        }

        TestGguf model() {
            return switch (this) {
                case GEMMA, LLAVA -> TinyGguf.llama(1);
                case QWEN -> TinyGguf.qwen2vl(1);
            };
        }
    }

    /** Writes the models to {@code folder}. */
    TinyVisionModels(Path folder) {
        this.folder = folder;
    }

    Engine load(Family family, int context) {
        return load(family, context, 4);
    }

    /** {@code context} is the number of tokens that each of {@code sequences} may hold. */
    Engine load(Family family, int context, int sequences) {
        var projector = family.projector().writeTo(folder.resolve("eyes.gguf"));
        var files = new ModelFiles(List.of(weights(family.model())), List.of(), Optional.of(projector));
        return EngineTests.load(files, context, sequences, 64);
    }

    /** A model without a projector. */
    Engine loadBlind() {
        return EngineTests.load(weights(TinyGguf.llama(1)), 512, 1, 64);
    }

    private Path weights(TestGguf weights) {
        return weights.writeTo(folder.resolve("model.gguf"));
    }

    static Answer see(Engine engine, String text, byte[]... images) {
        return ask(engine, raw(text, images).tokens(24).logprobs(0).request());
    }

    /** The same but for what the order of additions changes, which depends on who else is in a batch. */
    static void assertSame(Answer one, Answer other) {
        assertThat(distance(one, other)).isLessThan(NOISE);
    }

    static void assertDifferent(Answer one, Answer other) {
        assertThat(distance(one, other)).isGreaterThan(NOISE);
    }

    /** The log probabilities of the answer's tokens, in their order. */
    static List<Double> certainty(Answer answer) {
        assertThat(answer.logprobs()).isNotEmpty();
        return answer.logprobs().stream().map(TokenLogprob::logprob).toList();
    }

    private static double distance(Answer one, Answer other) {
        return Math.abs(certainty(one).getFirst() - certainty(other).getFirst());
    }
}
