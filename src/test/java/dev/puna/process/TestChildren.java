// SPDX-License-Identifier: Apache-2.0
package dev.puna.process;

import dev.puna.support.TestModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Commands for children, and what becomes of them; every wait ends. */
final class TestChildren {
    static final Duration PATIENCE = Duration.ofSeconds(40);

    private TestChildren() {}

    static ChildCommand shell(String script) {
        return command("/bin/sh", "-c", script);
    }

    static ChildCommand command(String... arguments) {
        return new ChildCommand(List.of(arguments), Map.of("PATH", "/usr/bin:/bin"));
    }

    /** A Java program among the tests, which gets the folder of libpuna-process as its first argument. */
    static ChildCommand java(Class<?> program, Path libraries, String... arguments) {
        var all = new ArrayList<String>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                program.getName(),
                libraries.toString()));
        all.addAll(List.of(arguments));
        return new ChildCommand(all, Map.of("PATH", "/usr/bin:/bin"));
    }

    static ChildCommand java(Class<?> program, String... arguments) {
        return java(program, TestModels.nativeLibraries(), arguments);
    }

    /** What a child wrote until it ended. */
    static List<String> linesOf(ChildCommand command, Inheritable... inherited) throws Exception {
        var lines = new ArrayList<String>();
        var child = ChildProcess.start(command, List.of(inherited), lines::add);
        exitOf(child);
        return lines;
    }

    static ExitStatus exitOf(ChildProcess child) throws Exception {
        try {
            return child.exit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } finally {
            child.kill();
        }
    }

    static boolean becomes(BooleanSupplier condition) throws InterruptedException {
        var end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                return false;
            }
            Thread.sleep(5);
        }
        return true;
    }

    /** Whether there is such a process, and it is not just waiting to be reaped. */
    static boolean runs(long pid) {
        try {
            var status = Files.readString(Path.of("/proc/" + pid + "/stat"));
            return status.charAt(status.lastIndexOf(')') + 2) != 'Z';
        } catch (IOException _) {
            return false;
        }
    }
}
