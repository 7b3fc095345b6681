// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.remote;

import dev.puna.engine.prefix.PrefixFolder;
import dev.puna.engine.prefix.PrefixFolders;
import dev.puna.process.ChildBounds;
import dev.puna.process.ChildProcess;
import dev.puna.process.LocalSocket;
import dev.puna.process.ProcessLibrary;
import dev.puna.process.SharedTurns;
import dev.puna.sandbox.Restriction;
import dev.puna.sandbox.Sandbox;
import dev.puna.sandbox.SandboxRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.stream.Stream;
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
    private final Optional<PrefixFolders> prefixes;
    private final MemoryLimit memory;
    private final Optional<MemoryGroups> groups;
    private final Consumer<String> log;
    private final AtomicBoolean told = new AtomicBoolean();

    private RunnerProcesses(
            RunnerProgram program,
            ProcessLibrary library,
            SharedTurns turns,
            PrefixFolders prefixes,
            MemoryLimit memory,
            Optional<MemoryGroups> groups,
            Consumer<String> log) {
        this.program = program;
        this.library = library;
        this.turns = turns;
        // Without this lock, who may write into one folder could write into any.
        var confined = Sandbox.expected(library).inForce().contains(Restriction.FILES);
        this.driverCaches = confined ? program.driverCaches().map(DriverCaches::new) : Optional.empty();
        this.prefixes = confined ? Optional.of(prefixes) : Optional.empty();
        this.memory = memory;
        this.groups = groups.filter(RunnerProcesses::begins);
        this.log = log;
    }

    /**
     * Opens the library that starts them.
     *
     * @param prefixes where they may keep beginnings of prompts, if the system can keep them from writing elsewhere
     * @param memory what each may have
     * @param groups in which the processes are put; empty for none
     * @param log takes the lines that the processes write; must not wait
     * @throws dev.puna.failure.NativeFailure if the library that starts processes is missing or of another version
     * @throws IOException if the system has no room for what the processes share
     */
    public static RunnerProcesses of(
            RunnerProgram program,
            PrefixFolders prefixes,
            MemoryLimit memory,
            Optional<MemoryGroups> groups,
            Consumer<String> log)
            throws IOException {
        var library = ProcessLibrary.load(program.nativeLibraries());
        return new RunnerProcesses(program, library, SharedTurns.create(), prefixes, memory, groups, log);
    }

    /** Whether this system can have them. */
    public static boolean supported() {
        return ChildProcess.supported();
    }

    @Override
    public Runner start(RunnerNeeds needs) throws IOException {
        return start(needs, Sandbox::of);
    }

    @Override
    public Optional<Runner.Starter> unlocked() {
        var folder = program.nativeLibraries();
        return GpuLibraries.areUsed(SandboxRules.forModel(folder, folder, List.of()), folder)
                ? Optional.of(needs -> start(needs, Sandbox::withoutRules))
                : Optional.empty();
    }

    private Runner start(RunnerNeeds needs, BiFunction<ProcessLibrary, SandboxRules, Sandbox> sandboxes)
            throws IOException {
        ProcessLibrary.requireFolder(program.nativeLibraries());
        var cache = needs.written().isEmpty() ? driverCache(needs.readable()) : Optional.<Path>empty();
        var own = needs.written().isEmpty() && !needs.readable().isEmpty()
                ? prefixes.flatMap(folders -> folders.of(needs.readable()))
                : Optional.<PrefixFolder>empty();
        var folders = Stream.concat(cache.stream(), own.map(PrefixFolder::path).stream());
        var rules = program.rules(needs.readable(), needs.written(), folders.toList());
        var pair = LocalSocket.pair();
        try (var theirs = pair.theirs();
                var sandbox = sandboxes.apply(library, rules)) {
            var limit = limit(needs, rules);
            var files = groups.isEmpty() ? 0 : sizes(needs.readable());
            var lines = new LoggedLines(log, lost -> tellLost(needs.name(), lost), System::nanoTime);
            var process = ChildProcess.start(
                    program.command(cache, own),
                    List.of(theirs, turns),
                    new ChildBounds(limits(limit), sandbox),
                    lines);
            if (told.compareAndSet(false, true)) {
                LOG.infof(
                        "inference.isolation %s",
                        sandbox.report(process.locks()).sentence());
            }
            var bound = memory.bytes(needs.bytes(), false);
            var group =
                    bound.isEmpty() ? Optional.<MemoryGroups.Group>empty() : group(process, bound.getAsLong() + files);
            if (own.isPresent()) {
                var _ = process.exit().thenRunAsync(() -> prefixes.ifPresent(PrefixFolders::tidy));
            }
            return new RunnerProcess(
                    process, pair.ours(), lines, group.isEmpty() ? limit : bound, group, own.isPresent());
        } catch (IOException | RuntimeException failed) {
            pair.ours().close();
            throw failed;
        }
    }

    private Optional<Path> driverCache(List<Path> modelFiles) {
        return modelFiles.isEmpty() || GpuLibraries.areMissing(program.nativeLibraries())
                ? Optional.empty()
                : driverCaches.flatMap(caches -> caches.of(modelFiles));
    }

    private static void tellLost(String name, long lines) {
        LOG.warnf("runner.output.left_out name=%s lines=%d", name, lines);
    }

    private OptionalLong limit(RunnerNeeds needs, SandboxRules rules) {
        return memory.bytes(needs.bytes(), GpuLibraries.areUsed(rules, program.nativeLibraries()));
    }

    private static boolean begins(MemoryGroups groups) {
        try {
            groups.begin();
            LOG.info("inference.memory by=\"a control group for each model\"");
            return true;
        } catch (IOException refused) {
            LOG.warnf("inference.memory by=RLIMIT_DATA reason=\"no control groups can be made: %s\"", refused);
            return false;
        }
    }

    /** Without one the process goes on. */
    private Optional<MemoryGroups.Group> group(ChildProcess process, long bytes) {
        try {
            return groups.isEmpty()
                    ? Optional.empty()
                    : Optional.of(groups.get().hold(process.pid(), bytes));
        } catch (IOException refused) {
            LOG.warnf("inference.memory by=RLIMIT_DATA reason=\"no control group for a model: %s\"", refused);
            return Optional.empty();
        }
    }

    /** Bytes of files, which are counted in a group as far as they are mapped. */
    private static long sizes(List<Path> files) throws IOException {
        var sum = 0L;
        for (var file : files) {
            sum += Files.size(file);
        }
        return sum;
    }

    private static Map<ChildBounds.Resource, Long> limits(OptionalLong memory) {
        return memory.isEmpty() ? Map.of() : Map.of(ChildBounds.Resource.DATA, memory.getAsLong());
    }
}
