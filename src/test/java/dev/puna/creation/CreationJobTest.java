// SPDX-License-Identifier: Apache-2.0
package dev.puna.creation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.creation.CreationProgress.Layer;
import dev.puna.creation.CreationProgress.Step;
import dev.puna.failure.Cancelled;
import dev.puna.failure.InvalidRequest;
import dev.puna.failure.QueueFull;
import dev.puna.failure.RegistryFailure;
import dev.puna.model.ModelName;
import dev.puna.model.WeightRules;
import dev.puna.store.ModelStore;
import dev.puna.support.TestServer;
import dev.puna.support.TinyModels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class CreationJobTest {
    private static final ModelName MADE = ModelName.parse("made");

    private final List<CreationProgress> told = new ArrayList<>();
    private final ModelStore store;
    private final CreationService creations;

    CreationJobTest(@TempDir Path folder) {
        store = ModelStore.open(folder);
        new TinyModels(store).generative("base");
        creations = new CreationService(
                store,
                (_, _, _, _) -> {
                    throw new AssertionError("nothing is to be quantised");
                },
                TestServer.loopbackOnly(store));
    }

    @Test
    void a_model_is_there_when_the_last_step_is_told() {
        creations.job(MADE, from("base", List.of())).run(step -> {
            told.add(step);
            assertThat(store.find(MADE).isPresent()).isEqualTo(step == Step.DONE);
        });

        assertThat(store.find(MADE).orElseThrow().system()).contains("Be brief.");
        assertThat(told).endsWith(Step.WRITING_MANIFEST, Step.DONE);
        assertThat(told).filteredOn(Layer.class::isInstance).isNotEmpty();
    }

    @Test
    void a_job_that_is_cancelled_before_the_manifest_is_written_leaves_no_model() {
        var job = creations.job(MADE, from("base", List.of()));

        assertThatThrownBy(() -> job.run(step -> {
                    if (step == Step.WRITING_MANIFEST) {
                        job.cancel();
                    }
                }))
                .isInstanceOf(Cancelled.class);

        assertThat(store.find(MADE)).isEmpty();
    }

    @Test
    void a_job_that_is_done_stays_done() {
        var job = creations.job(MADE, from("base", List.of()));
        job.run(told::add);

        job.cancel();

        assertThat(store.find(MADE)).isPresent();
    }

    @Test
    void callers_who_want_the_same_share_it_and_are_told_of_every_step() throws Exception {
        var second = creations.job(MADE, from("base", List.of()));
        var toldSecond = new LinkedBlockingQueue<CreationProgress>();
        var follower = new CompletableFuture<Void>();

        creations.job(MADE, from("base", List.of())).run(step -> {
            told.add(step);
            if (told.size() == 1) {
                follow(second, toldSecond, follower);
                // The first step is told to one who joins late, too.
                assertThat(poll(toldSecond)).isEqualTo(step);
            }
        });

        follower.get(10, TimeUnit.SECONDS);
        assertThat(toldSecond).containsExactlyElementsOf(told.subList(1, told.size()));
    }

    @Test
    void as_many_as_there_may_be_run_and_the_next_one_is_told_to_come_back() throws Exception {
        var followers = new ArrayList<CompletableFuture<Void>>();
        var refused = creations.job(MADE, from("base", List.of()));

        creations.job(MADE, from("base", List.of())).run(step -> {
            if (followers.isEmpty()) {
                for (var i = 1; i < SharedCreations.MOST_JOBS; i++) {
                    var follower = new CompletableFuture<Void>();
                    var heard = new LinkedBlockingQueue<CreationProgress>();
                    follow(creations.job(MADE, from("base", List.of())), heard, follower);
                    poll(heard);
                    followers.add(follower);
                }
                assertThatThrownBy(() -> refused.run(told::add))
                        .isInstanceOf(QueueFull.class)
                        .hasMessageContaining("64 requests to create models are under way; try again later");
            }
        });

        for (var follower : followers) {
            follower.get(10, TimeUnit.SECONDS);
        }
        refused.run(told::add);
        assertThat(told).endsWith(Step.DONE);
    }

    @Test
    void one_who_leaves_does_not_end_it_for_the_others() throws Exception {
        var first = creations.job(MADE, from("base", List.of()));
        var second = creations.job(MADE, from("base", List.of()));
        var toldSecond = new LinkedBlockingQueue<CreationProgress>();
        var follower = new CompletableFuture<Void>();

        first.run(step -> {
            told.add(step);
            follow(second, toldSecond, follower);
            poll(toldSecond);
            first.cancel();
        });

        follower.get(10, TimeUnit.SECONDS);
        assertThat(told).hasSize(1);
        assertThat(toldSecond).endsWith(Step.DONE);
        assertThat(store.find(MADE)).isPresent();
    }

    @Test
    void what_all_have_left_leaves_no_model() throws Exception {
        var first = creations.job(MADE, from("base", List.of()));
        var second = creations.job(MADE, from("base", List.of()));
        var toldSecond = new LinkedBlockingQueue<CreationProgress>();
        var follower = new CompletableFuture<Void>();

        assertThatThrownBy(() -> first.run(step -> {
                    follow(second, toldSecond, follower);
                    poll(toldSecond);
                    first.cancel();
                    second.cancel();
                }))
                .isInstanceOf(Cancelled.class);

        assertThatThrownBy(() -> follower.get(10, TimeUnit.SECONDS)).hasCauseInstanceOf(Cancelled.class);
        assertThat(store.find(MADE)).isEmpty();
        creations.job(MADE, from("base", List.of())).run(told::add);
        assertThat(store.find(MADE)).isPresent();
    }

    @Test
    void what_fails_fails_for_all() throws Exception {
        var second = creations.job(MADE, from("nowhere", List.of()));
        var toldSecond = new LinkedBlockingQueue<CreationProgress>();
        var follower = new CompletableFuture<Void>();

        assertThatThrownBy(() -> creations.job(MADE, from("nowhere", List.of())).run(step -> {
                    follow(second, toldSecond, follower);
                    poll(toldSecond);
                }))
                .isInstanceOf(RegistryFailure.class);

        assertThatThrownBy(() -> follower.get(10, TimeUnit.SECONDS)).hasCauseInstanceOf(RegistryFailure.class);
    }

    private static void follow(CreationJob job, BlockingQueue<CreationProgress> told, CompletableFuture<Void> outcome) {
        Thread.ofVirtual().start(() -> {
            try {
                job.run(told::add);
                outcome.complete(null);
            } catch (RuntimeException failure) {
                outcome.completeExceptionally(failure);
            }
        });
    }

    private static CreationProgress poll(BlockingQueue<CreationProgress> told) {
        try {
            return Objects.requireNonNull(told.poll(10, TimeUnit.SECONDS), "nothing was told");
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void what_starts_from_nothing_is_refused_and_so_are_licences_without_end() {
        assertThatThrownBy(() -> creations.job(MADE, from("", List.of())).run(told::add))
                .isInstanceOf(InvalidRequest.class)
                .hasMessage("neither 'from' or 'files' was specified");
        assertThatThrownBy(() -> from("base", Collections.nCopies(1025, "MIT")))
                .isInstanceOf(InvalidRequest.class)
                .hasMessage("too many licenses: 1025 (at most 1024)");
    }

    private static CreationRequest from(String model, List<String> licenses) {
        return new CreationRequest(
                model,
                Optional.empty(),
                Map.of(),
                Map.of(),
                "",
                "",
                WeightRules.NONE,
                "",
                licenses,
                "Be brief.",
                Map.of(),
                List.of(),
                "",
                "",
                "",
                List.of(),
                Map.of());
    }
}
