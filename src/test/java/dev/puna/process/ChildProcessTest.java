// SPDX-License-Identifier: Apache-2.0
package dev.puna.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.puna.support.TestModels;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@DisplayNameGeneration(ReplaceUnderscores.class)
class ChildProcessTest {
    @BeforeAll
    static void load() {
        ProcessLibrary.load(TestModels.nativeLibraries());
    }

    @Test
    void a_child_tells_what_it_writes_and_its_exit_code() throws Exception {
        var lines = new CopyOnWriteArrayList<String>();
        var child = ChildProcess.start(shell("echo one; echo two >&2; printf three; exit 3"), List.of(), lines::add);

        assertThat(child.exit().get(20, TimeUnit.SECONDS)).isEqualTo(new ExitStatus(3, 0));
        assertThat(lines).containsExactly("one", "two", "three");
        assertThat(child.lastLines()).isEqualTo(lines);
        assertThat(child.isAlive()).isFalse();
    }

    static ChildCommand shell(String script) {
        return new ChildCommand(List.of("/bin/sh", "-c", script), Map.of("PATH", "/usr/bin:/bin"));
    }
}
