// SPDX-License-Identifier: Apache-2.0
package dev.puna.settings;

import dev.puna.failure.InvalidRequest;
import dev.puna.go.GoDuration;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The environment, asked by the ending of a variable's name: {@code PUNA_HOST} answers for {@code HOST}, else
 * {@code OLLAMA_HOST} does. A value that is empty once spaces and quotes around it are gone counts as absent.
 */
final class Variables {
    private static final List<String> TRUE = List.of("1", "t", "T", "TRUE", "true", "True");
    private static final List<String> FALSE = List.of("0", "f", "F", "FALSE", "false", "False");
    private static final Pattern WHOLE_NUMBER = Pattern.compile("[+-]?\\d{1,9}");
    private static final Pattern QUOTES = Pattern.compile("^[\"']+|[\"']+$");
    private static final String DURATION = "a duration like 5m, 90s or 1h30m, or a number of seconds";

    private final Map<String, String> environment;

    Variables(Map<String, String> environment) {
        this.environment = environment;
    }

    Optional<String> text(String ending) {
        return nameOf(ending).map(this::value);
    }

    /** The value as {@code reader} understands it; when that throws, the failure says what is accepted. */
    <T> Optional<T> read(String ending, String accepted, Function<String, T> reader) {
        return nameOf(ending).map(name -> {
            try {
                return reader.apply(value(name));
            } catch (InvalidRequest | IllegalArgumentException _) {
                throw new InvalidRequest(
                        name + " is \"" + value(name) + "\", but it must be " + accepted + "; correct or unset it");
            }
        });
    }

    /** As Go's {@code strconv.ParseBool} reads it. */
    Optional<Boolean> flag(String ending) {
        return read(ending, "1 or true, 0 or false", Variables::parseFlag);
    }

    Optional<Integer> count(String ending) {
        return read(ending, "a whole number from 0 to " + Integer.MAX_VALUE, Variables::parseCount);
    }

    /** A count of which 0 says that the server is to choose. */
    OptionalInt countOrZero(String ending) {
        var count = count(ending).orElse(0);
        return count == 0 ? OptionalInt.empty() : OptionalInt.of(count);
    }

    Optional<Long> bytes(String ending) {
        return read(ending, "a number of bytes, 0 or more", Variables::parseBytes);
    }

    Optional<Duration> seconds(String ending) {
        return read(ending, DURATION, Variables::parseSeconds);
    }

    Optional<String> word(String ending, String... known) {
        var words = List.of(known);
        return read(ending, "one of " + String.join(", ", words), text -> {
            var word = text.toLowerCase(Locale.ROOT);
            if (!words.contains(word)) {
                throw new IllegalArgumentException(text);
            }
            return word;
        });
    }

    int verbosity(String ending) {
        return read(
                        ending,
                        "0, 1 (debug) or 2 (trace), or true or false",
                        text -> text.equals("2") ? 2 : parseFlag(text) ? 1 : 0)
                .orElse(0);
    }

    List<String> list(String ending) {
        return text(ending).stream()
                .flatMap(text -> Stream.of(text.split(",")))
                .map(String::strip)
                .filter(item -> !item.isEmpty())
                .toList();
    }

    Optional<Path> folder(String ending) {
        return read(ending, "the path of a folder", Path::of);
    }

    /** Paths as {@code PATH} has them, one behind the other. */
    List<Path> folders(String ending) {
        return read(ending, "paths of folders with '" + File.pathSeparator + "' between them", text -> Stream.of(
                                text.split(Pattern.quote(File.pathSeparator)))
                        .map(String::strip)
                        .filter(item -> !item.isEmpty())
                        .map(item -> Path.of(item).toAbsolutePath().normalize())
                        .distinct()
                        .toList())
                .orElse(List.of());
    }

    /** Where Ollama keeps its models, so that both find the same ones. */
    Path defaultModels() {
        return HomeFolder.of(environment).resolve(".ollama/models");
    }

    private Optional<String> nameOf(String ending) {
        return Stream.of("PUNA_" + ending, "OLLAMA_" + ending)
                .filter(name -> !value(name).isEmpty())
                .findFirst();
    }

    private String value(String name) {
        return QUOTES.matcher(environment.getOrDefault(name, "").strip()).replaceAll("");
    }

    private static boolean parseFlag(String text) {
        if (TRUE.contains(text)) {
            return true;
        }
        if (FALSE.contains(text)) {
            return false;
        }
        throw new IllegalArgumentException(text);
    }

    private static int parseCount(String text) {
        var count = Integer.parseInt(text);
        if (count < 0) {
            throw new IllegalArgumentException(text);
        }
        return count;
    }

    private static long parseBytes(String text) {
        var bytes = Long.parseLong(text);
        if (bytes < 0) {
            throw new IllegalArgumentException(text);
        }
        return bytes;
    }

    private static Duration parseSeconds(String text) {
        return WHOLE_NUMBER.matcher(text).matches() ? Duration.ofSeconds(Long.parseLong(text)) : GoDuration.parse(text);
    }
}
