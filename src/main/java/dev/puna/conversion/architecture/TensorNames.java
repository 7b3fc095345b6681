// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.architecture;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How the tensors of an architecture are called in GGUF, by what models call them. The names are in the resource
 * {@code tensor-names.txt}; where two entries fit, the later one counts. Immutable; any thread.
 */
final class TensorNames {
    private static final String TABLE = "/conversion/tensor-names.txt";
    private static final List<String> SUFFIXES = List.of(".weight", ".bias");

    private final Map<String, String> names;
    private final Set<String> entries;
    private final long blocks;

    private TensorNames(Map<String, String> names, Set<String> entries, long blocks) {
        this.names = names;
        this.entries = entries;
        this.blocks = blocks;
    }

    /** The names in a model with so many blocks. */
    static TensorNames of(String architecture, long blocks) {
        var lines = new ArrayList<String[]>();
        Set<String> entries = new HashSet<>();
        try (var in = new BufferedReader(new InputStreamReader(
                Optional.ofNullable(TensorNames.class.getResourceAsStream(TABLE))
                        .orElseThrow(),
                StandardCharsets.UTF_8))) {
            for (var line = in.readLine(); line != null; line = in.readLine()) {
                var words = line.split(" ", -1);
                if (words[0].equals("@" + architecture)) {
                    entries.addAll(Arrays.asList(words).subList(1, words.length));
                } else if (!words[0].startsWith("@") && !words[0].equals("#")) {
                    lines.add(words);
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException(TABLE, e);
        }
        if (entries.isEmpty()) {
            throw new IllegalStateException(TABLE + " has no " + architecture);
        }
        var names = new HashMap<String, String>();
        for (var words : lines) {
            if (entries.contains(words[0])) {
                var name = words[0].replace("'", "");
                names.put(name, name);
                for (var index = 1; index < words.length; index++) {
                    names.put(words[index], name);
                }
            }
        }
        return new TensorNames(names, entries, blocks);
    }

    /** The name in GGUF, with the suffix that the tensor has. */
    Optional<String> find(String tensor) {
        return exact(tensor).or(() -> {
            for (var suffix : SUFFIXES) {
                if (tensor.endsWith(suffix)) {
                    var found = exact(tensor.substring(0, tensor.length() - suffix.length()));
                    if (found.isPresent()) {
                        return found.map(name -> name + suffix);
                    }
                }
            }
            return Optional.empty();
        });
    }

    /** Whether the architecture has an entry, {@code blk.#.ffn_gate_inp}. */
    boolean has(String entry) {
        return entries.contains(entry);
    }

    private Optional<String> exact(String tensor) {
        var name = names.get(tensor);
        if (name != null) {
            return Optional.of(name);
        }
        var from = 0;
        while (from < tensor.length()) {
            var end = tensor.indexOf('.', from);
            var to = end < 0 ? tensor.length() : end;
            var number = number(tensor, from, to);
            if (number >= 0) {
                var found = number < blocks ? names.get(tensor.substring(0, from) + '#' + tensor.substring(to)) : null;
                return Optional.ofNullable(found).map(pattern -> pattern.replace("#", Long.toString(number)));
            }
            from = to + 1;
        }
        return Optional.empty();
    }

    /** The number between two places of a name, or -1 if it is none. */
    static long number(String name, int from, int to) {
        if (from == to || to - from > 9) {
            return -1;
        }
        var number = 0L;
        for (var index = from; index < to; index++) {
            var digit = name.charAt(index) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return number;
    }

    /** The number of a tensor's block, which is the first number in its name, or -1. */
    static int block(String name) {
        var from = 0;
        while (from < name.length()) {
            var end = name.indexOf('.', from);
            var to = end < 0 ? name.length() : end;
            var number = number(name, from, to);
            if (number >= 0) {
                return (int) number;
            }
            from = to + 1;
        }
        return -1;
    }
}
