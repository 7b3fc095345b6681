// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.prefix;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.model.Digest;
import dev.puna.support.SmallDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files of prefixes as they were written, and as somebody else has left them. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PrefixStoreTest {
    private static final Digest KEY = Digest.of("a model".getBytes(UTF_8));
    private static final Digest OTHER = Digest.of("another model".getBytes(UTF_8));
    private static final int[] TOKENS = IntStream.range(0, 300).toArray();
    private static final byte[] STATE = bytes(5, 100_000);

    @TempDir
    Path home;

    private Path folder;

    @BeforeEach
    void make() throws IOException {
        folder = Files.createDirectory(home.resolve("own"));
    }

    @Test
    void what_was_written_is_read_by_the_next_process() throws IOException {
        assertThat(store(KEY).write(TOKENS, parts(STATE), () -> false)).isTrue();

        var later = store(KEY);
        var found = later.all().getFirst();

        assertThat(found.tokens().text()).isEqualTo(TOKENS);
        assertThat(found.stateBytes()).isEqualTo(STATE.length);
        assertThat(read(later, found)).isEqualTo(STATE);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(found.file())))
                .isEqualTo("rw-------");
        assertThat(store(OTHER).all()).isEmpty();
    }

    @Test
    void a_byte_that_changed_anywhere_makes_a_file_useless_and_it_goes() throws IOException {
        var whole = written();
        var places = IntStream.concat(
                IntStream.of(8, 39, 40, 43, 44, 51, 52, whole.length - 1, whole.length - 33),
                new Random(1).ints(200, 8, whole.length));
        for (var place : places.toArray()) {
            var changed = whole.clone();
            changed[place] ^= 1;
            Files.write(file(), changed);

            assertUseless("byte " + place);
        }
    }

    @Test
    void one_that_was_cut_or_has_grown_is_useless_and_goes() throws IOException {
        var whole = written();
        for (var size : new int[] {0, 7, 8, 51, 52, 600, 1300, whole.length - 33, whole.length - 1, whole.length + 1}) {
            Files.write(file(), Arrays.copyOf(whole, size));

            assertUseless(size + " bytes");
        }
    }

    @Test
    void one_of_another_version_or_model_is_left_alone() throws IOException {
        var whole = written();
        var version = whole.clone();
        version[7]++;
        Files.write(file(), version);
        assertThat(store(KEY).all()).isEmpty();
        assertThat(file()).exists();

        Files.delete(file());
        store(OTHER).write(TOKENS, parts(STATE), () -> false);
        Files.move(only(), file());
        assertThat(store(KEY).all()).isEmpty();
        assertThat(file()).exists();
    }

    @Test
    void one_that_is_swapped_after_it_was_seen_is_not_used() throws IOException {
        written();
        var store = store(KEY);
        var seen = store.all().getFirst();
        Files.delete(seen.file());
        var others = TOKENS.clone();
        others[299]++;
        store(KEY).write(others, parts(STATE), () -> false);
        Files.move(only(), seen.file());

        assertThat(store.read(seen, parts(new byte[STATE.length]))).isFalse();
        assertThat(store.all()).isEmpty();
    }

    @Test
    void one_that_somebody_else_could_have_made_is_not_read() throws IOException {
        written();
        Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-rw----"));
        assertThat(store(KEY).all()).isEmpty();

        Files.move(file(), home.resolve("elsewhere"));
        Files.createSymbolicLink(file(), home.resolve("elsewhere"));
        assertThat(store(KEY).all()).isEmpty();

        Files.delete(file());
        Files.createDirectory(file());
        assertThat(store(KEY).all()).isEmpty();
        assertThat(file()).isDirectory();
    }

    @Test
    void one_that_is_gone_when_it_is_wanted_is_no_failure() throws IOException {
        written();
        var store = store(KEY);
        var seen = store.all().getFirst();
        Files.delete(seen.file());

        assertThat(store.read(seen, parts(new byte[STATE.length]))).isFalse();
    }

    @Test
    void the_least_recently_used_give_way_and_what_is_not_ours_stays() throws IOException {
        var store = new PrefixStore(new PrefixFolder(folder, 350_000), KEY);
        for (var i = 0; i < 3; i++) {
            store.write(tokens(i), parts(STATE), () -> false);
            Files.setLastModifiedTime(store.all().get(i).file(), FileTime.fromMillis(1_000_000L * (i + 1)));
        }
        Files.write(folder.resolve("letter.txt"), new byte[500_000]);
        var first = store.all().getFirst();
        assertThat(read(store, first)).isEqualTo(STATE);

        store.write(tokens(3), parts(STATE), () -> false);

        assertThat(store(KEY).all()).extracting(one -> one.tokens().get(0)).containsExactlyInAnyOrder(0, 2, 3);
        assertThat(folder.resolve("letter.txt")).exists();
    }

    @Test
    void one_larger_than_all_may_be_is_not_written() {
        var store = new PrefixStore(new PrefixFolder(folder, 50_000), KEY);

        assertThat(store.takes(TOKENS.length, STATE.length)).isFalse();
        assertThat(store.write(TOKENS, parts(STATE), () -> false)).isFalse();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void one_that_takes_too_long_leaves_nothing() {
        var asked = new AtomicInteger();
        var state = new byte[10 << 20];

        assertThat(store(KEY).write(TOKENS, parts(state), () -> asked.incrementAndGet() > 2))
                .isFalse();

        assertThat(asked).hasValue(3);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void a_disk_that_fills_up_while_one_is_written_has_nothing_of_it_in_the_end() throws IOException {
        try (var _ = SmallDisk.mountedOn(folder, 8_000)) {
            var store = store(KEY);

            var written = store.write(TOKENS, parts(STATE), this::fill);

            assertThat(written).isFalse();
            try (var left = Files.list(folder)) {
                assertThat(left).containsExactly(folder.resolve("filler"));
            }
            assertThat(store.takes(1, 1)).as("tries again at once").isFalse();
        }
    }

    private boolean fill() {
        try {
            Files.write(folder.resolve("filler"), new byte[9_000_000]);
        } catch (IOException _) {
            // as far as it goes
        }
        return false;
    }

    @Test
    void two_that_write_the_same_leave_one_whole_file() throws Exception {
        var state = bytes(9, 3 << 20);
        for (var round = 0; round < 10; round++) {
            var other = CompletableFuture.supplyAsync(() -> store(KEY).write(TOKENS, parts(state), () -> false));
            assertThat(store(KEY).write(TOKENS, parts(state), () -> false)).isTrue();
            assertThat(other.get(30, TimeUnit.SECONDS)).isTrue();

            var store = store(KEY);
            assertThat(store.all()).hasSize(1);
            assertThat(read(store, store.all().getFirst())).isEqualTo(state);
        }
    }

    private void assertUseless(String what) {
        var store = store(KEY);
        for (var one : store.all()) {
            assertThat(store.read(one, parts(new byte[(int) one.stateBytes()])))
                    .as(what)
                    .isFalse();
        }
        assertThat(store.all()).as(what).isEmpty();
        assertThat(Files.exists(file(), LinkOption.NOFOLLOW_LINKS))
                .as(what + " is left")
                .isFalse();
    }

    private byte[] written() throws IOException {
        assertThat(store(KEY).write(TOKENS, parts(STATE), () -> false)).isTrue();
        return Files.readAllBytes(file());
    }

    /** Where the prefix of {@link #TOKENS} lies, or would. */
    private Path file() {
        var bytes = ByteBuffer.allocate(4 * TOKENS.length).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        Arrays.stream(TOKENS).forEach(bytes::putInt);
        return folder.resolve(
                PrefixFiles.name(KEY.hex(), Digest.of(bytes.array()).hex()));
    }

    private Path only() throws IOException {
        try (var all = Files.list(folder)) {
            return all.toList().getFirst();
        }
    }

    private PrefixStore store(Digest key) {
        return new PrefixStore(new PrefixFolder(folder, 1 << 30), key);
    }

    private static byte[] read(PrefixStore store, StoredPrefix one) {
        var into = new byte[(int) one.stateBytes()];
        assertThat(store.read(one, parts(into))).isTrue();
        return into;
    }

    private static int[] tokens(int first) {
        var tokens = TOKENS.clone();
        tokens[0] = first;
        return tokens;
    }

    /** As two buffers, as a state of more than a gigabyte has them. */
    private static List<ByteBuffer> parts(byte[] state) {
        var half = state.length / 2;
        return List.of(
                ByteBuffer.wrap(state, 0, half).slice(),
                ByteBuffer.wrap(state, half, state.length - half).slice());
    }

    private static byte[] bytes(long seed, int count) {
        var bytes = new byte[count];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }
}
