// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli.text;

import org.jline.utils.WCWidth;

/** How many cells of a terminal a text takes. */
public final class Width {
    /** Below it no character is wide and none combines. */
    private static final int FIRST_COMBINING = 0x300;

    private Width() {}

    public static int of(String text) {
        return text.codePoints().map(Width::of).sum();
    }

    public static int of(int codePoint) {
        return codePoint < FIRST_COMBINING ? 1 : Math.max(0, WCWidth.wcwidth(codePoint));
    }
}
