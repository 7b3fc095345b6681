// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.remote;

import dev.puna.process.ChildBounds;
import dev.puna.process.ChildProcess;
import dev.puna.process.LocalSocket;
import dev.puna.process.ProcessLibrary;
import dev.puna.process.SharedTurns;
import dev.puna.sandbox.Restriction;
import dev.puna.sandbox.Sandbox;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Starts processes that are locked up as far as the system can, and end with this one. Those that compute on the CPU take turns.
 * <b>Threads:</b> any.
 */
public final class RunnerProcesses implements Runner.Starter {
    private static final Logger LOG = Logger.getLogger(RunnerProcesses.class);

    private final RunnerProgram program;
    private final ProcessLibrary library;
    private final SharedTurns turns;
    private final Optional<DriverCaches> driverCaches;
    private final Consumer<String> log;
    private final AtomicBoolean told = new AtomicBoolean();

    private RunnerProcesses(RunnerProgram program, ProcessLibrary library, SharedTurns turns, Consumer<String> log) {
        this.program = program;
        this.library = library;
        this.turns = turns;
        // Without this lock, who may write into one folder could write into any.
        this.driverCaches = Sandbox.expected(library).inForce().contains(Restriction.FILES)
                ? program.driverCaches().map(DriverCaches::new)
                : Optional.empty();
        this.log = log;
    }

    /**
     * Opens the library that starts them.
     *
     * @param log takes the lines that the processes write; must not wait
     * @throws dev.puna.failure.NativeFailure if the library that starts processes is missing or of another version
     * @throws IOException if the system has no room for what the processes share
     */
    public static RunnerProcesses of(RunnerProgram program, Consumer<String> log) throws IOException {
        var library = ProcessLibrary.load(program.nativeLibraries());
        return new RunnerProcesses(program, library, SharedTurns.create(), log);
    }

    /** Whether this system can have them. */
    public static boolean supported() {
        return ChildProcess.supported();
    }

    @Override
    public Runner start(List<Path> readable, Optional<Path> written) throws IOException {
        ProcessLibrary.requireFolder(program.nativeLibraries());
        var cache = written.isEmpty() ? driverCache(readable) : Optional.<Path>empty();
        var pair = LocalSocket.pair();
        try (var theirs = pair.theirs();
                var sandbox = Sandbox.of(library, program.rules(readable, written, cache))) {
            var process = ChildProcess.start(
                    program.command(cache), List.of(theirs, turns), new ChildBounds(Map.of(), sandbox), log);
            if (told.compareAndSet(false, true)) {
                LOG.infof(
                        "inference.isolation %s",
                        sandbox.report(process.locks()).sentence());
            }
            return new RunnerProcess(process, pair.ours());
        } catch (IOException | RuntimeException failed) {
            pair.ours().close();
            throw failed;
        }
    }

    private Optional<Path> driverCache(List<Path> modelFiles) {
        return modelFiles.isEmpty() || Devices.areForCpuOnly(program.nativeLibraries())
                ? Optional.empty()
                : driverCaches.flatMap(caches -> caches.of(modelFiles));
    }
}
