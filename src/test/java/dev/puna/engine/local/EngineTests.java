// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.puna.chat.Image;
import dev.puna.chat.Message;
import dev.puna.chat.Thinking;
import dev.puna.device.Placement;
import dev.puna.engine.Engine;
import dev.puna.engine.EngineLoader;
import dev.puna.engine.EngineSpec;
import dev.puna.engine.GenerationEvent;
import dev.puna.engine.GenerationRequest;
import dev.puna.engine.Loading;
import dev.puna.engine.ModelFiles;
import dev.puna.engine.OutputFormat;
import dev.puna.engine.Prompt;
import dev.puna.engine.TokenLogprob;
import dev.puna.engine.remote.RemoteEngineLoader;
import dev.puna.model.AdapterScales;
import dev.puna.model.GenerationOptions;
import dev.puna.support.TestModelFiles;
import dev.puna.support.TestModels;
import dev.puna.support.TestPrompts;
import dev.puna.support.TestRunners;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** What the tests of real engines share: loading, asking, waiting. */
final class EngineTests {

    /** More than 300 tokens of text. */
    static final String STORY =
            "Once upon a time there was a fox who lived in the old forest near the river. ".repeat(20);

    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(90);

    private EngineTests() {}

    static Engine load(Path file, int contextLength, int sequences) {
        return load(file, contextLength, sequences, 512);
    }

    static Engine load(Path file, int contextLength, int sequences, int batchSize) {
        return load(TestModelFiles.of(List.of(file)), contextLength, sequences, batchSize);
    }

    /** An engine on one thread of the CPU; {@code contextLength} in tokens for each sequence, {@code batchSize} in tokens. */
    static Engine load(ModelFiles files, int contextLength, int sequences, int batchSize) {
        return load(loader(), files, contextLength, sequences, batchSize);
    }

    /** The same in this process in any case, for what others are compared with: starting a process takes seconds. */
    static Engine loadHere(Path file, int contextLength, int sequences, int batchSize) {
        var loader = new NativeEngineLoader(TestModels.nativeLibraries());
        return load(loader, TestModelFiles.of(List.of(file)), contextLength, sequences, batchSize);
    }

    private static Engine load(EngineLoader loader, ModelFiles files, int contextLength, int sequences, int batchSize) {
        var spec = new EngineSpec(
                "test", files, contextLength, sequences, batchSize, 1, Placement.CPU, true, "f16", "auto", 0);
        return loader.load(spec, Loading.create());
    }

    /** Loads into this process or, where the build runs the tests a second time, with {@code -Dpuna.engine=process}, into others. */
    static EngineLoader loader() {
        return inProcesses()
                ? new RemoteEngineLoader(TestRunners.ofThisClassPath(), TestModels.nativeLibraries())
                : new NativeEngineLoader(TestModels.nativeLibraries());
    }

    static boolean inProcesses() {
        return "process".equals(System.getProperty("puna.engine"));
    }

    static Answer ask(Engine engine, GenerationRequest request) {
        var events = engine.generate(request).collect().asList().await().atMost(LONGEST_ANSWER);
        var text = new StringBuilder();
        var logprobs = new ArrayList<TokenLogprob>();
        for (var event : events) {
            if (event instanceof GenerationEvent.Text piece) {
                text.append(piece.piece());
                logprobs.addAll(piece.logprobs());
            }
        }
        return new Answer(text.toString(), logprobs, (GenerationEvent.Finished) events.getLast());
    }

    /** How long it takes from now until the engine works on so many requests; an hour if it never does. */
    static Duration untilActive(Engine engine, int requests) {
        assumeFalse(inProcesses(), "only the process of a model knows on how many it works");
        var start = System.nanoTime();
        for (var i = 0; i < 5_000; i++) {
            if (((NativeEngine) engine).activeRequests() == requests) {
                return Duration.ofNanos(System.nanoTime() - start);
            }
            LockSupport.parkNanos(1_000_000);
        }
        return Duration.ofHours(1);
    }

    public static Question raw(String text) {
        return new Question(new Prompt.Raw(text));
    }

    public static Question raw(String text, byte[]... images) {
        return new Question(
                new Prompt.Raw(text, Arrays.stream(images).map(Image::new).toList()));
    }

    static Question chat(String text) {
        return conversation(List.of(Message.of("user", text)));
    }

    static Question conversation(List<Message> messages) {
        return new Question(TestPrompts.conversation(messages));
    }

    static Question after(List<Integer> context) {
        var messages = List.of(Message.of("user", "Go on."));
        return new Question(
                new Prompt.Conversation(messages, List.of(), Thinking.UNSET, Optional.empty(), "", context));
    }

    record Answer(String text, List<TokenLogprob> logprobs, GenerationEvent.Finished finished) {}

    /** A request under construction: greedy unless a seed is given. */
    static final class Question {
        private final Prompt prompt;
        private OptionalLong seed = OptionalLong.empty();
        private float temperature;
        private List<String> stop = List.of();
        private int tokens = 16;
        private OutputFormat format = new OutputFormat.Free();
        private boolean truncate = true;
        private boolean shift = true;
        private boolean context;
        private Map<Integer, Float> biases = Map.of();
        private boolean ignoreEos;
        private OptionalInt logprobs = OptionalInt.empty();
        private AdapterScales adapters = AdapterScales.ALL;

        Question(Prompt prompt) {
            this.prompt = prompt;
        }

        Question seed(long value) {
            seed = OptionalLong.of(value);
            temperature = 1;
            return this;
        }

        Question greedy() {
            temperature = 0;
            return this;
        }

        Question stop(String... values) {
            stop = List.of(values);
            return this;
        }

        Question tokens(int most) {
            tokens = most;
            return this;
        }

        Question format(OutputFormat wanted) {
            format = wanted;
            return this;
        }

        Question truncate(boolean allowed) {
            truncate = allowed;
            return this;
        }

        Question shift(boolean allowed) {
            shift = allowed;
            return this;
        }

        Question withContext() {
            context = true;
            return this;
        }

        Question bias(int token, float value) {
            return biases(Map.of(token, value));
        }

        Question biases(Map<Integer, Float> values) {
            biases = Map.copyOf(values);
            return this;
        }

        Question ignoringEos() {
            ignoreEos = true;
            return this;
        }

        Question logprobs(int alternatives) {
            logprobs = OptionalInt.of(alternatives);
            return this;
        }

        Question adapters(Float... scales) {
            adapters = new AdapterScales(List.of(scales));
            return this;
        }

        GenerationRequest request() {
            var options = new GenerationOptions(
                    temperature, 40, 0.9f, 0, 1, 64, 1, 0, 0, seed, tokens, 4, stop, biases, ignoreEos);
            return new GenerationRequest(prompt, options, format, truncate, shift, context, false, logprobs)
                    .withAdapters(adapters);
        }
    }

    /** Subscribes and asks for nothing. */
    static final class Idle implements Subscriber<GenerationEvent> {
        private @Nullable Subscription subscription;

        @Override
        public void onSubscribe(Subscription given) {
            subscription = given;
        }

        void cancel() {
            if (subscription != null) {
                subscription.cancel();
            }
        }

        @Override
        public void onNext(GenerationEvent item) {}

        @Override
        public void onError(Throwable failure) {}

        @Override
        public void onComplete() {}
    }
}
