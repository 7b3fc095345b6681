// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.wire;

import static java.util.Objects.requireNonNull;

import dev.puna.device.ComputeDevice;
import dev.puna.engine.EmbeddingResult;
import dev.puna.engine.EngineFacts;
import dev.puna.engine.EngineMemory;
import dev.puna.engine.GenerationEvent;
import dev.puna.engine.RankResult;
import dev.puna.engine.StepClock;
import dev.puna.failure.Failure;
import dev.puna.model.IntList;
import java.util.Arrays;
import java.util.List;

/** What the process of a model says to the server. */
public sealed interface FromRunner {
    /** Which of the server's calls this answers; 0 if none. */
    long call();

    /**
     * The first message.
     *
     * @param version {@link Protocol#PROTOCOL_VERSION} of the process
     */
    record Hello(int version) implements FromRunner {
        @Override
        public long call() {
            return 0;
        }
    }

    /** What there is to compute on, the CPU last. */
    record Devices(long call, List<ComputeDevice> devices) implements FromRunner {
        public Devices {
            devices = List.copyOf(devices);
        }
    }

    /**
     * How far a load or a quantisation is.
     *
     * @param fraction from 0 to 1
     */
    record Progress(long call, double fraction) implements FromRunner {
        public Progress {
            if (!(fraction >= 0 && fraction <= 1)) {
                throw new IllegalArgumentException("a part of " + fraction);
            }
        }
    }

    /** The model is ready. */
    record Loaded(long call, EngineFacts facts, EngineMemory memory) implements FromRunner {
        public Loaded {
            requireNonNull(facts, "facts is null");
            requireNonNull(memory, "memory is null");
        }
    }

    /** What was asked for is done, and there is nothing to say about it. */
    record Done(long call) implements FromRunner {}

    /**
     * The prompt of a generation has been made.
     *
     * @param bytes of memory that the generation holds on to or will want at its end
     */
    record Prepared(long call, long bytes) implements FromRunner {
        public Prepared {
            if (bytes < 0) {
                throw new IllegalArgumentException(bytes + " bytes");
            }
        }
    }

    /** What happened in a generation. */
    record Event(long call, GenerationEvent event) implements FromRunner {
        public Event {
            requireNonNull(event, "event is null");
        }
    }

    /** A generation is over. */
    record Ended(long call) implements FromRunner {}

    /**
     * A call, and a generation with it, ended thus.
     *
     * @param failure crosses with its kind, its text of at most 65,536 chars, and its fields, but without its cause
     */
    record Failed(long call, Failure failure) implements FromRunner {
        public Failed {
            requireNonNull(failure, "failure is null");
        }
    }

    /** One vector for each input. */
    record Embeddings(long call, EmbeddingResult result) implements FromRunner {
        public Embeddings {
            requireNonNull(result, "result is null");
        }
    }

    /** One score for each document. */
    record Ranks(long call, RankResult result) implements FromRunner {
        public Ranks {
            requireNonNull(result, "result is null");
        }
    }

    /** A prompt as text. */
    record Text(long call, String text) implements FromRunner {
        public Text {
            requireNonNull(text, "text is null");
        }
    }

    /** How many, as far as an {@code int} goes. */
    record Count(long call, long number) implements FromRunner {
        public Count {
            if (number < 0 || number > Integer.MAX_VALUE) {
                throw new IllegalArgumentException("a count of " + number);
            }
        }
    }

    /** A text as tokens. */
    record Tokens(long call, List<Integer> tokens) implements FromRunner {
        public Tokens {
            tokens = IntList.copyOf(tokens);
        }
    }

    /**
     * What tokens stand for.
     *
     * @param bytes handed over, not copied
     */
    record Bytes(long call, byte[] bytes) implements FromRunner {
        public Bytes {
            requireNonNull(bytes, "bytes is null");
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Bytes that && call == that.call && Arrays.equals(bytes, that.bytes);
        }

        @Override
        public int hashCode() {
            return 31 * Arrays.hashCode(bytes) + Long.hashCode(call);
        }

        @Override
        public String toString() {
            return "Bytes[call=" + call + ", " + bytes.length + " bytes]";
        }
    }

    /**
     * Here I am.
     *
     * @param step that is under way
     */
    record Pong(long call, StepClock.Step step) implements FromRunner {
        public Pong {
            requireNonNull(step, "step is null");
        }
    }
}
