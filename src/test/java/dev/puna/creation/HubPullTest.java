// SPDX-License-Identifier: Apache-2.0
package dev.puna.creation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.conversion.ConversionCase;
import dev.puna.conversion.GgufDump;
import dev.puna.creation.CreationProgress.Converting;
import dev.puna.creation.CreationProgress.Pulling;
import dev.puna.creation.CreationProgress.Step;
import dev.puna.engine.Quantizer;
import dev.puna.failure.Cancelled;
import dev.puna.failure.Failure;
import dev.puna.failure.InvalidRequest;
import dev.puna.failure.RegistryFailure;
import dev.puna.model.Digest;
import dev.puna.model.ModelName;
import dev.puna.registry.PullProgress;
import dev.puna.store.ModelStore;
import dev.puna.support.FakeHub;
import dev.puna.support.FakeRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Pulls of repositories that have safetensors and no GGUF. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HubPullTest {
    private static final ConversionCase MODEL = HubPullsOfTests.MODEL;
    private static final String WEIGHTS = "model.safetensors";

    private final List<CreationProgress> told = Collections.synchronizedList(new ArrayList<>());

    @TempDir
    private Path folder;

    private HubPullsOfTests pulls;
    private FakeRegistry registry;
    private FakeHub hub;
    private ModelStore store;

    @BeforeEach
    void open() throws IOException {
        pulls = new HubPullsOfTests(folder);
        registry = pulls.registry;
        hub = pulls.hub;
        store = pulls.store;
    }

    @AfterEach
    void close() {
        pulls.close();
    }

    @Test
    void the_model_is_converted_under_the_name_that_was_asked_for() throws IOException {
        hub.add("onnx/model.onnx", new byte[10]);
        hub.add("pytorch_model.bin", new byte[10]);
        hub.add("trainer_state.json", new byte[10]);

        pull("me/llama-3.2").run(told::add);

        var made = store.find(name("latest")).orElseThrow();
        var size = Files.size(made.modelFile());
        var weights = hub.file(WEIGHTS);
        assertThat(GgufDump.of(made.modelFile())).isEqualTo(MODEL.expected());
        assertThat(told)
                .startsWith(new Pulling(PullProgress.Step.PULLING_MANIFEST))
                .contains(new Pulling(new PullProgress.Blob(Digest.of(weights), weights.length, weights.length)))
                .containsSubsequence(
                        new Converting("model", size, 0), new Converting("model", size, size), Step.WRITING_MANIFEST)
                .endsWith(Step.DONE);
        assertThat(made.parameters()).containsEntry("temperature", 0.6);
        assertThat(registry.requests())
                .noneMatch(request ->
                        request.contains("onnx") || request.contains(".bin") || request.contains("trainer_state"));
    }

    @Test
    void nothing_of_what_it_was_made_of_stays() throws IOException {
        pull("me/llama-3.2").run(told::add);

        assertThat(store.path(Digest.of(hub.file(WEIGHTS)))).doesNotExist();
        assertThat(store.path(Digest.of(hub.file("config.json")))).doesNotExist();
    }

    @Test
    void the_tag_is_the_type_of_the_weights() {
        var types = new ArrayList<Integer>();

        pull("me/llama-3.2:q8_0", (from, to, type, _) -> {
                    types.add(type.fileType());
                    copy(from.getFirst(), to);
                })
                .run(told::add);

        assertThat(types).containsExactly(7);
        assertThat(store.find(name("q8_0"))).isPresent();
        assertThat(store.find(name("latest"))).isEmpty();
    }

    @Test
    void another_tag_is_refused_before_anything_comes() {
        assertThatThrownBy(() -> pull("me/llama-3.2:v1.0").run(told::add))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageStartingWith(
                        "me/llama-3.2 has no GGUF but is converted, so that its tag is the type to quantise"
                                + " to, or none: unsupported quantization type V1.0");

        assertThat(registry.requests()).hasSize(1);
    }

    @Test
    void an_architecture_that_is_not_supported_is_refused_before_the_weights_come() {
        hub.add("config.json", "{\"architectures\":[\"NobodysModel\"]}".getBytes(UTF_8));

        assertThatThrownBy(() -> pull("me/llama-3.2").run(told::add))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageStartingWith("models of the architecture NobodysModel cannot be converted; supported are: ");

        assertThat(registry.requests()).noneMatch(request -> request.contains("/model.safetensors"));
        assertThat(registry.requestsFor(Digest.of(hub.file(WEIGHTS)))).isZero();
    }

    @Test
    void a_repository_without_safetensors_says_what_it_has() {
        hub.remove(WEIGHTS);
        assertRefused("me/llama-3.2:latest has neither GGUF nor safetensors (model*.safetensors)");

        hub.add("pytorch_model.bin", new byte[10]);
        assertRefused("its weights are pickles of PyTorch");

        hub.add(WEIGHTS, new byte[10]);
        hub.remove("config.json");
        assertRefused("me/llama-3.2:latest has neither GGUF nor a config.json");
    }

    @Test
    void what_a_registry_refuses_otherwise_stays_refused() {
        assertThatThrownBy(() -> pull("me/other").run(told::add))
                .isInstanceOf(RegistryFailure.class)
                .hasMessage("pull model manifest: file does not exist");

        assertThat(registry.requests()).hasSize(1);
    }

    @Test
    void weights_have_to_be_what_their_digest_says() {
        var weights = hub.file(WEIGHTS);
        registry.damage(Digest.of(weights), new byte[weights.length]);

        assertRefused("digest mismatch");

        assertThat(store.find(name("latest"))).isEmpty();
        assertThat(store.contains(Digest.of(weights))).isFalse();
    }

    @Test
    void a_small_file_has_to_be_what_Git_says() {
        var other = new FakeRegistry();
        try (other) {
            other.planTimes(1, "/config.json", exchange -> {
                other.answer(exchange, 200, new byte[hub.file("config.json").length]);
                return true;
            });
            var damaged = new FakeHub(other, "me/llama-3.2");
            List.of("config.json", WEIGHTS).forEach(name -> damaged.add(name, hub.file(name)));

            assertThatThrownBy(() -> pulls.pull(other.host(), "me/llama-3.2", HubPullsOfTests.nothing())
                            .run(told::add))
                    .hasMessage("config.json of me/llama-3.2 came damaged: pull again");
        }
    }

    @Test
    void a_cancelled_pull_keeps_what_has_come_and_the_next_one_goes_on() throws Exception {
        var weights = hub.file(WEIGHTS);
        var half = weights.length / 2;
        var over = new CountDownLatch(1);
        registry.planTimes(1, "/storage/", exchange -> {
            exchange.getResponseHeaders()
                    .set("Content-Range", "bytes 0-%d/%d".formatted(weights.length - 1, weights.length));
            exchange.sendResponseHeaders(206, weights.length);
            exchange.getResponseBody().write(weights, 0, half);
            exchange.getResponseBody().flush();
            await(over);
            return true;
        });
        var job = pull("me/llama-3.2");
        var ended = begin(() -> job.run(step -> {
            if (step instanceof Pulling(PullProgress.Blob(var digest, var _, var done))
                    && digest.equals(Digest.of(weights))
                    && done >= half) {
                job.cancel();
            }
        }));

        assertThatThrownBy(() -> ended.get(20, TimeUnit.SECONDS)).hasCauseInstanceOf(Cancelled.class);
        over.countDown();
        assertThat(store.find(name("latest"))).isEmpty();
        pull("me/llama-3.2").run(told::add);

        assertThat(registry.requests())
                .anyMatch(request -> request.endsWith("bytes=%d-%d".formatted(half, weights.length - 1)));
        assertThat(GgufDump.of(store.find(name("latest")).orElseThrow().modelFile()))
                .isEqualTo(MODEL.expected());
    }

    @Test
    void who_wants_the_same_at_the_same_time_shares_it() throws Exception {
        var service = pulls.service(HubPullsOfTests.nothing());
        var first = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        registry.planTimes(1, "/storage/", _ -> {
            first.countDown();
            await(go);
            return false;
        });
        var one =
                begin(() -> pulls.pull(service, registry.host(), "me/llama-3.2").run(told::add));
        assertThat(first.await(20, TimeUnit.SECONDS)).isTrue();
        var steps = Collections.synchronizedList(new ArrayList<CreationProgress>());
        var joined = new CountDownLatch(2);
        var other =
                begin(() -> pulls.pull(service, registry.host(), "me/llama-3.2").run(step -> {
                    steps.add(step);
                    joined.countDown();
                }));
        assertThat(joined.await(20, TimeUnit.SECONDS)).isTrue();
        go.countDown();
        CompletableFuture.allOf(one, other).get(30, TimeUnit.SECONDS);

        assertThat(steps).endsWith(Step.DONE);
        assertThat(registry.requests())
                .filteredOn(request -> request.startsWith("GET /api/models/"))
                .hasSize(1);
    }

    @Test
    void shards_are_those_of_the_index_and_nothing_else() throws IOException {
        var sharded = new FakeRegistry();
        try (sharded) {
            var model = new FakeHub(sharded, "me/llama-3.2");
            for (var name : List.of("config.json", "tokenizer.json", "tokenizer_config.json")) {
                if (hub.file(name).length > 0) {
                    model.add(name, hub.file(name));
                }
            }
            model.add("model-00001-of-00001.safetensors", hub.file(WEIGHTS));
            model.add("model-copy.safetensors", hub.file(WEIGHTS));
            model.add(
                    "model.safetensors.index.json",
                    "{\"weight_map\":{\"x\":\"../../secret.safetensors\"}}".getBytes(UTF_8));

            assertThatThrownBy(() -> pulls.pull(sharded.host(), "me/llama-3.2", HubPullsOfTests.nothing())
                            .run(told::add))
                    .isInstanceOf(InvalidRequest.class)
                    .hasMessageEndingWith("lacks the file ../../secret.safetensors, which its index names");
            assertThat(sharded.requests()).noneMatch(request -> request.contains("secret"));
        }
    }

    private void assertRefused(String message) {
        assertThatThrownBy(() -> pull("me/llama-3.2").run(told::add))
                .isInstanceOf(Failure.class)
                .hasMessageContaining(message);
    }

    private ModelName name(String tag) {
        return pulls.name(tag);
    }

    private ModelPull pull(String model) {
        return pull(model, HubPullsOfTests.nothing());
    }

    private ModelPull pull(String model, Quantizer quantizer) {
        return pulls.pull(registry.host(), model, quantizer);
    }

    private static CompletableFuture<Void> begin(Runnable work) {
        return CompletableFuture.runAsync(work, task -> Thread.ofVirtual().start(task));
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void copy(Path from, Path to) {
        try {
            var bytes = Files.readAllBytes(from);
            bytes[bytes.length - 1]++;
            Files.write(to, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
