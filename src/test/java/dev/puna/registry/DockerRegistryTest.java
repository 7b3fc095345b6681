// SPDX-License-Identifier: Apache-2.0
package dev.puna.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.failure.Cancelled;
import dev.puna.model.Digest;
import dev.puna.registry.PushProgress.Blob;
import dev.puna.registry.PushProgress.Step;
import dev.puna.support.DockerRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Models at a registry that knows nothing of models. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DockerRegistryTest {
    @TempDir
    private Path folder;

    private PullsOfTests puna;
    private DockerRegistry registry;

    @BeforeEach
    void start() throws Exception {
        registry = DockerRegistry.start(folder);
        puna = new PullsOfTests(folder, registry.host());
    }

    @AfterEach
    void stop() {
        if (registry != null) {
            registry.close();
            puna.close();
        }
    }

    @Test
    void what_is_pushed_there_is_pulled_from_there() {
        var weights = PullsOfTests.random(150_000_000);
        var digest = puna.install("me/model", weights).getFirst();
        var before = puna.store.find(puna.name("me/model")).orElseThrow();

        assertThat(puna.push("me/model")).endsWith(Step.DONE);
        puna.store.delete(before.name());
        puna.pull("me/model");

        assertThat(puna.store.find(before.name()).orElseThrow().digest()).isEqualTo(before.digest());
        assertThat(Digest.of(weights)).isEqualTo(digest);
        assertThat(puna.store.path(digest)).hasBinaryContent(weights);
    }

    @Test
    void a_push_that_was_cancelled_ends_well_the_next_time() {
        var weights = PullsOfTests.random(150_000_000);
        var digest = puna.install("me/model", weights).getFirst();
        var job = puna.pushJob("me/model");

        assertThatThrownBy(() -> job.run(step -> {
                    if (step instanceof Blob(var blob, var _, var done) && blob.equals(digest) && done > 0) {
                        job.cancel();
                    }
                }))
                .isInstanceOf(Cancelled.class);
        assertThat(puna.push("me/model")).endsWith(Step.DONE);

        puna.store.delete(puna.name("me/model"));
        assertThat(new ArrayList<>(puna.pull("me/model"))).endsWith(PullProgress.Step.DONE);
    }

    @Test
    void a_blob_of_another_model_is_taken_from_there() {
        puna.install("me/base", PullsOfTests.random(1_000_000));
        puna.push("me/base");
        puna.installFrom("me/model", PullsOfTests.random(1_000_000), "me/base");

        assertThat(puna.push("me/model")).endsWith(Step.DONE);
    }
}
