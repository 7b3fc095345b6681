// SPDX-License-Identifier: Apache-2.0
package dev.puna.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.failure.InvalidRequest;
import dev.puna.failure.StoreFailure;
import dev.puna.model.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PartialBlobTest {
    private static final int LENGTH = 1_000;
    private static final int PART = 300;

    private final byte[] content = new byte[LENGTH];

    @TempDir
    private Path folder;

    private Digest digest;
    private Blobs blobs;
    private StoreGuard guard;

    @BeforeEach
    void open() {
        new Random(1).nextBytes(content);
        digest = Digest.of(content);
        guard = StoreGuard.of(folder);
        blobs = new Blobs(folder, guard);
    }

    @Test
    void parts_in_any_order_make_the_blob() {
        try (var blob = partial()) {
            for (var part : List.of(2, 0, 3, 1)) {
                assertThat(blob.hash(Long.MAX_VALUE)).isFalse();
                fill(blob, part, blob.missing(part));
            }
            blob.commit();
        }

        assertThat(blobs.path(digest)).hasBinaryContent(content);
        assertThat(folder.toFile().list()).containsExactly(digest.fileName());
    }

    @Test
    void what_was_written_is_there_when_it_is_opened_again() {
        try (var blob = partial()) {
            fill(blob, 1, 100);
            fill(blob, 3, 100);
        }

        try (var blob = partial()) {
            assertThat(blob.isResumed()).isTrue();
            assertThat(blob.written()).isEqualTo(200);
            assertThat(blob.position(1)).isEqualTo(400);
            assertThat(blob.missing(3)).isZero();
            for (var part = 0; part < blob.parts(); part++) {
                fill(blob, part, blob.missing(part));
            }
            blob.commit();
        }

        assertThat(blobs.path(digest)).hasBinaryContent(content);
    }

    @Test
    void wrong_bytes_are_thrown_away_and_can_be_written_anew() {
        try (var blob = partial()) {
            content[500]++;
            fillAll(blob);
            assertThatThrownBy(blob::commit)
                    .isInstanceOf(InvalidRequest.class)
                    .hasMessageStartingWith("digest mismatch, file must be downloaded again: want " + digest);
            content[500]--;
            fillAll(blob);
            blob.commit();
        }

        assertThat(blobs.path(digest)).hasBinaryContent(content);
    }

    @Test
    void who_leaves_before_anything_has_come_leaves_nothing() {
        partial().close();

        assertThat(folder.toFile().list()).isEmpty();
    }

    @Test
    void a_blob_without_bytes_is_one() {
        digest = Digest.of(new byte[0]);
        try (var blob = PartialBlob.open(blobs, guard, digest, 0, PART)) {
            assertThat(blob.parts()).isZero();
            blob.commit();
        }

        assertThat(blobs.path(digest)).isEmptyFile();
    }

    @Test
    void one_at_a_time_writes_it() {
        try (var _ = partial()) {
            assertThatThrownBy(this::partial)
                    .isInstanceOf(StoreFailure.class)
                    .hasMessageContaining("another process is pulling");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 7, 8, 23, 24, 30, 31, 32, 47})
    void a_note_that_is_cut_or_wrong_counts_as_none(int at) throws IOException {
        try (var blob = partial()) {
            fill(blob, 0, 200);
        }
        var state = folder.resolve(digest.fileName() + "-pull-state");
        var bytes = Files.readAllBytes(state);
        if (at < bytes.length) {
            bytes[at] ^= (byte) 0x80;
        }
        Files.write(state, bytes);

        try (var blob = partial()) {
            assertThat(blob.written()).isIn(0L, 72L, 200L);
            fillAll(blob);
            assertThat(blob.written()).isEqualTo(LENGTH);
        }
    }

    @Test
    void a_note_without_content_counts_as_none() throws IOException {
        try (var blob = partial()) {
            fill(blob, 0, 200);
        }
        Files.delete(folder.resolve(digest.fileName() + "-pull"));

        try (var blob = partial()) {
            assertThat(blob.written()).isZero();
        }
    }

    @Test
    void a_prune_removes_only_what_nobody_has_gone_on_with_for_a_week() throws IOException {
        try (var blob = partial()) {
            fill(blob, 0, 200);
        }
        age(Duration.ofDays(6));
        assertThat(prune()).isZero();

        age(Duration.ofDays(8));
        assertThat(prune()).isEqualTo(2);
        assertThat(folder.toFile().list()).isEmpty();
    }

    private PartialBlob partial() {
        return PartialBlob.open(blobs, guard, digest, LENGTH, PART);
    }

    private void fillAll(PartialBlob blob) {
        for (var part = 0; part < blob.parts(); part++) {
            fill(blob, part, blob.missing(part));
        }
    }

    private void fill(PartialBlob blob, int part, long count) {
        blob.write(part, ByteBuffer.wrap(content, (int) blob.position(part), (int) count));
    }

    private void age(Duration age) throws IOException {
        try (var files = Files.list(folder)) {
            for (var file : files.toList()) {
                Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(age)));
            }
        }
    }

    private int prune() {
        var unneeded = blobs.unneeded(PruneAges.USUAL, Set.of());
        unneeded.forEach(one -> blobs.remove(one.file()));
        return unneeded.size();
    }
}
