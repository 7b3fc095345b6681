// SPDX-License-Identifier: Apache-2.0
package dev.puna.folder;

import dev.puna.model.ModelName;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * What the name of a GGUF file says. Sources: the naming convention of GGUF's specification, and the names of
 * {@code llama-gguf-split}.
 *
 * @param base name of the model, without quantisation and ending, as the file writes it
 * @param quantisation as the file writes it, or empty
 * @param part number of the part from 1, if the file is one of several
 * @param parts how many parts there are, 1 for a whole file
 * @param projector whether it is what turns images or sound into embeddings
 */
record FileName(String base, String quantisation, OptionalInt part, int parts, boolean projector) {
    private static final String ENDING = ".gguf";
    private static final Pattern SPLIT = Pattern.compile("(.*)-(\\d{5})-of-(\\d{5})");
    private static final Pattern QUANTISATION = Pattern.compile(
            "(.*?)[-._]?((?:(?<=[-._])|^)(?:UD-)?(?:I?Q\\d\\w*|TQ\\d_\\d|MXFP4\\w*|NVFP4\\w*|BF16|FP?16|FP?32))",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern PROJECTOR = Pattern.compile("mmproj", Pattern.CASE_INSENSITIVE);
    private static final Pattern NOT_IN_NAMES = Pattern.compile("[^A-Za-z0-9_.-]+");
    private static final Pattern BAD_START = Pattern.compile("^[.-]+");
    private static final int LONGEST_PART = 80;

    /** What a file name says, or nothing if it does not end as those of GGUF files do. */
    static Optional<FileName> of(String fileName) {
        if (!fileName.toLowerCase(Locale.ROOT).endsWith(ENDING)) {
            return Optional.empty();
        }
        var stem = fileName.substring(0, fileName.length() - ENDING.length());
        var part = OptionalInt.empty();
        var parts = 1;
        var split = SPLIT.matcher(stem);
        if (split.matches()) {
            stem = split.group(1);
            part = OptionalInt.of(Integer.parseInt(split.group(2)));
            parts = Integer.parseInt(split.group(3));
        }
        var quantisation = QUANTISATION.matcher(stem);
        var known = quantisation.matches();
        return Optional.of(new FileName(
                known ? quantisation.group(1) : stem,
                known ? quantisation.group(2) : "",
                part,
                parts,
                PROJECTOR.matcher(stem).find()));
    }

    /** What all parts of one model agree in. */
    FileName withoutPart() {
        return new FileName(base, quantisation, OptionalInt.empty(), parts, projector);
    }

    /** The name of a model that lies in a folder. */
    ModelName modelName() {
        return new ModelName(ModelName.DEFAULT_HOST, ModelName.DEFAULT_NAMESPACE, allowed(base, "model"), tag());
    }

    /** The tag that says which of several files it is. */
    String tag() {
        return allowed(quantisation, ModelName.DEFAULT_TAG);
    }

    /** The text as a model or a tag can be called. */
    static String allowed(String text, String otherwise) {
        var clean =
                BAD_START.matcher(NOT_IN_NAMES.matcher(text).replaceAll("-")).replaceAll("");
        return clean.isEmpty() ? otherwise : clean.substring(0, Math.min(clean.length(), LONGEST_PART));
    }

    /** A name that none of the taken ones is, made of this one by a number behind its tag. */
    static ModelName numbered(ModelName name, int number) {
        var ending = "-" + number;
        var tag = name.tag().substring(0, Math.min(name.tag().length(), LONGEST_PART - ending.length())) + ending;
        return new ModelName(name.host(), name.namespace(), name.model(), tag);
    }
}
