// SPDX-License-Identifier: Apache-2.0
package dev.puna.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CleanMappingTest {
    private static final String CODE = "00410000-019fe000 r-xp 00010000 fe:00 5308436      /usr/bin/puna";

    @Test
    void code_and_constants_of_a_file_may_go() {
        assertThat(in(CODE, 0)).containsExactly(new CleanMapping(0x410000, 0x15ee000));
        assertThat(in("7f0365880000-7f0366600000 r--p 01630000 fe:00 53 /srv/a folder/puna", 0))
                .containsExactly(new CleanMapping(0x7f0365880000L, 0xd80000));
    }

    @Test
    void a_page_that_was_written_keeps_its_mapping() {
        assertThat(in(CODE, 4)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "7f0366600000-7f0367385000 rw-p 023b0000 fe:00 5308436  /usr/bin/puna",
                "7f0367b00000-7f0367c00000 r--p 00000000 00:00 0 ",
                "7f0367b00000-7f0367c00000 r-xp 00000000 00:00 0                          [vdso]",
                "7f0367b00000-7f0367c00000 r--s 00000000 fe:00 53                         /var/lib/puna/blobs/sha256-1",
                "7f0367b00000-7f0367c00000 ---p 00000000 fe:00 53                         /usr/lib/puna/libllama.so"
            })
    void what_is_writable_shared_hidden_or_of_no_file_stays(String header) {
        assertThat(in(header, 0)).isEmpty();
    }

    @Test
    void each_mapping_is_told_by_its_own_lines() {
        var first = CODE + "\nAnonymous:             8 kB\nVmFlags: rd ex mr mw me sd\n";
        var second = "7f0365880000-7f0365881000 r--p 01630000 fe:00 53 /lib/a.so\nAnonymous:             0 kB\n";

        assertThat(CleanMapping.in((first + second).lines()))
                .containsExactly(new CleanMapping(0x7f0365880000L, 0x1000));
    }

    private static List<CleanMapping> in(String header, int copied) {
        return CleanMapping.in("""
                %s
                Size:              22456 kB
                Rss:               13440 kB
                Anonymous:      %8d kB
                VmFlags: rd ex mr mw me sd
                """.formatted(header, copied).lines());
    }
}
