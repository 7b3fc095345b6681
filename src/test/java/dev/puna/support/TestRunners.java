// SPDX-License-Identifier: Apache-2.0
package dev.puna.support;

import dev.puna.engine.prefix.PrefixFolders;
import dev.puna.engine.remote.MemoryGroups;
import dev.puna.engine.remote.MemoryLimit;
import dev.puna.engine.remote.Runner;
import dev.puna.engine.remote.RunnerProcesses;
import dev.puna.engine.remote.RunnerProgram;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The class path of the tests as the process of a model. */
public final class TestRunners {
    private static Runner.@Nullable Starter ofThisClassPath;

    private TestRunners() {}

    /** Started once for all tests, since the processes take turns at the processor. */
    public static synchronized Runner.Starter ofThisClassPath() {
        var made = ofThisClassPath;
        if (made == null) {
            made = of(MemoryLimit.NONE);
            ofThisClassPath = made;
        }
        return made;
    }

    /** Others, each of which may have so much memory. */
    public static Runner.Starter of(MemoryLimit memory) {
        return of(memory, TestModels.nativeLibraries(), Optional.empty(), PrefixFolders.NONE);
    }

    /** The same with libraries of another folder, and in control groups. */
    public static Runner.Starter of(MemoryLimit memory, Path nativeLibraries, Optional<MemoryGroups> groups) {
        return of(memory, nativeLibraries, groups, PrefixFolders.NONE);
    }

    /** Others, whose models keep beginnings of prompts. */
    public static Runner.Starter of(MemoryLimit memory, PrefixFolders prefixes) {
        return of(memory, TestModels.nativeLibraries(), Optional.empty(), prefixes);
    }

    private static Runner.Starter of(
            MemoryLimit memory, Path nativeLibraries, Optional<MemoryGroups> groups, PrefixFolders prefixes) {
        var home = Path.of(System.getProperty("java.home"));
        var classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        var arguments = new ArrayList<>(List.of(
                home.resolve("bin/java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-Xshare:auto",
                "-cp",
                classPath,
                "dev.puna.Puna",
                "runner"));
        var files = Pattern.compile(File.pathSeparator, Pattern.LITERAL)
                .splitAsStream(classPath)
                .map(entry -> Path.of(entry).toAbsolutePath())
                .toList();
        var program = new RunnerProgram(
                arguments,
                new HashMap<>(System.getenv()),
                nativeLibraries,
                Optional.empty(),
                Optional.of(new RunnerProgram.Jvm(home, files)));
        try {
            return RunnerProcesses.of(program, prefixes, memory, groups, line -> System.err.println("runner: " + line));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
