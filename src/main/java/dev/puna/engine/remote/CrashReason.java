// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.remote;

import dev.puna.failure.Failure;
import dev.puna.failure.InsufficientMemory;
import dev.puna.failure.NativeFailure;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Why the process of a model has ended, in a sentence for who waits for an answer. */
final class CrashReason {
    private static final int LONGEST_LINE = 300;

    /** As Ollama begins it. Source: contract 1.3. */
    private static final String BEGINNING =
            "model runner has unexpectedly stopped, this may be due to resource limitations or an internal error, "
                    + "check ollama server logs for details: ";

    /** How the program begins the sentence with which it refuses to start. */
    private static final String OWN_SENTENCE = "Error: ";

    /** What llama.cpp writes when it gives up; what follows it are addresses. */
    private static final List<String> TELLING = List.of("GGML_ASSERT", "GGML_ABORT", "error", "failed", "terminate");

    private CrashReason() {}

    /**
     * @param name of the model
     * @param complaint what this side has to say; empty for nothing
     * @param end absent if it has not ended
     * @param limit bytes of memory that it might have
     * @return {@link InsufficientMemory} if that is what it wrote before it ended
     */
    static Failure of(String name, String complaint, Runner.@Nullable End end, OptionalLong limit) {
        var lack = end == null || !complaint.isEmpty() ? Optional.<String>empty() : OutOfMemory.line(end.lastLines());
        return lack.<Failure>map(line -> new InsufficientMemory(BEGINNING + "the process of '" + name
                        + "' ran out of memory and ended with " + end.reason() + ": " + shortened(line)
                        + OutOfMemory.advice(limit)))
                .orElseGet(() -> new NativeFailure(sentence(name, complaint, end)));
    }

    private static String sentence(String name, String complaint, Runner.@Nullable End end) {
        if (!complaint.isEmpty()) {
            return BEGINNING + "the process of '" + name + "' was ended: " + complaint;
        }
        if (end == null) {
            return BEGINNING + "the process of '" + name + "' has closed its connection";
        }
        var last = end.lastLines().isEmpty() ? "" : end.lastLines().getLast();
        if (last.startsWith(OWN_SENTENCE)) {
            return last.substring(OWN_SENTENCE.length());
        }
        var line = tellingLine(end.lastLines());
        return BEGINNING + "the process of '" + name + "' ended with " + end.reason()
                + (line.isEmpty() ? "" : ": " + line);
    }

    private static String tellingLine(List<String> lines) {
        var found = lines.reversed().stream()
                .filter(line -> TELLING.stream().anyMatch(line::contains))
                .findFirst()
                .orElse("");
        return shortened(found);
    }

    private static String shortened(String line) {
        return line.length() > LONGEST_LINE ? line.substring(0, LONGEST_LINE) : line;
    }
}
