// SPDX-License-Identifier: Apache-2.0
package dev.puna.hashing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The hash of OpenSSL's libcrypto against that of Java; the empty and the short one are those of FIPS 180-2, appendix B. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class Sha256Test {
    private static final String OF_NOTHING = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    private static final String OF_ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @BeforeAll
    static void libcrypto() {
        assumeTrue(LibCrypto.get().isPresent(), "this machine has no libcrypto");
    }

    @Test
    void known_texts_have_their_known_hashes() {
        var hash = Sha256.start();

        assertThat(hash).isInstanceOf(LibCryptoSha256.class);
        assertThat(hash.getDigestLength()).isEqualTo(32);
        assertThat(HexFormat.of().formatHex(hash.digest())).isEqualTo(OF_NOTHING);
        assertThat(HexFormat.of().formatHex(hash.digest("abc".getBytes(StandardCharsets.UTF_8))))
                .isEqualTo(OF_ABC);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 55, 56, 63, 64, 65, 1 << 16, (1 << 16) + 1, 300_000})
    void arrays_and_buffers_of_any_length_hash_as_they_do_in_Java(int length) {
        var bytes = new byte[length + 7];
        new Random(length).nextBytes(bytes);
        var expected = Sha256.startInJava();
        expected.update(bytes, 7, length);
        var sum = expected.digest();

        var hash = Sha256.start();
        hash.update(bytes, 7, length);
        assertThat(hash.digest()).isEqualTo(sum);

        assertThat(ofBuffer(hash, ByteBuffer.wrap(bytes, 7, length))).isEqualTo(sum);
        var direct = ByteBuffer.allocateDirect(bytes.length).put(bytes).position(7);
        assertThat(ofBuffer(hash, direct)).isEqualTo(sum);
        var inside = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip().position(7);
        assertThat(ofBuffer(hash, inside.asReadOnlyBuffer())).isEqualTo(sum);
    }

    @Test
    void bytes_one_by_one_hash_as_all_at_once() {
        var hash = Sha256.start();
        for (var letter : "abc".getBytes(StandardCharsets.UTF_8)) {
            hash.update(letter);
        }

        assertThat(HexFormat.of().formatHex(hash.digest())).isEqualTo(OF_ABC);
    }

    @Test
    void a_hash_that_is_reset_forgets_what_it_was_fed() {
        var hash = Sha256.start();
        hash.update((byte) 1);
        hash.reset();

        assertThat(HexFormat.of().formatHex(hash.digest())).isEqualTo(OF_NOTHING);
    }

    @Test
    void hashes_at_the_same_time_do_not_mix() {
        var one = Sha256.start();
        var other = Sha256.start();
        one.update("ab".getBytes(StandardCharsets.UTF_8));
        other.update("something else".getBytes(StandardCharsets.UTF_8));
        one.update("c".getBytes(StandardCharsets.UTF_8));

        assertThat(HexFormat.of().formatHex(one.digest())).isEqualTo(OF_ABC);
    }

    private static byte[] ofBuffer(MessageDigest hash, ByteBuffer input) {
        hash.update(input);
        assertThat(input.hasRemaining()).isFalse();
        return hash.digest();
    }
}
