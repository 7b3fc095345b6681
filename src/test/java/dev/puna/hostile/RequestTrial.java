// SPDX-License-Identifier: Apache-2.0
package dev.puna.hostile;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Sends malformed requests to one server, each on a connection of its own, and judges what comes back. <b>Threads:</b> any. */
final class RequestTrial {
    /** For the connection, and between two pieces of an answer. */
    private static final int BOUND_MILLIS = 40_000;

    /** Of answers; who gets more leaves. */
    private static final int MOST = 1 << 20;

    /** How errors begin that have a status of 500 and above in Ollama, too. */
    private static final List<String> OF_OLLAMA = List.of(
            "template: ",
            "pull model manifest: ",
            "open ",
            "supplied file was not in GGUF format",
            "only one adapter is currently supported",
            "unsupported quantization type",
            "quantization is only supported for F16, BF16 and F32 models",
            "model runner has unexpectedly stopped",
            "an error was encountered while running the model: ",
            "server busy, please try again.  maximum pending requests exceeded",
            "This server does not support embeddings.");

    /** A registry that this server may not ask is one that cannot be asked, which is a 500 in Ollama, too. */
    private static final String NOT_ALLOWED = "may not be asked: it is not in PUNA_REGISTRY_ALLOW";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final InetSocketAddress server;
    private final Runnable hanging;
    private final AtomicLong slowestMillis = new AtomicLong();

    /**
     * @param hanging is run whenever nothing has come for too long, while the server still has that connection
     */
    RequestTrial(String address, Runnable hanging) {
        this.hanging = hanging;
        var colon = address.lastIndexOf(':');
        server = new InetSocketAddress(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
    }

    /** How long the slowest of all answers up to now took to its end, without those that never came. */
    long slowestMillis() {
        return slowestMillis.get();
    }

    /**
     * Sends one, and requires that each answer is one, and no fault.
     *
     * @return the statuses that came
     * @throws NoAnswer if the server hangs
     * @throws AssertionError if it answers what it must not
     * @throws IOException if there is no server any more
     */
    List<Integer> judge(MalformedRequest request) throws IOException {
        var answers = RawAnswers.of(exchanged(request), request.isHead());
        if (request.leaves()) {
            return List.of();
        }
        if (answers.size() > request.answers() || (request.exact() && answers.size() != request.answers())) {
            throw new AssertionError(answers.size() + " answers: " + answers);
        }
        answers.forEach(RequestTrial::judge);
        return answers.stream().map(RawAnswers.Answer::status).toList();
    }

    private static void judge(RawAnswers.Answer answer) {
        var text = answer.type().startsWith("application/json") ? error(answer) : answer.body();
        if (answer.status() >= 400
                && (text.contains("java.") || text.contains("Exception") || text.contains("\tat "))) {
            throw new AssertionError("an error in Java's words: " + answer);
        }
        // Of another version of HTTP, or of a coding that is not known: 501 and 505, as Go's server.
        var ofGo = answer.status() == 501 && (text.isEmpty() || text.equals("Unsupported transfer encoding"));
        var ofOllama = OF_OLLAMA.stream().anyMatch(text::startsWith) || text.contains(NOT_ALLOWED);
        if (answer.status() >= 500 && !ofOllama && !ofGo) {
            throw new AssertionError("a fault that is not Ollama's: " + answer);
        }
    }

    /** The text of an error; empty if there is none. */
    private static String error(RawAnswers.Answer answer) {
        if (answer.status() < 400 || answer.body().isEmpty()) {
            return "";
        }
        try {
            var error = JSON.readTree(answer.body()).path("error");
            var text = error.isObject() ? error.path("message").asText() : error.asText();
            if (text.isBlank()) {
                throw new AssertionError("an error without a sentence: " + answer);
            }
            return text;
        } catch (JsonProcessingException broken) {
            throw new AssertionError("an error that is no JSON: " + answer, broken);
        }
    }

    /** Sends it and reads until the server ends the connection. */
    private byte[] exchanged(MalformedRequest request) throws IOException {
        var answers = new ByteArrayOutputStream();
        var begun = System.nanoTime();
        var wrote = -1L;
        try (var socket = new Socket()) {
            socket.setSoTimeout(BOUND_MILLIS);
            socket.connect(server, BOUND_MILLIS);
            try {
                socket.getOutputStream().write(request.bytes());
                if (request.leaves()) {
                    return new byte[0];
                }
                socket.shutdownOutput();
                wrote = millisSince(begun);
            } catch (SocketException refused) {
                // It was answered before it was at its end; the answer may be there still.
            }
            readAll(socket, answers);
            slowestMillis.accumulateAndGet(millisSince(begun), Math::max);
        } catch (SocketTimeoutException silence) {
            throw new NoAnswer(
                    "neither an end nor an answer at %s, %d ms after its begin, written after %d ms: %s"
                            .formatted(Instant.now(), millisSince(begun), wrote, answers.toString(UTF_8)),
                    silence);
        } catch (SocketException reset) {
            if (reset instanceof ConnectException) {
                throw reset;
            }
        }
        return answers.toByteArray();
    }

    private void readAll(Socket socket, ByteArrayOutputStream answers) throws IOException {
        var buffer = new byte[8_192];
        try {
            for (var read = 0;
                    read >= 0 && answers.size() < MOST;
                    read = socket.getInputStream().read(buffer)) {
                answers.write(buffer, 0, read);
            }
        } catch (SocketTimeoutException silence) {
            hanging.run();
            throw silence;
        }
    }

    private static long millisSince(long begun) {
        return (System.nanoTime() - begun) / 1_000_000;
    }

    /** The server said nothing for as long as one waits. */
    static final class NoAnswer extends AssertionError {
        private static final long serialVersionUID = 1;

        private NoAnswer(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
