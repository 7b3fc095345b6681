// SPDX-License-Identifier: Apache-2.0
package dev.puna.model;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/** Names of the quantisations that {@code general.file_type} numbers. */
public final class FileType {
    /** What stands where a file does not say, or says a number that no one has named. */
    public static final String UNKNOWN = "unknown";

    private static final Map<Long, String> NAMES = Map.ofEntries(
            Map.entry(0L, "F32"),
            Map.entry(1L, "F16"),
            Map.entry(2L, "Q4_0"),
            Map.entry(3L, "Q4_1"),
            Map.entry(7L, "Q8_0"),
            Map.entry(8L, "Q5_0"),
            Map.entry(9L, "Q5_1"),
            Map.entry(10L, "Q2_K"),
            Map.entry(11L, "Q3_K_S"),
            Map.entry(12L, "Q3_K_M"),
            Map.entry(13L, "Q3_K_L"),
            Map.entry(14L, "Q4_K_S"),
            Map.entry(15L, "Q4_K_M"),
            Map.entry(16L, "Q5_K_S"),
            Map.entry(17L, "Q5_K_M"),
            Map.entry(18L, "Q6_K"),
            Map.entry(19L, "IQ2_XXS"),
            Map.entry(20L, "IQ2_XS"),
            Map.entry(21L, "Q2_K_S"),
            Map.entry(22L, "IQ3_XS"),
            Map.entry(23L, "IQ3_XXS"),
            Map.entry(24L, "IQ1_S"),
            Map.entry(25L, "IQ4_NL"),
            Map.entry(26L, "IQ3_S"),
            Map.entry(27L, "IQ3_M"),
            Map.entry(28L, "IQ2_S"),
            Map.entry(29L, "IQ2_M"),
            Map.entry(30L, "IQ4_XS"),
            Map.entry(31L, "IQ1_M"),
            Map.entry(32L, "BF16"),
            Map.entry(36L, "TQ1_0"),
            Map.entry(37L, "TQ2_0"),
            Map.entry(38L, "MXFP4"),
            Map.entry(39L, "NVFP4"),
            Map.entry(40L, "Q1_0"),
            Map.entry(41L, "Q2_0"));

    /** Other names of quantisations, as llama-quantize has them. */
    private static final Map<String, String> ALIASES =
            Map.of("Q3_K", "Q3_K_M", "Q4_K", "Q4_K_M", "Q5_K", "Q5_K_M", "MXFP4_MOE", "MXFP4");

    /** What llama.cpp only reads. */
    private static final Set<String> READ_ONLY = Set.of("NVFP4");

    /** What llama.cpp writes only if it is told which weights matter. Source: {@code tensor_requires_imatrix} in llama-quant.cpp. */
    private static final Set<String> BY_IMPORTANCE =
            Set.of("IQ1_S", "IQ1_M", "IQ2_XXS", "IQ2_XS", "IQ2_S", "IQ2_M", "IQ3_XXS", "Q2_K_S");

    private static final Map<String, Integer> TARGETS = NAMES.entrySet().stream()
            .filter(type -> !READ_ONLY.contains(type.getValue()))
            .collect(Collectors.toUnmodifiableMap(
                    Map.Entry::getValue, type -> type.getKey().intValue()));

    /** What only can be turned into something else without losing more than need be. Source: contract 3.2. */
    private static final Set<String> SOURCES = Set.of("F16", "BF16", "F32");

    private FileType() {}

    /** The number of a quantisation that can be asked for, by its name in capitals; empty for any other. */
    public static OptionalInt target(String name) {
        var number = TARGETS.get(ALIASES.getOrDefault(name, name));
        return number == null ? OptionalInt.empty() : OptionalInt.of(number);
    }

    /** All quantisations that can be asked for, by name, from the one with the smallest number on. */
    public static List<String> targets() {
        return TARGETS.entrySet().stream()
                .sorted(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Whether a quantisation, or a type of tensors, by its name in capitals, cannot be written without an importance matrix. */
    public static boolean needsImportance(String name) {
        return BY_IMPORTANCE.contains(name);
    }

    /** Whether weights of this type may be quantised. */
    public static boolean isSource(String name) {
        return SOURCES.contains(name);
    }

    /** The name of a quantisation, or {@link #UNKNOWN}. */
    public static String name(long number) {
        return NAMES.getOrDefault(number, UNKNOWN);
    }
}
