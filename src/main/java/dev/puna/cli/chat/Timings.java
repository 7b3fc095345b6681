// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli.chat;

import dev.puna.cli.client.ServerJson;
import dev.puna.go.GoDuration;
import java.time.Duration;
import java.util.Locale;

/** How long an answer took, from the last object of its stream; what is zero is left out. */
final class Timings {
    private Timings() {}

    static String of(ServerJson last) {
        var text = new StringBuilder();
        appendDuration(text, "total duration", last.number("total_duration"));
        appendDuration(text, "load duration", last.number("load_duration"));
        var prompt = last.number("prompt_eval_count");
        var cached = last.number("prompt_eval_cached_count");
        appendCount(text, "prompt eval count", prompt);
        appendCount(text, "prompt eval cached", cached);
        appendPace(text, "prompt eval", prompt - cached, last.number("prompt_eval_duration"));
        appendCount(text, "eval count", last.number("eval_count"));
        appendPace(text, "eval", last.number("eval_count"), last.number("eval_duration"));
        return text.toString();
    }

    private static void appendCount(StringBuilder text, String what, long count) {
        if (count > 0) {
            append(text, what, count + " token(s)");
        }
    }

    private static void appendPace(StringBuilder text, String what, long computed, long nanos) {
        appendDuration(text, what + " duration", nanos);
        if (nanos > 0) {
            append(text, what + " rate", String.format(Locale.ROOT, "%.2f tokens/s", computed * 1e9 / nanos));
        }
    }

    private static void appendDuration(StringBuilder text, String what, long nanos) {
        if (nanos > 0) {
            append(text, what, GoDuration.format(Duration.ofNanos(nanos)));
        }
    }

    private static void append(StringBuilder text, String what, String value) {
        text.append(String.format(Locale.ROOT, "%-21s %s%n", what + ":", value));
    }
}
