// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli.client;

import dev.puna.cli.text.Progress;
import dev.puna.settings.HostAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Starts {@code puna serve} as a process that outlives this one: in a session of its own, so that Ctrl-C meant for a command
 * does not reach it, with its output in a file.
 */
public final class BackgroundServer {
    private static final Duration READY_WITHIN = Duration.ofSeconds(60);
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(2);
    private static final Duration BETWEEN_QUESTIONS = Duration.ofMillis(50);
    /** Starts what follows the log file's name in a process group of its own and prints its process id. */
    private static final String WITHOUT_SETSID = "set -m; \"$@\" </dev/null >>\"$0\" 2>&1 & echo $!";

    private final Map<String, String> environment;
    private final LaunchCommand command;
    private final Path folder;
    private final Path log;

    public BackgroundServer(UserFolders folders) {
        this.environment = folders.environment();
        this.command = new LaunchCommand(environment);
        this.folder = folders.state();
        this.log = folder.resolve("serve.log");
    }

    /** What {@link #start} did. */
    public record Started(long processId, Path log) {}

    /** Whether this address is one where a server may be started unasked: only this machine can reach it. */
    public boolean mayServe(PunaServer server) {
        return server.address().isLoopback()
                && server.address().port() > 0
                && command.words().isPresent();
    }

    /**
     * Starts a server and waits until it answers; nothing is started if another command has done so meanwhile.
     *
     * @throws CommandFailure when it ends before, or does not answer within a minute
     */
    public Optional<Started> start(PunaServer server, Progress progress) {
        progress.step("starting puna serve");
        try {
            Files.createDirectories(folder);
            try (var lock = FileChannel.open(
                            folder.resolve("serve.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    var _ = lock.lock()) {
                return server.answers(ANSWER_WITHIN) ? Optional.empty() : Optional.of(start(server));
            }
        } catch (IOException e) {
            throw new CommandFailure("could not start puna serve: " + IoReason.of(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure("interrupted while puna serve was starting", e);
        }
    }

    private Started start(PunaServer server) throws IOException, InterruptedException {
        var before = Files.exists(log) ? Files.size(log) : 0;
        var process = launch(command.words().orElseThrow());
        awaitAnswer(server, process, before);
        return new Started(process.pid(), log);
    }

    private ProcessHandle launch(List<String> serve) throws IOException {
        var setsid = new Programs(environment).find("setsid");
        if (setsid.isPresent()) {
            var words = new ArrayList<String>(List.of(setsid.get().toString()));
            words.addAll(serve);
            return detached(words)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .redirectErrorStream(true)
                    .start()
                    .toHandle();
        }
        var words = new ArrayList<String>(List.of("sh", "-c", WITHOUT_SETSID, log.toString()));
        words.addAll(serve);
        var shell =
                detached(words).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try (var reader = shell.inputReader()) {
            var line = Optional.ofNullable(reader.readLine()).orElse("");
            return ProcessHandle.of(Long.parseLong(line.strip()))
                    .orElseThrow(() -> new IOException("it ended at once; see " + log));
        } catch (NumberFormatException e) {
            throw new IOException("sh could not start it in the background", e);
        }
    }

    private ProcessBuilder detached(List<String> words) {
        var builder = new ProcessBuilder(words)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        builder.environment().clear();
        builder.environment().putAll(environment);
        return builder;
    }

    private void awaitAnswer(PunaServer server, ProcessHandle process, long logBefore)
            throws IOException, InterruptedException {
        var deadline = System.nanoTime() + READY_WITHIN.toNanos();
        while (!server.answers(ANSWER_WITHIN)) {
            if (!process.isAlive() && !isTaken(server.address())) {
                throw new CommandFailure(
                        "puna serve ended before it answered: " + lastWords(logBefore) + " (log: " + log + ")");
            }
            if (System.nanoTime() > deadline) {
                throw new CommandFailure("puna serve did not answer within " + READY_WITHIN.toSeconds()
                        + " seconds; it may still be starting (log: " + log + ")");
            }
            TimeUnit.NANOSECONDS.sleep(BETWEEN_QUESTIONS.toNanos());
        }
    }

    /** Somebody else may start a server on the same port meanwhile; it serves this command as well. */
    private static boolean isTaken(HostAddress address) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(address.host(), address.port()), (int) ANSWER_WITHIN.toMillis());
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    private String lastWords(long logBefore) throws IOException {
        try (var channel = Files.newByteChannel(log, StandardOpenOption.READ)) {
            channel.position(Math.min(logBefore, channel.size()));
            var text = new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
            return text.lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .reduce("it said nothing", (_, last) -> last);
        }
    }
}
