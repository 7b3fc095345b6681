// SPDX-License-Identifier: Apache-2.0
package dev.puna.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.failure.Failure;
import dev.puna.failure.NotFound;
import dev.puna.model.Digest;
import dev.puna.registry.PullProgress.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Blobs of an installed model that are got again. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class RepairTest {
    private final byte[] weights = PullsOfTests.random(200_000);

    @TempDir
    Path folder;

    private PullsOfTests puna;
    private Digest digest;

    @BeforeEach
    void pull() {
        puna = new PullsOfTests(folder);
        digest = puna.registry.model("latest", weights).getFirst();
        puna.pull("me/model");
    }

    @AfterEach
    void close() {
        puna.close();
    }

    @Test
    void only_what_is_bad_is_got_again() throws IOException {
        Files.writeString(puna.store.path(digest), "damaged");
        puna.registry.requests().clear();
        var steps = new ArrayList<PullProgress>();

        puna.pulls.repair(puna.repository("me/model"), Set.of(digest)).run(steps::add);

        assertThat(puna.store.path(digest)).hasBinaryContent(weights);
        assertThat(steps).endsWith(Step.DONE);
        assertThat(puna.registry.requests()).hasSize(1);
    }

    @Test
    void a_bad_blob_stays_where_the_registry_has_none() throws IOException {
        Files.writeString(puna.store.path(digest), "damaged");
        puna.registry.damage(digest, "something else".getBytes(UTF_8));

        assertThatThrownBy(() -> puna.pulls
                        .repair(puna.repository("me/model"), Set.of(digest))
                        .run(_ -> {}))
                .isInstanceOf(Failure.class);

        assertThat(puna.store.path(digest)).hasContent("damaged");
    }

    @Test
    void blobs_that_the_model_has_not_are_not_asked_for() {
        puna.registry.requests().clear();

        puna.pulls
                .repair(puna.repository("me/model"), Set.of(Digest.of(new byte[] {1})))
                .run(_ -> {});

        assertThat(puna.registry.requests()).isEmpty();
    }

    @Test
    void a_model_that_is_not_here_is_not_repaired() {
        assertThatThrownBy(() -> puna.pulls
                        .repair(puna.repository("me/other"), Set.of(digest))
                        .run(_ -> {}))
                .isInstanceOf(NotFound.class);
    }
}
