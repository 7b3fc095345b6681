// SPDX-License-Identifier: Apache-2.0
package dev.puna.fuzz;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Lets Jazzer look for inputs that targets do not survive: {@code ./mvnw -Pfuzz process-test-classes -Dfuzz.seconds=3600}.
 *
 * <p>Each target has a process of its own and its share of the seconds, two at a time. What is found is left in {@code
 * target/fuzz/findings}, to be mended and put among the seeds; the inputs that reached new code stay in {@code target/fuzz/corpus} for
 * the next time. Arguments: the seconds, then the targets if not all are meant.
 */
final class Fuzz {
    private static final Path WORK = Path.of("target/fuzz");
    private static final int AT_ONCE = 2;
    private static final Duration TO_START_AND_END = Duration.ofMinutes(3);
    private static final String HOOKS = "com.code_intelligence.jazzer.sanitizers.";

    /** Seconds that one input may take in instrumented code, by any clock. */
    private static final int HANGS_AFTER = 60;

    private final String classPath;
    private final int seconds;

    private Fuzz(String classPath, int seconds) {
        this.classPath = classPath;
        this.seconds = seconds;
    }

    public static void main(String[] arguments) throws Exception {
        var names = Arrays.stream(arguments).skip(1).toList();
        var targets = Targets.all().stream()
                .map(FuzzTarget::name)
                .filter(name -> names.isEmpty() || names.contains(name))
                .toList();
        var each = Math.max(1, Integer.parseInt(arguments[0]) / targets.size());
        var fuzz = new Fuzz(FuzzClasses.classPath(WORK.resolve("classes")), each);
        var failed = 0;
        try (var pool = Executors.newFixedThreadPool(AT_ONCE)) {
            var runs = targets.stream()
                    .map(name -> (Callable<Boolean>) () -> fuzz.run(name))
                    .toList();
            for (var run : pool.invokeAll(runs)) {
                failed += run.get() ? 0 : 1;
            }
        }
        if (failed > 0) {
            System.out.println("fuzz: " + failed + " of " + targets.size() + " targets have a finding: see " + WORK);
            System.exit(1);
        }
    }

    /** Whether nothing was found. */
    private boolean run(String name) throws IOException, InterruptedException {
        var corpus = Files.createDirectories(WORK.resolve("corpus").resolve(name));
        var findings = Files.createDirectories(WORK.resolve("findings"));
        var log = WORK.resolve(name + ".log");
        var process = new ProcessBuilder(command(name, corpus, findings))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        var bound = TO_START_AND_END.plusSeconds(seconds);
        if (!process.waitFor(bound.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            System.out.println("fuzz: " + name + " has not ended in " + bound.toSeconds() + " s");
            return false;
        }
        var lines = Files.readAllLines(log);
        if (process.exitValue() == 0 && lines.stream().noneMatch(Fuzz::isBlind)) {
            lines.stream()
                    .filter(line -> line.contains("DONE"))
                    .forEach(line -> System.out.println("fuzz: " + name + " " + line.strip()));
            return true;
        }
        lines.stream()
                .dropWhile(line -> !line.startsWith("== ") && !isBlind(line) && !line.contains("ERROR"))
                .limit(40)
                .forEach(line -> System.out.println("fuzz: " + name + ": " + line));
        System.out.println("fuzz: " + name + " ended with " + process.exitValue() + ": see " + log);
        return false;
    }

    /** A run that sees nothing of the code finds nothing either. */
    private static boolean isBlind(String line) {
        return line.contains("no interesting inputs were found so far") || line.contains("Failed to instrument dev/");
    }

    private List<String> command(String name, Path corpus, Path findings) {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx640m",
                "-XX:+UseSerialGC",
                "-XX:+EnableDynamicAgentLoading",
                "-XX:-OmitStackTraceInFastThrow",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                "-cp",
                classPath,
                "com.code_intelligence.jazzer.Jazzer"));
        command.addAll(List.of(
                "--target_class=" + JazzerEntry.class.getName(),
                "--target_args=" + name,
                "--instrumentation_includes=dev.puna.**",
                "--custom_hook_includes=dev.puna.**",
                // These would change classes of a JDK that is newer than Jazzer, which only makes noise.
                "--disabled_hooks=" + HOOKS + "RegexRoadblocks" + File.pathSeparator + HOOKS + "OsCommandInjection",
                "--reproducer_path=" + findings));
        command.addAll(Stream.of(
                        "-max_total_time=" + seconds,
                        "-timeout=" + HANGS_AFTER,
                        "-rss_limit_mb=3072",
                        "-artifact_prefix=" + findings + "/" + name + "-",
                        corpus.toString(),
                        SeedsTest.SEEDS.resolve(name).toString())
                .toList());
        return command;
    }
}
