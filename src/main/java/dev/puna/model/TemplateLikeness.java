// SPDX-License-Identifier: Apache-2.0
package dev.puna.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds the well-known Jinja template that a template is like: fewer than a hundred letters have to be changed, put in or taken
 * out. Source: Ollama 0.32, {@code template.Named}.
 *
 * <p>Of the known templates only fingerprints are here, word by word, so a word counts as wholly changed where one letter of it
 * is; that makes a difference only near the bound.
 */
final class TemplateLikeness {
    private static final int UNLIKE = 100;
    private static final int LONGEST_WORD = 31;
    private static final Pattern WORDS = Pattern.compile("[A-Za-z0-9_]+|.", Pattern.DOTALL);

    private TemplateLikeness() {}

    /** The name of the most alike, the first of several. */
    static Optional<String> closest(String jinja) {
        var words = fingerprint(jinja);
        @Nullable String closest = null;
        var least = UNLIKE;
        for (var template : Known.TEMPLATES) {
            var distance = distance(words, template.words(), least);
            if (distance < least) {
                least = distance;
                closest = template.name();
            }
        }
        return Optional.ofNullable(closest);
    }

    /** Of all known ones, each once. */
    static Set<String> names() {
        return Known.TEMPLATES.stream().map(Template::name).collect(Collectors.toCollection(TreeSet::new));
    }

    private static int[] fingerprint(String jinja) {
        return WORDS.matcher(jinja)
                .results()
                .mapToInt(word -> fingerprintOf(word.group()))
                .toArray();
    }

    private static int fingerprintOf(String word) {
        int hash = word.codePoints().reduce(0, (sum, letter) -> sum * 31 + letter);
        hash ^= hash >>> 15;
        hash *= 0x2c1b3c6d;
        hash ^= hash >>> 12;
        return (hash & 0x7ff) << 5 | Math.min(word.codePointCount(0, word.length()), LONGEST_WORD);
    }

    private static int lengthOf(int word) {
        return word & LONGEST_WORD;
    }

    /** Levenshtein's, with words weighed by their length; the bound if it is not below that. */
    private static int distance(int[] a, int[] b, int bound) {
        if (Math.abs(lengthOf(a) - lengthOf(b)) >= bound) {
            return bound;
        }
        var row = new int[b.length + 1];
        for (int j = 0; j < b.length; j++) {
            row[j + 1] = row[j] + lengthOf(b[j]);
        }
        for (int word : a) {
            var next = new int[b.length + 1];
            next[0] = row[0] + lengthOf(word);
            var least = next[0];
            for (int j = 0; j < b.length; j++) {
                var changed = row[j] + (word == b[j] ? 0 : Math.max(lengthOf(word), lengthOf(b[j])));
                next[j + 1] = Math.min(changed, Math.min(row[j + 1] + lengthOf(word), next[j] + lengthOf(b[j])));
                least = Math.min(least, next[j + 1]);
            }
            if (least >= bound) {
                return bound;
            }
            row = next;
        }
        return Math.min(row[b.length], bound);
    }

    private static int lengthOf(int[] words) {
        return Arrays.stream(words).map(TemplateLikeness::lengthOf).sum();
    }

    private record Template(String name, int[] words) {}

    /** Read when a model is made for the first time. */
    private static final class Known {
        private static final List<Template> TEMPLATES = read();

        private static List<Template> read() {
            var templates = new ArrayList<Template>();
            try (var file = requireNonNull(
                    TemplateLikeness.class.getResourceAsStream("/known-templates.txt"), "no known templates")) {
                new String(file.readAllBytes(), UTF_8)
                        .lines()
                        .filter(line -> !line.startsWith("#"))
                        .forEach(line -> templates.add(template(line)));
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read the known templates", e);
            }
            return List.copyOf(templates);
        }

        private static Template template(String line) {
            var space = line.indexOf(' ');
            var bytes = Base64.getDecoder().decode(line.substring(space + 1));
            var words = new int[bytes.length / 2];
            for (int i = 0; i < words.length; i++) {
                words[i] = (bytes[2 * i] & 0xff) << 8 | (bytes[2 * i + 1] & 0xff);
            }
            return new Template(line.substring(0, space), words);
        }
    }
}
