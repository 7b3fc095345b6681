// SPDX-License-Identifier: Apache-2.0
package dev.puna.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;

/** Starts programs for which the rights to files hold: root, as which tests often run, may read and write them all. */
public final class Unprivileged {
    private static final String LACKS = "-dac_override,-dac_read_search";
    private static final List<String> STARTER =
            List.of("setpriv", "--bounding-set=" + LACKS, "--inh-caps=" + LACKS, "--");

    private Unprivileged() {}

    /**
     * What to put before a command. Where there is none for root, the calling test is aborted, with a line on standard error.
     *
     * @param folder one of the test's own
     */
    public static List<String> starter(Path folder) throws IOException {
        var mine = Files.createTempFile(folder, "mine", "");
        Files.setPosixFilePermissions(mine, Set.of());
        if (!Files.isReadable(mine)) {
            return List.of();
        }
        if (!Files.isExecutable(Path.of("/usr/bin/setpriv"))) {
            System.err.println("SKIPPED TEST OF RIGHTS: this is root, and there is no setpriv");
            Assumptions.abort("no setpriv");
        }
        return STARTER;
    }
}
