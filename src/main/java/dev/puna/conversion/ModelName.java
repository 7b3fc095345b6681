// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What the name of a repository or a folder says: {@code meta-llama/Llama-3.2-1B-Instruct} has an organization, a base name, a size
 * and a fine-tuning. Source: the naming convention of GGUF, as gguf-py reads it.
 */
record ModelName(
        Optional<String> name,
        Optional<String> organization,
        Optional<String> baseName,
        Optional<String> fineTune,
        Optional<String> version,
        Optional<String> size) {
    private static final ModelName NOTHING = of(Optional.empty());
    private static final Pattern VERSION = Pattern.compile("(v|iter)?\\d+([.]\\d+)*", Pattern.CASE_INSENSITIVE);
    private static final Pattern TYPE = Pattern.compile("i?q\\d(_\\w)*|b?fp?(16|32)", Pattern.CASE_INSENSITIVE);
    private static final Pattern SIZE = Pattern.compile(
            "(([A]|\\d+[x])?\\d+([._]\\d+)?[KMBT][\\d]?|small|mini|medium|large|x?xl)", Pattern.CASE_INSENSITIVE);
    private static final Pattern FINE_TUNE = Pattern.compile("chat|instruct|vision|lora", Pattern.CASE_INSENSITIVE);

    private enum Kind {
        BASE,
        SIZE,
        FINE_TUNE,
        VERSION,
        TYPE
    }

    /** A part of a name between dashes, and what it may be. */
    private static final class Part {
        private String text;
        private final Set<Kind> kinds = EnumSet.noneOf(Kind.class);

        Part(String text) {
            this.text = text;
        }
    }

    private static ModelName of(Optional<String> name) {
        return new ModelName(
                name, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /**
     * Reads a name.
     *
     * @param parameters of the model, by which a size is told from a length of context
     */
    static ModelName read(String id, long parameters) {
        if (id.isEmpty()) {
            return NOTHING;
        }
        if (id.indexOf(' ') >= 0) {
            return of(Optional.of(id));
        }
        var slash = id.indexOf('/');
        Optional<String> organization =
                slash > 0 && id.charAt(0) != '.' ? Optional.of(id.substring(0, slash)) : Optional.empty();
        var full = slash < 0 ? id : id.substring(slash + 1);
        var parts = new ArrayList<Part>();
        for (var text : full.split("-", -1)) {
            if (!text.isEmpty()) {
                parts.add(new Part(text));
            }
        }
        for (var index = 0; index < parts.size(); index++) {
            annotate(parts.get(index), index == 0, parameters);
        }
        dropWordsForSizes(parts);
        findBase(parts);
        return named(full, organization, parts);
    }

    private static void annotate(Part part, boolean first, long parameters) {
        if (VERSION.matcher(part.text).matches()) {
            part.kinds.add(Kind.VERSION);
        } else if (TYPE.matcher(part.text).matches()) {
            part.kinds.add(Kind.TYPE);
            part.text = part.text.toUpperCase(Locale.ROOT);
        } else if (!first && SIZE.matcher(part.text).matches()) {
            size(part, parameters);
        } else if (!first && FINE_TUNE.matcher(part.text).matches()) {
            part.kinds.add(Kind.FINE_TUNE);
        }
    }

    private static void size(Part part, long parameters) {
        var text = part.text.replace('_', '.');
        var last = text.length() - 1;
        if (digit(text, last)) {
            // 7b1 is 7.1b
            text = text.substring(0, last - 1) + "." + text.charAt(last) + text.charAt(last - 1);
            last = text.length() - 1;
        }
        if (last > 0 && digit(text, last - 1)) {
            text = text.substring(0, last) + Character.toUpperCase(text.charAt(last));
        }
        if (parameters > 0) {
            var claimed = claimed(text);
            if (claimed >= 0 && Math.abs(claimed - parameters) > Math.floorDiv(7 * parameters, 8)) {
                part.kinds.add(Kind.FINE_TUNE);
                text = text.substring(0, last) + Character.toLowerCase(text.charAt(last));
            }
        }
        if (part.kinds.isEmpty()) {
            part.kinds.add(Kind.SIZE);
        }
        part.text = text;
    }

    /** Parameters by a size, or -1 where it is a word or a product. */
    private static double claimed(String text) {
        var power = " KMBT".indexOf(text.charAt(text.length() - 1));
        try {
            // What is no unit counts as one of a thousandth, as an index of -1 does there.
            return Double.parseDouble(text.substring(0, text.length() - 1)) * Math.pow(1000, power);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private static boolean digit(String text, int index) {
        return text.charAt(index) >= '0' && text.charAt(index) <= '9';
    }

    private static void dropWordsForSizes(List<Part> parts) {
        if (parts.stream()
                .anyMatch(part ->
                        part.kinds.contains(Kind.SIZE) && part.text.chars().anyMatch(Character::isDigit))) {
            for (var part : parts) {
                if (part.text.chars().allMatch(Character::isLetter)) {
                    part.kinds.remove(Kind.SIZE);
                }
            }
        }
    }

    private static void findBase(List<Part> parts) {
        var start = true;
        for (var part : parts) {
            if (start
                    && ((part.kinds.isEmpty() && Character.isLetter(part.text.charAt(0)))
                            || part.kinds.contains(Kind.VERSION))) {
                part.kinds.add(Kind.BASE);
            } else {
                start = false;
                if (part.kinds.isEmpty()) {
                    part.kinds.add(Kind.FINE_TUNE);
                }
            }
        }
        for (var part : parts.reversed()) {
            if (!part.kinds.contains(Kind.BASE) || part.kinds.size() == 1) {
                break;
            }
            part.kinds.remove(Kind.BASE);
        }
    }

    private static ModelName named(String full, Optional<String> organization, List<Part> parts) {
        var base = new ArrayList<String>();
        var sizes = new LinkedHashSet<String>();
        var fineTunes = new ArrayList<String>();
        var versions = new ArrayList<String>();
        for (var part : parts) {
            if (part.kinds.contains(Kind.BASE)) {
                base.add(part.text);
            } else if (part.kinds.contains(Kind.VERSION)) {
                versions.add(part.text);
            }
            if (part.kinds.contains(Kind.SIZE)) {
                sizes.add(part.text);
            }
            if (part.kinds.contains(Kind.FINE_TUNE)) {
                fineTunes.add(part.text);
            }
        }
        if (sizes.isEmpty() && fineTunes.isEmpty() && versions.isEmpty()) {
            base.clear();
        }
        return new ModelName(
                Optional.of(full), organization, joined(base), joined(fineTunes), joined(versions), joined(sizes));
    }

    private static Optional<String> joined(Iterable<String> parts) {
        return Optional.of(String.join("-", parts)).filter(text -> !text.isEmpty());
    }

    /** A name for people: words with capitals. */
    static String title(String id) {
        var words = new ArrayList<String>();
        for (var word : id.replace('-', ' ').strip().split("\\s+")) {
            words.add(lower(word) && !numbered(word) ? capitals(word) : word);
        }
        return String.join(" ", words);
    }

    private static boolean lower(String word) {
        return word.chars().anyMatch(Character::isLowerCase) && word.chars().noneMatch(Character::isUpperCase);
    }

    /** Whether it is a version, or begins with a digit. */
    private static boolean numbered(String word) {
        return digit(word, 0)
                || (word.charAt(0) == 'v'
                        && word.length() > 1
                        && VERSION.matcher(word).matches());
    }

    private static String capitals(String word) {
        var text = new StringBuilder();
        var begins = true;
        for (var index = 0; index < word.length(); index++) {
            var character = word.charAt(index);
            text.append(begins ? Character.toUpperCase(character) : character);
            begins = !Character.isLetter(character);
        }
        return text.toString();
    }
}
