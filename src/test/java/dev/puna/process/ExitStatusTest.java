// SPDX-License-Identifier: Apache-2.0
package dev.puna.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ExitStatusTest {
    @Test
    void an_end_is_told_in_words() {
        assertThat(new ExitStatus(0, 0).reason()).isEqualTo("exit code 0");
        assertThat(new ExitStatus(3, 0).reason()).isEqualTo("exit code 3");
        assertThat(new ExitStatus(0, 11).reason()).isEqualTo("SIGSEGV (invalid memory reference)");
        assertThat(new ExitStatus(0, 9).reason()).isEqualTo("SIGKILL (killed, perhaps for want of memory)");
        assertThat(new ExitStatus(0, 42).reason()).isEqualTo("signal 42");
        assertThat(ExitStatus.UNKNOWN.reason()).isEqualTo("an unknown end");
    }

    @Test
    void only_exit_code_0_is_success() {
        assertThat(new ExitStatus(0, 0).isSuccess()).isTrue();
        assertThat(new ExitStatus(1, 0).isSuccess()).isFalse();
        assertThat(new ExitStatus(0, 15).isSuccess()).isFalse();
        assertThat(ExitStatus.UNKNOWN.isSuccess()).isFalse();
    }
}
