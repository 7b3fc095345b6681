// SPDX-License-Identifier: Apache-2.0
package dev.puna.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.failure.InvalidRequest;
import dev.puna.failure.StoreFailure;
import dev.puna.model.Digest;
import dev.puna.model.MediaTypes;
import dev.puna.model.ModelName;
import dev.puna.support.TestStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Contract 1.9; what is kept of a mismatch is nothing: departure 5. */
class PendingBlobTest {
    private static final Digest HELLO = Digest.of("hello".getBytes(UTF_8));

    @TempDir
    Path folder;

    private TestStore models;
    private ModelStore store;

    @BeforeEach
    void open() {
        models = new TestStore(folder);
        store = models.store();
    }

    @Test
    void an_upload_in_pieces_becomes_a_blob_that_all_may_read() throws IOException {
        try (var upload = store.beginUpload(HELLO)) {
            upload.write("hel".getBytes(UTF_8));
            upload.write(ByteBuffer.allocateDirect(2).put("lo".getBytes(UTF_8)).flip());
            assertThat(upload.written()).isEqualTo(5);
            assertThat(store.contains(HELLO)).isFalse();
            upload.commit();
        }

        assertThat(store.contains(HELLO)).isTrue();
        assertThat(store.path(HELLO)).hasContent("hello");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(store.path(HELLO))))
                .isEqualTo("rw-r--r--");
        assertThat(models.blobs()).containsExactly(HELLO.fileName());
    }

    @Test
    void a_linked_file_keeps_its_rights_and_is_checked() throws IOException {
        var file = Files.writeString(store.path(HELLO).resolve("../../user").normalize(), "hello");
        var rights = Files.getPosixFilePermissions(file);
        try (var upload = store.beginUpload(HELLO)) {
            assertThat(upload.link(file)).isTrue();
            upload.commit();
        }
        assertThat(Files.isSameFile(store.path(HELLO), file)).isTrue();
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(rights);

        var zeros = Digest.parse("sha256:" + "0".repeat(64));
        try (var upload = store.beginUpload(zeros)) {
            assertThat(upload.link(file)).isTrue();
            assertThatThrownBy(upload::commit).isInstanceOf(InvalidRequest.class);
        }
        try (var upload = store.beginUpload(zeros)) {
            assertThat(upload.link(file.resolveSibling("missing"))).isFalse();
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-r--"));
            assertThat(upload.link(file)).as("others may write it").isFalse();
        }
        assertThat(models.blobs()).containsExactly(HELLO.fileName());
        assertThat(file).hasContent("hello");
    }

    @Test
    void a_blob_may_be_empty() {
        assertThat(store.path(models.blob(""))).isEmptyFile();
    }

    @Test
    void nothing_is_kept_of_what_does_not_match_its_digest() {
        var zeros = Digest.parse("sha256:" + "0".repeat(64));
        try (var upload = store.beginUpload(zeros)) {
            upload.write("hello".getBytes(UTF_8));
            assertThatThrownBy(upload::commit)
                    .isInstanceOf(InvalidRequest.class)
                    .hasMessage("digest mismatch, expected \"%s\", got \"%s\"".formatted(zeros, HELLO));
        }

        assertThat(models.blobs()).isEmpty();
    }

    @Test
    void nothing_is_kept_of_an_upload_that_breaks_off() {
        try (var upload = store.beginUpload(HELLO)) {
            upload.write("hel".getBytes(UTF_8));
            assertThat(models.blobs()).hasSize(1).doesNotContain(HELLO.fileName());
        }

        assertThat(models.blobs()).isEmpty();
    }

    @Test
    void an_upload_that_has_ended_takes_nothing_more() {
        var upload = store.beginUpload(HELLO);
        upload.close();
        upload.close();

        assertThatThrownBy(() -> upload.write(new byte[1])).isInstanceOf(StoreFailure.class);
        assertThatThrownBy(upload::commit).isInstanceOf(StoreFailure.class);
    }

    @Test
    void two_uploads_of_one_digest_do_not_disturb_each_other() {
        try (var first = store.beginUpload(HELLO);
                var second = store.beginUpload(HELLO)) {
            first.write("hel".getBytes(UTF_8));
            second.write("hello".getBytes(UTF_8));
            second.commit();
            first.write("lo".getBytes(UTF_8));
            first.commit();
        }

        assertThat(store.path(HELLO)).hasContent("hello");
        assertThat(models.blobs()).containsExactly(HELLO.fileName());
    }

    @Test
    void a_good_upload_survives_a_bad_one_of_the_same_digest() {
        try (var good = store.beginUpload(HELLO);
                var bad = store.beginUpload(HELLO)) {
            good.write("hello".getBytes(UTF_8));
            bad.write("jello".getBytes(UTF_8));
            good.commit();
            assertThatThrownBy(bad::commit).isInstanceOf(InvalidRequest.class);
        }

        assertThat(store.path(HELLO)).hasContent("hello");
    }

    @Test
    void a_fresh_upload_is_not_deleted_before_a_model_can_name_it() {
        models.create("a", "hello");
        assertThat(models.blob("hello")).isEqualTo(HELLO);

        store.delete(ModelName.parse("a"));

        assertThat(store.contains(HELLO)).isTrue();
    }

    @Test
    void what_is_held_is_not_deleted() {
        models.create("another", "weights");
        models.create("a", "hello");
        try (var hold = store.hold(List.of(HELLO))) {
            store.delete(ModelName.parse("a"));
            hold.add(List.of(HELLO));
            assertThat(store.contains(HELLO)).isTrue();
        }
        TestStore.age(store.path(HELLO), Duration.ofHours(2));

        assertThat(store.prune()).isEqualTo(1);
        assertThat(store.contains(HELLO)).isFalse();
    }

    @Test
    void bytes_may_come_in_any_order() {
        try (var upload = store.beginUpload(HELLO)) {
            upload.write(3, ByteBuffer.wrap("lo".getBytes(UTF_8)));
            upload.write(0, ByteBuffer.wrap("hex".getBytes(UTF_8)));
            upload.write(2, ByteBuffer.wrap("l".getBytes(UTF_8)));
            assertThat(upload.written()).isEqualTo(5);
            assertThat(upload.commit()).isEqualTo(HELLO);
        }

        assertThat(store.path(HELLO)).hasContent("hello");
    }

    @Test
    void what_was_written_in_order_may_be_written_again() {
        try (var upload = store.beginUpload(HELLO)) {
            upload.write("jello".getBytes(UTF_8));
            upload.write(0, ByteBuffer.wrap("h".getBytes(UTF_8)));
            upload.commit();
        }

        assertThat(store.path(HELLO)).hasContent("hello");
    }

    @Test
    void a_gap_is_a_mismatch() {
        try (var upload = store.beginUpload(HELLO)) {
            upload.write(0, ByteBuffer.wrap("he".getBytes(UTF_8)));
            upload.write(4, ByteBuffer.wrap("o".getBytes(UTF_8)));
            assertThatThrownBy(upload::commit).isInstanceOf(InvalidRequest.class);
        }

        assertThat(models.blobs()).isEmpty();
    }

    @Test
    void a_file_that_something_else_writes_becomes_a_blob_of_what_it_holds() throws IOException {
        models.create("another", "weights");
        try (var pending = store.beginUnnamed()) {
            assertThat(pending.path()).isEmptyFile();
            Files.delete(pending.path());
            Files.writeString(pending.path(), "hello");
            assertThat(pending.commit()).isEqualTo(HELLO);
        }
        assertThat(store.path(HELLO)).hasContent("hello");

        TestStore.age(store.path(HELLO), Duration.ofHours(2));
        assertThat(store.prune()).isZero();
    }

    @Test
    void nothing_is_left_of_a_file_that_is_not_committed() {
        try (var pending = store.beginUnnamed()) {
            assertThat(models.blobs()).hasSize(1);
            assertThat(pending.written()).isZero();
        }

        assertThat(models.blobs()).isEmpty();
    }

    @Test
    void small_content_is_written_once() {
        var first = store.writeBlob(MediaTypes.SYSTEM, "hello".getBytes(UTF_8));
        var second = store.writeBlob(MediaTypes.SYSTEM, "hello".getBytes(UTF_8));

        assertThat(first.status()).isEqualTo("creating new layer " + HELLO);
        assertThat(second.status()).isEqualTo("using existing layer " + HELLO);
        assertThat(second.layer()).isEqualTo(first.layer());
    }
}
