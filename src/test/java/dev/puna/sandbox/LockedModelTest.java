// SPDX-License-Identifier: Apache-2.0
package dev.puna.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.engine.local.AnsweringProcess;
import dev.puna.process.ChildBounds;
import dev.puna.process.ChildCommand;
import dev.puna.process.ChildProcess;
import dev.puna.process.ProcessLibrary;
import dev.puna.support.TestModels;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A real model answers in a JVM that is locked up, as in one that is not. */
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@DisplayNameGeneration(ReplaceUnderscores.class)
class LockedModelTest {
    private static final Path JAVA_HOME = Path.of(System.getProperty("java.home"));
    private static final long PATIENCE_SECONDS = 100;

    @Test
    void a_model_answers_in_a_process_that_is_locked_up() throws Exception {
        var model = TestModels.smolLm2();
        var free = answers(model, List.of(model), Set.of());

        assertThat(free).hasSize(1);
        assertThat(answers(model, List.of(model), EnumSet.allOf(Restriction.class)))
                .isEqualTo(free);
    }

    @Test
    void a_model_answers_where_there_is_no_landlock() throws Exception {
        var wanted = EnumSet.of(Restriction.NO_NEW_PRIVILEGES, Restriction.NO_CAPABILITIES, Restriction.SYSTEM_CALLS);

        assertThat(answers(TestModels.smolLm2(), List.of(), wanted)).hasSize(1);
    }

    @Test
    void a_model_that_the_rules_do_not_name_is_not_read() throws Exception {
        var library = ProcessLibrary.load(TestModels.nativeLibraries());
        if (Sandbox.expected(library).inForce().contains(Restriction.FILES)) {
            assertThat(output(TestModels.smolLm2(), List.of(), EnumSet.allOf(Restriction.class)))
                    .noneMatch(line -> line.startsWith("answer"))
                    .anyMatch(line ->
                            line.contains(TestModels.smolLm2().getFileName().toString()));
        }
    }

    private static List<String> answers(Path model, List<Path> files, Set<Restriction> wanted) throws Exception {
        return output(model, files, wanted).stream()
                .filter(line -> line.matches("answer .+"))
                .toList();
    }

    /** What a child prints that may read only these files. */
    private static Collection<String> output(Path model, List<Path> files, Set<Restriction> wanted) throws Exception {
        var library = ProcessLibrary.load(TestModels.nativeLibraries());
        var classPath = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> Path.of(entry).toAbsolutePath())
                .toList();
        var rules = SandboxRules.forModel(JAVA_HOME, TestModels.nativeLibraries(), files)
                .on(JAVA_HOME, classPath);
        var lines = new ConcurrentLinkedQueue<String>();
        try (var sandbox = Sandbox.with(library, rules, wanted)) {
            var child = ChildProcess.start(
                    new ChildCommand(command(model), Map.of()),
                    List.of(),
                    new ChildBounds(Map.of(), sandbox),
                    lines::add);
            try {
                child.exit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
                assertThat(sandbox.report(child.locks()).inForce())
                        .isEqualTo(Sandbox.expected(library).inForce().stream()
                                .filter(wanted::contains)
                                .collect(Collectors.toSet()));
            } finally {
                child.kill();
            }
        }
        return lines;
    }

    private static List<String> command(Path model) {
        var command = new ArrayList<String>();
        command.add(JAVA_HOME.resolve("bin/java").toString());
        command.addAll(
                List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:-UsePerfData", "--enable-native-access=ALL-UNNAMED"));
        command.add("-Dpuna.native-libs=" + TestModels.nativeLibraries());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), AnsweringProcess.class.getName()));
        command.addAll(List.of(model.toString(), "Hello"));
        return command;
    }
}
