// SPDX-License-Identifier: Apache-2.0
package dev.puna.dist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.support.OutsideProgram;
import dev.puna.support.OutsideProgram.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * On a machine that lacks tools, {@code puna} and {@code mvnw} name all of them at once, before they begin. The scripts run in a copy
 * where nothing is built, with nothing cached, and see of this machine's programs only those that every system has.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class MissingToolsTest {
    private static final String ALL = "a JDK 25 or newer, Maven, cmake, g++, strip, make, git, npm";
    private static final String PACKAGES = "maven cmake g++ binutils make git npm";
    private static final List<String> EVERYWHERE = List.of(
            "bash",
            "cat",
            "cut",
            "date",
            "dirname",
            "env",
            "find",
            "gzip",
            "grep",
            "id",
            "locale",
            "mkdir",
            "mktemp",
            "readlink",
            "rm",
            "sed",
            "sha256sum",
            "tar",
            "uname");
    private static final Duration BOUND = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private Path tree;
    private Path programs;

    @BeforeEach
    void lay_out() throws IOException {
        tree = folder.resolve("puna tree");
        for (var part : List.of(
                "puna",
                "mvnw",
                "pom.xml",
                "parent/pom.xml",
                ".mvn",
                "native-libs/prepare",
                "native-libs/versions.env",
                "native-libs/lib",
                "native-libs/mtmd",
                "native-libs/shim",
                "native-libs/media")) {
            copy(Path.of(part));
        }
        programs = Files.createDirectory(folder.resolve("programs"));
        for (var name : EVERYWHERE) {
            script(name, "exec " + onThisMachine(name) + " \"$@\"");
        }
    }

    @Test
    void everything_that_is_missing_is_in_one_sentence_with_one_command() throws IOException {
        has("apt-get");

        assertThat(required("debian 13", "maven native-libs pip").output())
                .isEqualTo("puna: missing here: " + ALL + " and pip; install with: " + sudo() + "apt-get update && "
                        + sudo() + "apt-get install -y " + PACKAGES + " python3-pip openjdk-25-jdk-headless\n");
    }

    @Test
    void where_the_release_has_no_JDK_the_sentence_says_who_has() throws IOException {
        has("apt-get");

        var outcome = required("debian 12", "maven native-libs");

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.output().lines()).hasSize(1);
        assertThat(outcome.output())
                .contains("install all but the JDK, which this system has no package of, with: ")
                .contains("apt-get install -y " + PACKAGES + " (the JDK: Eclipse Temurin ")
                .contains("package temurin-25-jdk")
                .contains("PUNA_JAVA_HOME")
                .doesNotContain("openjdk");
    }

    @Test
    void a_JDK_that_apt_knows_of_is_in_the_command_whatever_the_release() throws IOException {
        has("apt-get");
        script(
                "apt-cache",
                "[ \"$2\" = temurin-25-jdk ] && printf 'x:\\n  Installed: (none)\\n  Candidate: 25.0.1\\n'");

        assertThat(required("debian 12", "maven native-libs").output())
                .endsWith("apt-get install -y " + PACKAGES + " temurin-25-jdk\n");
    }

    @Test
    void without_apt_the_names_alone_are_given() throws IOException {
        assertThat(required("fedora 43", "maven native-libs").output())
                .startsWith(
                        "puna: missing here: " + ALL.replace(", npm", " and npm")
                                + "; install what is missing with the package manager of this system (the JDK: Eclipse Temurin ")
                .doesNotContain("apt-get");
    }

    @Test
    void what_is_there_is_not_named() throws IOException {
        has("apt-get", "mvn", "cmake", "g++", "strip", "ninja", "git", "npm");

        assertThat(required("debian 13", "maven native-libs pip", "PUNA_JDK=/").output())
                .isEqualTo("puna: missing here: pip; install with: " + sudo() + "apt-get update && " + sudo()
                        + "apt-get install -y python3-pip\n");
        has("pip3");
        assertThat(required("debian 13", "maven native-libs pip", "PUNA_JDK=/")).isEqualTo(new Outcome(0, ""));
    }

    @Test
    void a_build_asks_for_what_it_is_to_do() throws IOException {
        has("apt-get");

        assertThat(run("./mvnw", "-B", "verify").output())
                .startsWith("mvnw: missing here: ")
                .contains(" git, npm, pip and curl; ");
        assertThat(run("./mvnw", "test").output()).contains(", cmake, ").doesNotContain("pip");
        assertThat(run("./mvnw", "--version").output()).contains("Maven").doesNotContain("cmake");
        assertThat(run("./puna", "run", "demo", "Hello").output())
                .startsWith("puna: missing here: ")
                .contains(" and pip; ");
        assertThat(run("./puna", "list").output()).contains(" and npm; ").doesNotContain("pip");
        assertThat(tree.resolve("target")).doesNotExist();
    }

    @Test
    void the_readme_names_the_same_packages() throws IOException {
        var readme = Files.readString(Path.of("README.md")).replaceAll("\\s+", " ");

        assertThat(readme).contains("apt-get install maven npm cmake g++ make git python3-pip");
    }

    /** Asks for parts as {@code puna} does, on a system of this release. */
    private Outcome required(String release, String parts, String... jdk) throws IOException {
        var found = jdk.length > 0 ? jdk[0] : "return 1";
        return run(
                "bash",
                "-c",
                "set -euo pipefail; root=$PWD; source .mvn/find-jdk.sh; source .mvn/tools.sh;"
                        + "puna_release() { printf '" + release + "'; }; puna_find_jdk() { " + found + "; };"
                        + "puna_require_tools puna " + parts);
    }

    private Outcome run(String... command) throws IOException {
        var words = new ArrayList<>(List.of("env", "-i", "HOME=" + folder, "PATH=" + programs));
        words.addAll(List.of(command));
        return OutsideProgram.run(tree, Map.of(), BOUND, words);
    }

    private void has(String... names) throws IOException {
        for (var name : names) {
            script(name, "exit 0");
        }
    }

    private void script(String name, String line) throws IOException {
        var file = Files.writeString(programs.resolve(name), "#!" + onThisMachine("bash") + "\n" + line + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private static String sudo() {
        return System.getProperty("user.name").equals("root") ? "" : "sudo ";
    }

    private static Path onThisMachine(String name) {
        return List.of("/usr/bin", "/bin").stream()
                .map(bin -> Path.of(bin, name))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow();
    }

    private void copy(Path part) throws IOException {
        try (var files = Files.walk(part)) {
            for (var file : (Iterable<Path>) files::iterator) {
                var target = tree.resolve(file.toString());
                Files.createDirectories(target.getParent());
                Files.copy(file, target);
            }
        }
    }
}
