// SPDX-License-Identifier: Apache-2.0
package dev.puna;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.support.PackagedProgram;
import dev.puna.support.TestModels;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Packages that people write programs with, as they are in the registries, against the packaged program and a real model. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ClientsIT {
    private static final Path SCRIPTS = Path.of("src/test/clients").toAbsolutePath();
    private static final Path PACKAGES = Path.of("target/clients").toAbsolutePath();
    private static final String MODEL = "small:latest";

    @TempDir
    static Path home;

    private static String address = "";
    private static PackagedProgram.Running server;

    @BeforeAll
    static void serve() throws Exception {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            address = "127.0.0.1:" + socket.getLocalPort();
        }
        var puna = new PackagedProgram(home)
                .with("PUNA_NATIVE_LIBS", TestModels.nativeLibraries().toString())
                .with("PUNA_HOST", address)
                .with("PUNA_THREADS", "1");
        server = puna.start("serve");
        for (var i = 0; i < 600 && puna.run("list").exitCode() != 0; i++) {
            Thread.sleep(100);
        }
        var modelfile = Files.writeString(home.resolve("Modelfile"), "FROM " + TestModels.smolLm2() + "\n");
        var created = puna.run("create", MODEL, "-f", modelfile.toString());
        assertThat(created.exitCode()).as(created.errors()).isZero();
    }

    @AfterAll
    static void end() {
        server.close();
    }

    @Test
    void the_package_for_python() throws Exception {
        var packages = PACKAGES.resolve("python").toString();
        run(Map.of(), "python3", "-m", "pip", "install", "-q", "--target", packages, "--upgrade", "ollama==0.6.3");

        assertThat(run(Map.of("PYTHONPATH", packages), "python3", SCRIPTS + "/check_ollama.py", MODEL))
                .contains("every call is as it should be");
    }

    @Test
    void the_package_for_javascript() throws Exception {
        Files.createDirectories(PACKAGES.resolve("js"));
        run(Map.of(), "npm", "install", "--silent", "--no-audit", "--no-fund", "--no-package-lock", "ollama@0.6.4");

        assertThat(run(Map.of(), "node", SCRIPTS + "/check_ollama.mjs", MODEL))
                .contains("every call is as it should be");
    }

    /** What a command printed; fails unless it ends with 0 within minutes. */
    private static String run(Map<String, String> environment, String... command) throws Exception {
        var output = Files.createTempFile(home, "client", ".txt");
        Files.createDirectories(PACKAGES.resolve("js"));
        var builder = new ProcessBuilder(List.of(command))
                .directory(PACKAGES.resolve("js").toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("OLLAMA_HOST", "http://" + address);
        builder.environment().putAll(environment);
        var process = builder.start();
        if (!process.waitFor(4, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new IOException(command[0] + " did not end: " + Files.readString(output));
        }
        assertThat(process.exitValue())
                .as("%s: %s", String.join(" ", command), Files.readString(output))
                .isZero();
        return Files.readString(output);
    }
}
