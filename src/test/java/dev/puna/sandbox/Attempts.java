// SPDX-License-Identifier: Apache-2.0
package dev.puna.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.puna.process.ChildBounds;
import dev.puna.process.ChildCommand;
import dev.puna.process.ChildProcess;
import dev.puna.process.ExitStatus;
import dev.puna.process.LocalSocket;
import dev.puna.process.ProcessLibrary;
import dev.puna.support.CCompiler;
import dev.puna.support.DatagramSocketFile;
import dev.puna.support.TestModels;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * What {@code test_lock_attempts.c} finds out in a child: a file of a model that it may read, a secret beside it, and sockets of this
 * process that it may not reach.
 *
 * @param results the {@code errno} of each attempt, 0 if it succeeded
 * @param said what came over its socket
 */
record Attempts(SandboxReport report, Map<String, Integer> results, String said, ExitStatus exit) {
    private static final Path PROGRAM = Path.of("native-libs/process/test_lock_attempts.c");
    private static final long PATIENCE_SECONDS = 60;

    /** The program, compiled there. */
    static Path program(Path folder) {
        return CCompiler.in(folder).program("#include \"" + PROGRAM.toAbsolutePath() + "\"\n", "attempts");
    }

    /** Runs it in a folder of its own. */
    static Attempts of(Path program, Path folder, Collection<Restriction> wanted) throws Exception {
        var model = Files.writeString(folder.resolve("model"), "GGUF and more");
        var secret = Files.writeString(folder.resolve("secret"), "a secret");
        var made = Files.createDirectory(folder.resolve("made"));
        var path = folder.resolve("socket");
        var nameless = "puna-test-" + ProcessHandle.current().pid();
        try (var tcp = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var udp = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                var _ = new DatagramSocketFile(path.toString());
                var _ = new DatagramSocketFile("@" + nameless)) {
            return run(
                    SandboxRules.forModel(program, TestModels.nativeLibraries(), List.of(model)),
                    wanted,
                    List.of(
                            program.toString(),
                            Integer.toString(tcp.getLocalPort()),
                            Integer.toString(udp.getLocalPort()),
                            path.toString(),
                            nameless,
                            model.toString(),
                            secret.toString(),
                            made.toString()));
        }
    }

    /** Runs anything. */
    static Attempts run(SandboxRules rules, Collection<Restriction> wanted, List<String> command) throws Exception {
        var library = ProcessLibrary.load(TestModels.nativeLibraries());
        var lines = new ConcurrentLinkedQueue<String>();
        var pair = LocalSocket.pair();
        try (var ours = pair.ours();
                var sandbox = Sandbox.with(library, rules, wanted)) {
            var child = start(command, pair.theirs(), sandbox, lines::add);
            try {
                var exit = child.exit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
                return new Attempts(sandbox.report(child.locks()), results(lines), rest(ours), exit);
            } finally {
                child.kill();
            }
        }
    }

    /** Hands the child its end of the socket, which this process then gives up. */
    private static ChildProcess start(List<String> command, LocalSocket end, Sandbox sandbox, Consumer<String> lines)
            throws Exception {
        try (end) {
            return ChildProcess.start(
                    new ChildCommand(command, Map.of()), List.of(end), new ChildBounds(Map.of(), sandbox), lines);
        }
    }

    private static Map<String, Integer> results(Collection<String> lines) {
        var results = new LinkedHashMap<String, Integer>();
        for (var line : lines) {
            var space = line.lastIndexOf(' ');
            if (line.matches("[a-z0-9-]+ [0-9]+")) {
                results.put(line.substring(0, space), Integer.valueOf(line.substring(space + 1)));
            }
        }
        return results;
    }

    private static String rest(LocalSocket socket) throws IOException {
        var bytes = new byte[100];
        var length = socket.read(bytes, 0, bytes.length);
        return length < 0 ? "" : new String(bytes, 0, length, UTF_8);
    }
}
