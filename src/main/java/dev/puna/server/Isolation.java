// SPDX-License-Identifier: Apache-2.0
package dev.puna.server;

import dev.puna.engine.prefix.PrefixFolders;
import dev.puna.engine.remote.MemoryGroups;
import dev.puna.engine.remote.MemoryLimit;
import dev.puna.engine.remote.Runner;
import dev.puna.engine.remote.RunnerNeeds;
import dev.puna.engine.remote.RunnerProcesses;
import dev.puna.settings.KernelFiles;
import dev.puna.settings.MachineMemory;
import dev.puna.settings.Settings;
import io.quarkus.runtime.LaunchMode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether models are computed in processes of their own, and what starts these: nothing is loaded or made before the first is
 * wanted. Any thread.
 */
final class Isolation implements Runner.Starter {
    private final Settings settings;
    private final PrefixFolders prefixes;
    private @Nullable RunnerProcesses processes;

    Isolation(Settings settings, PrefixFolders prefixes) {
        this.prefixes = prefixes;
        this.settings = settings;
    }

    /** Where nobody says: in a packaged program, on a system that can. Tests and {@code quarkus:dev} stay in one process. */
    boolean wanted() {
        return RunnerProcesses.supported()
                && settings.isolation().orElseGet(() -> LaunchMode.current() == LaunchMode.NORMAL);
    }

    @Override
    public Runner start(RunnerNeeds needs) throws IOException {
        return processes().start(needs);
    }

    @Override
    public Optional<Runner.Starter> unlocked() {
        try {
            return processes().unlocked();
        } catch (IOException _) {
            // What could not be begun with locks cannot be begun without them.
            return Optional.empty();
        }
    }

    /** What the processes may have on this machine. */
    static MemoryLimit memory(Settings settings) {
        return new MemoryLimit(settings.runnerMemory(), MachineMemory.bytes());
    }

    /** Of this process, if its control group is delegated to it. */
    static Optional<MemoryGroups> groups() {
        return MemoryGroups.among(KernelFiles.controlGroups(Path.of("/"), "memory"));
    }

    private synchronized RunnerProcesses processes() throws IOException {
        var made = processes;
        if (made == null) {
            var program = RunnerPrograms.ofThisProcess(System.getenv(), NativeLibraries.folder(settings));
            made = RunnerProcesses.of(program, prefixes, memory(settings), groups(), RunnerLog::relay);
            processes = made;
        }
        return made;
    }
}
