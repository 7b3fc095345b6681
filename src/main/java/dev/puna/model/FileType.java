// SPDX-License-Identifier: Apache-2.0
package dev.puna.model;

import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

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

    /** What weights can be turned into on request. Source: contract 3.2. */
    private static final Map<String, Integer> TARGETS =
            Map.of("F32", 0, "F16", 1, "BF16", 32, "Q4_K_S", 14, "Q4_K_M", 15, "Q4_K", 15, "Q8_0", 7);

    /** What only can be turned into something else without losing more than need be. Source: contract 3.2. */
    private static final Set<String> SOURCES = Set.of("F16", "BF16", "F32");

    private FileType() {}

    /** The number of a quantisation that can be asked for, by its name in capitals; empty for any other. */
    public static OptionalInt target(String name) {
        var number = TARGETS.get(name);
        return number == null ? OptionalInt.empty() : OptionalInt.of(number);
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
