// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.wire;

import static java.util.Objects.requireNonNull;

import dev.puna.engine.EmbeddingRequest;
import dev.puna.engine.EngineSpec;
import dev.puna.engine.GenerationRequest;
import dev.puna.engine.RankRequest;
import dev.puna.model.IntList;
import dev.puna.model.WeightPlan;
import java.nio.file.Path;
import java.util.List;

/** What the server says to the process of a model. A call is a number that the server chose, which all answers to it carry. */
public sealed interface ToRunner {
    /** Which call this belongs to; 0 if to none. */
    long call();

    /**
     * The first message.
     *
     * @param version {@link Protocol#PROTOCOL_VERSION} of the server
     */
    record Hello(int version) implements ToRunner {
        @Override
        public long call() {
            return 0;
        }
    }

    /** What is there to compute on? Answered by {@link FromRunner.Devices}. */
    record Devices(long call) implements ToRunner {}

    /** Load a model. Answered by {@link FromRunner.Progress}, then {@link FromRunner.Loaded} or {@link FromRunner.Failed}. */
    record Load(long call, EngineSpec spec) implements ToRunner {
        public Load {
            requireNonNull(spec, "spec is null");
        }
    }

    /**
     * Write a model with other weights. Answered by {@link FromRunner.Progress}, then {@link FromRunner.Done} or {@link FromRunner.Failed}.
     *
     * @param files the GGUF file, or all parts of a split one in order
     * @param output where to write it
     * @param plan what the weights become
     * @param threads threads that compute
     */
    record Quantize(long call, List<Path> files, Path output, WeightPlan plan, int threads) implements ToRunner {
        public Quantize {
            files = List.copyOf(files);
            requireNonNull(output, "output is null");
            requireNonNull(plan, "plan is null");
        }
    }

    /** Generate. Answered by {@link FromRunner.Prepared} and {@link FromRunner.Event}s, as many as there is credit for. */
    record Generate(long call, GenerationRequest request) implements ToRunner {
        public Generate {
            requireNonNull(request, "request is null");
        }
    }

    /**
     * More events may be sent.
     *
     * @param events how many more
     */
    record Credit(long call, int events) implements ToRunner {}

    /** The generation of that number is not wanted any more. */
    record Cancel(long call) implements ToRunner {}

    /** Answered by {@link FromRunner.Embeddings}. */
    record Embed(long call, EmbeddingRequest request) implements ToRunner {
        public Embed {
            requireNonNull(request, "request is null");
        }
    }

    /** Answered by {@link FromRunner.Ranks}. */
    record Rank(long call, RankRequest request) implements ToRunner {
        public Rank {
            requireNonNull(request, "request is null");
        }
    }

    /** What text would be put before the model? Answered by {@link FromRunner.Text}. */
    record Render(long call, GenerationRequest request) implements ToRunner {
        public Render {
            requireNonNull(request, "request is null");
        }
    }

    /** How many tokens has the prompt? Answered by {@link FromRunner.Count}. */
    record Count(long call, GenerationRequest request) implements ToRunner {
        public Count {
            requireNonNull(request, "request is null");
        }
    }

    /**
     * Answered by {@link FromRunner.Tokens}.
     *
     * @param addSpecial whether with the tokens that the model wants around every text
     */
    record Tokenize(long call, String text, boolean addSpecial) implements ToRunner {
        public Tokenize {
            requireNonNull(text, "text is null");
        }
    }

    /** Answered by {@link FromRunner.Bytes}. */
    record Detokenize(long call, List<Integer> tokens) implements ToRunner {
        public Detokenize {
            tokens = IntList.copyOf(tokens);
        }
    }

    /** Keep what is to be kept, and end. Not answered. */
    record End(long call) implements ToRunner {}

    /** Are you there? Answered by {@link FromRunner.Pong}. */
    record Ping(long call) implements ToRunner {}
}
