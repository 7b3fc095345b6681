// SPDX-License-Identifier: Apache-2.0
package dev.puna.bench;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A server process on a port of its own, ended with the benchmark. */
final class RunningServer implements AutoCloseable {

    private static final Duration LONGEST = Duration.ofMinutes(5);

    private static final long SETTLED_MILLIS = 3000;

    final String base;
    final double readyMillis;
    private final Process process;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    private RunningServer(String base, Process process, String readyPath) throws IOException, InterruptedException {
        this.base = base;
        this.process = process;
        var start = System.nanoTime();
        while (!ready(readyPath)) {
            if (!process.isAlive() || System.nanoTime() - start > LONGEST.toNanos()) {
                close();
                throw new IOException("the server did not become ready: " + process.info());
            }
            Thread.sleep(2);
        }
        this.readyMillis = (System.nanoTime() - start) / 1e6;
    }

    /** Starts a command; {@code PORT} in it is replaced, and the log goes to a file. */
    static RunningServer start(List<String> command, Map<String, String> environment, String readyPath)
            throws IOException, InterruptedException {
        var port = freePort();
        var withPort = command.stream().map(word -> word.replace("PORT", port)).toList();
        var builder = new ProcessBuilder(withPort).redirectErrorStream(true);
        builder.redirectOutput(Files.createTempFile("bench", ".log").toFile());
        environment.forEach((key, value) -> builder.environment().put(key, value.replace("PORT", port)));
        return new RunningServer("http://127.0.0.1:" + port, builder.start(), readyPath);
    }

    HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
        return checked(client.send(request(path, body), BodyHandlers.ofString()));
    }

    String get(String path) throws IOException, InterruptedException {
        var request =
                HttpRequest.newBuilder(URI.create(base + path)).timeout(LONGEST).build();
        return checked(client.send(request, BodyHandlers.ofString())).body();
    }

    /** Sends a request whose answer comes in lines, and notes when the first and the last piece of it came. */
    Stream stream(String path, String body, String pieceMark) throws IOException, InterruptedException {
        var start = System.nanoTime();
        var response = client.send(request(path, body), BodyHandlers.ofLines());
        if (response.statusCode() != 200) {
            throw new IOException(path + " answered " + response.statusCode() + ": "
                    + String.join("", response.body().toList()));
        }
        var stream = new Stream(start);
        try (var lines = response.body()) {
            lines.forEach(line -> stream.line(line, line.contains(pieceMark)));
        }
        return stream;
    }

    /** Memory that it holds when nobody has asked anything for a while, in MiB. */
    double idleMegabytes() throws IOException, InterruptedException {
        Thread.sleep(SETTLED_MILLIS);
        return residentMegabytes();
    }

    /** Memory that the server and its processes hold now, in MiB, all they share with others included. */
    double residentMegabytes() throws IOException {
        var sum = 0.0;
        for (var part : processes()) {
            sum += residentMegabytes(part);
        }
        return sum;
    }

    /** Of the processes of models only. */
    double childMegabytes() throws IOException {
        var sum = 0.0;
        for (var runner : runners()) {
            sum += residentMegabytes(runner);
        }
        return sum;
    }

    /** Ends all of it at once, as a machine that fails does. */
    void kill() throws InterruptedException {
        killRunners();
        process.destroyForcibly().waitFor();
    }

    /** Processor time that the server and its processes have taken since they began, in milliseconds. */
    double cpuMillis() {
        return processes().stream()
                .mapToLong(part ->
                        part.info().totalCpuDuration().orElse(Duration.ZERO).toMillis())
                .sum();
    }

    void killRunners() {
        runners().forEach(ProcessHandle::destroyForcibly);
    }

    private List<ProcessHandle> processes() {
        var all = new ArrayList<>(process.descendants().toList());
        all.add(process.toHandle());
        return all;
    }

    /** The server itself. */
    ProcessHandle handle() {
        return process.toHandle();
    }

    /** The processes of models. */
    List<ProcessHandle> runners() {
        return process.descendants()
                .filter(part -> part.info().commandLine().orElse("").endsWith(" runner"))
                .toList();
    }

    private static double residentMegabytes(ProcessHandle part) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + part.pid() + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS"))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024)
                .findFirst()
                .orElse(Double.NaN);
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
        try {
            process.onExit().get(20, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException stubborn) {
            process.destroyForcibly();
        }
    }

    private boolean ready(String path) throws InterruptedException {
        try {
            var request = HttpRequest.newBuilder(URI.create(base + path))
                    .timeout(Duration.ofSeconds(5))
                    .build();
            return client.send(request, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    private HttpRequest request(String path, String body) {
        return HttpRequest.newBuilder(URI.create(base + path))
                .timeout(LONGEST)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build();
    }

    private static HttpResponse<String> checked(HttpResponse<String> response) throws IOException {
        if (response.statusCode() >= 300) {
            throw new IOException(response.uri() + " answered " + response.statusCode() + ": " + response.body());
        }
        return response;
    }

    private static String freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return Integer.toString(socket.getLocalPort());
        }
    }

    /** When the pieces of an answer came. */
    static final class Stream {
        private final long start;
        private final List<Long> moments = new ArrayList<>();
        private long first;
        private long last;
        private int pieces;
        private String end = "";

        private Stream(long start) {
            this.start = start;
        }

        private void line(String line, boolean piece) {
            if (!line.isEmpty() && !line.equals("data: [DONE]")) {
                end = line;
            }
            if (piece) {
                last = System.nanoTime();
                moments.add(last);
                if (pieces++ == 0) {
                    first = last;
                }
            }
        }

        /** The last line with something in it, which tells what the answer took. */
        String end() {
            return end;
        }

        int pieces() {
            return pieces;
        }

        double firstMillis() {
            return firstMillisSince(start);
        }

        /** Until the first piece, from a moment of {@link System#nanoTime}. */
        double firstMillisSince(long moment) {
            return (first - moment) / 1e6;
        }

        /** Milliseconds between each two pieces while something went on from one moment of {@link System#nanoTime} to another. */
        Samples gaps(long from, long to) {
            var gaps = new Samples();
            for (var i = 1; i < moments.size(); i++) {
                if (moments.get(i) >= from && moments.get(i - 1) <= to) {
                    gaps.add((moments.get(i) - moments.get(i - 1)) / 1e6);
                }
            }
            return gaps;
        }

        /** Pieces a second after the first. */
        double perSecond() {
            return (pieces - 1) * 1e9 / (last - first);
        }
    }
}
