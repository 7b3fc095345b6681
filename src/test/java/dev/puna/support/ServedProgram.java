// SPDX-License-Identifier: Apache-2.0
package dev.puna.support;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The packaged program, serving on a free port of this machine with an empty store of its own until it is closed.
 *
 * <p><b>Owns</b> the server's process. <b>Threads:</b> any.
 */
public final class ServedProgram implements AutoCloseable {
    /** What a model says that thinks and then calls {@code get_weather} for Paris. */
    public static final String CALL_OF_GET_WEATHER = """
            <think>
            I need the weather.
            </think>

            <tool_call>
            {"name": "get_weather", "arguments": {"city": "Paris"}}
            </tool_call>""";

    private static final int TRIES = 600;

    private final Path home;
    private final String address;
    private final PackagedProgram puna;
    private final PackagedProgram.Running server;

    private ServedProgram(Path home, String address, Map<String, String> environment) {
        this.home = home;
        this.address = address;
        puna = new PackagedProgram(home)
                .with("PUNA_NATIVE_LIBS", TestModels.nativeLibraries().toString())
                .with("PUNA_HOST", address)
                .with("PUNA_THREADS", "1");
        environment.forEach(puna::with);
        server = puna.start("serve");
    }

    /** Starts it and waits until it answers. */
    public static ServedProgram start(Path home) throws IOException, InterruptedException {
        return start(home, Map.of());
    }

    /** The same, with more in its environment. */
    public static ServedProgram start(Path home, Map<String, String> environment)
            throws IOException, InterruptedException {
        var served = new ServedProgram(home, freeAddress(), environment);
        for (var i = 0; served.puna.run("list").exitCode() != 0; i++) {
            assertThat(served.server.isAlive() && i < TRIES)
                    .as(served.server.errors())
                    .isTrue();
            Thread.sleep(100);
        }
        return served;
    }

    /** Host and port of this machine that nobody listens at for now. */
    public static String freeAddress() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return "127.0.0.1:" + socket.getLocalPort();
        }
    }

    /** Host and port. */
    public String address() {
        return address;
    }

    /** The process of the server. */
    public PackagedProgram.Running server() {
        return server;
    }

    /** Whether the server still runs. */
    public boolean isAlive() {
        return server.isAlive();
    }

    /** Bytes of memory that the server holds now; Linux alone tells. */
    public long residentBytes() throws IOException {
        return server.residentBytes();
    }

    /** What the server has written to standard error up to now. */
    public String errors() {
        return server.errors();
    }

    /** What starts commands that speak to this server. */
    public PackagedProgram puna() {
        return puna;
    }

    /** Makes a model by {@code create}; {@code more} are further lines of its Modelfile. */
    public void create(String name, Path gguf, String... more) throws IOException {
        var modelfile =
                Files.writeString(home.resolve("Modelfile"), "FROM " + gguf + "\n" + String.join("\n", more) + "\n");
        var created = puna.run("create", name, "-f", modelfile.toString());
        assertThat(created.exitCode()).as(created.errors()).isZero();
    }

    /**
     * Makes a model that says the likeliest token at every step, whatever dialect it is asked in: the default temperature of
     * {@code /v1} takes the place of a model's, its {@code top_k} stays. Drawn at random, one answer in two hundred is empty.
     */
    public void createGreedy(String name, Path gguf) throws IOException {
        create(name, gguf, "PARAMETER temperature 0", "PARAMETER top_k 1");
    }

    /** Makes a model that always says one text, with a Jinja template that knows thoughts and tools. */
    public void createParrot(String name, String text) throws IOException {
        try (var template = ServedProgram.class.getResourceAsStream("/templates/thinking-tools.jinja")) {
            var jinja = new String(requireNonNull(template).readAllBytes(), UTF_8);
            create(
                    name,
                    Files.write(home.resolve("parrot.gguf"), ParrotGguf.saying(jinja, text)),
                    "PARAMETER temperature 0");
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
