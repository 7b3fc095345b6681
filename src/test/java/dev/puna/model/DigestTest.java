// SPDX-License-Identifier: Apache-2.0
package dev.puna.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.failure.InvalidRequest;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Contract 1.9, 3.3 and the digests of 9.2. */
class DigestTest {
    private static final String HEX = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

    @Test
    void the_digest_of_a_text_is_its_sha_256() {
        var digest = Digest.of("hello".getBytes(StandardCharsets.UTF_8));

        assertThat(digest.text()).isEqualTo("sha256:" + HEX);
        assertThat(digest).hasToString("sha256:" + HEX);
        assertThat(digest.fileName()).isEqualTo("sha256-" + HEX);
    }

    @Test
    void a_hash_that_was_fed_in_pieces_gives_the_same_digest() {
        var hash = Digest.newHash();
        hash.update("hel".getBytes(StandardCharsets.UTF_8));
        hash.update("lo".getBytes(StandardCharsets.UTF_8));

        assertThat(Digest.ofHash(hash).hex()).isEqualTo(HEX);
    }

    @Test
    void both_separators_and_upper_case_are_read() {
        assertThat(Digest.parse("sha256:" + HEX).hex()).isEqualTo(HEX);
        assertThat(Digest.parse("sha256-" + HEX).hex()).isEqualTo(HEX);
        assertThat(Digest.parse("sha256:" + HEX.toUpperCase(Locale.ROOT)).hex()).isEqualTo(HEX);
    }

    /** CVE-2024-37032, CVE-2025-44779, CVE-2025-1975, CVE-2026-7020. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "sha256:",
                "sha256:1",
                "sha256:zz",
                "sha256:../../etc/ld.so.preload",
                "../../etc/ld.so.preload",
                "sha256:..",
                "sha256-../2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",
                "sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b982",
                "sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b98244",
                "sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b982g",
                "sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824\n",
                "\nsha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",
                "sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b982\u0000",
                "sha256:%2e%2e%2fdba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",
                "sha256/2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",
                "SHA256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",
                "sha512:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",
                "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",
                "sha256:２cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
            })
    void what_is_no_digest_is_refused(String text) {
        assertThat(Digest.tryParse(text)).isEmpty();
        assertThatThrownBy(() -> Digest.parse(text))
                .isInstanceOf(InvalidRequest.class)
                .hasMessage("invalid digest format");
    }

    @Test
    void digits_are_checked_when_a_digest_is_put_together_too() {
        assertThatThrownBy(() -> new Digest("../" + HEX.substring(3))).isInstanceOf(InvalidRequest.class);
        assertThatThrownBy(() -> new Digest(HEX + "\n")).isInstanceOf(InvalidRequest.class);
    }
}
