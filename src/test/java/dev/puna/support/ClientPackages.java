// SPDX-License-Identifier: Apache-2.0
package dev.puna.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/**
 * What {@code src/test/clients} asks of the registries of other languages, fetched once per list into {@code
 * target/clients}. What cannot be fetched aborts the test that needs it, loudly, and fails it where {@code
 * PUNA_REQUIRE_NATIVE=1} requires that it runs. <b>Threads:</b> one at a time for each list.
 */
public final class ClientPackages {
    private static final Path SOURCES = Path.of("src/test/clients").toAbsolutePath();
    private static final Path FETCHED = Path.of("target/clients").toAbsolutePath();
    private static final Duration PATIENCE = Duration.ofMinutes(8);
    private static final String COPYING = "org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy-dependencies";
    private static final String UV = "uv==0.13.9";

    private ClientPackages() {}

    /** A script that stands beside the lists. */
    public static Path script(String name) {
        return SOURCES.resolve(name);
    }

    /** The folder to name in {@code PYTHONPATH}. */
    public static Path python() throws IOException {
        return python("python", "requirements.txt");
    }

    /** The same with packages for Anthropic's API. */
    public static Path pythonOfAnthropic() throws IOException {
        return python("python-anthropic", "anthropic/requirements.txt");
    }

    /** The same with the types of the Open Responses specification. */
    public static Path pythonOfOpenResponses() throws IOException {
        return python("python-responses", "responses/requirements.txt");
    }

    /** The same with Schemathesis, whose program is in its folder {@code bin}. */
    public static Path schemathesis() throws IOException {
        return python("python-schemathesis", "schemathesis/requirements.txt");
    }

    /** The same, of packages that want an older one for OpenAI. */
    public static Path olderPython() throws IOException {
        return python("python-older", "requirements-older.txt");
    }

    /** By uv, which fetches all at once, in seconds; where it cannot reach the registry, by pip, in minutes. */
    private static Path python(String name, String requirements) throws IOException {
        var folder = FETCHED.resolve(name);
        var list = SOURCES.resolve(requirements);
        var script =
                "{ %1$s --target .uv %2$s && .uv/bin/uv pip install -q --target . -r \"$0\"; } || %1$s --target . -r \"$0\""
                        .formatted("python3 -m pip install -q --upgrade", UV);
        fetch(folder, list, List.of("sh", "-c", script, list.toString()));
        return folder;
    }

    /** The folder to name in {@code NODE_PATH}. */
    public static Path javaScript() throws IOException {
        return javaScript("js", "package.json");
    }

    /** The same with Anthropic's package. */
    public static Path javaScriptOfAnthropic() throws IOException {
        return javaScript("js-anthropic", "anthropic/package.json");
    }

    /** The program Claude Code. */
    public static Path claudeCode() throws IOException {
        var packages = javaScript("js-claude", "claude/package.json").resolve("@anthropic-ai");
        try (var folders = Files.list(packages)) {
            return folders.map(folder -> folder.resolve("claude"))
                    .filter(Files::isExecutable)
                    .findFirst()
                    .orElseThrow(() -> TestModels.missing("Claude Code is not made for this machine"));
        }
    }

    /** The program Codex. */
    public static Path codex() throws IOException {
        return javaScript("js-codex", "codex/package.json").resolve(".bin").resolve("codex");
    }

    /** At most three times: npm can end with 0 before it has brought everything, and only {@code npm ls} then tells. */
    private static Path javaScript(String name, String packages) throws IOException {
        var folder = FETCHED.resolve(name);
        var list = SOURCES.resolve(packages);
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("package.json"), Files.readString(list));
        var script = """
                for attempt in 1 2 3; do
                    rm -rf node_modules
                    npm install --loglevel=error --no-audit --no-fund --no-package-lock && npm ls --all >/dev/null && exit
                done
                exit 1
                """;
        fetch(folder, list, List.of("sh", "-c", script));
        return folder.resolve("node_modules");
    }

    /** The class path of the programs in the folder {@code java}, without themselves. */
    public static String java() throws IOException {
        var folder = FETCHED.resolve("java");
        var list = SOURCES.resolve("java/pom.xml");
        var launcher = Path.of("mvnw").toAbsolutePath().toString();
        fetch(
                folder,
                list,
                List.of(launcher, "-q", "-B", "-f", list.toString(), COPYING, "-DoutputDirectory=" + folder));
        return folder.resolve("*").toString();
    }

    /** The program in the folder {@code go}, built; a machine without Go only aborts the test. */
    public static Path go() throws IOException {
        var program = FETCHED.resolve("check-go");
        Files.createDirectories(FETCHED);
        build(List.of("go", "build", "-mod=readonly", "-o", program.toString(), "."));
        return program;
    }

    /** Lets a test go on only where there is Go, which nothing but tests and images in WebP want. */
    public static void onlyWithGo() {
        try {
            OutsideProgram.run(SOURCES, Map.of(), PATIENCE, List.of("go", "version"));
        } catch (IOException e) {
            System.err.println("SKIPPED TEST: no Go on this machine");
            Assumptions.abort("no Go on this machine");
        }
    }

    private static void build(List<String> command) throws IOException {
        onlyWithGo();
        var built = OutsideProgram.run(SOURCES.resolve("go"), Map.of("GOTOOLCHAIN", "local"), PATIENCE, command);
        if (built.exitCode() != 0) {
            throw TestModels.missing(command + ": " + built.output().strip());
        }
    }

    private static void fetch(Path folder, Path list, List<String> command) throws IOException {
        var wanted = Files.readString(list);
        var stamp = folder.resolve(".fetched");
        if (Files.exists(stamp) && Files.readString(stamp).equals(wanted)) {
            return;
        }
        Files.createDirectories(folder);
        var fetched = fetched(folder, command);
        if (fetched.exitCode() != 0) {
            throw TestModels.missing(command + ": " + fetched.output().strip());
        }
        Files.writeString(stamp, wanted);
    }

    /** Where the program that fetches is not on this machine, or does not end, its packages are missing. */
    private static OutsideProgram.Outcome fetched(Path folder, List<String> command) {
        try {
            return OutsideProgram.run(folder, Map.of(), PATIENCE, command);
        } catch (IOException e) {
            throw TestModels.missing(String.valueOf(e.getMessage()));
        }
    }
}
