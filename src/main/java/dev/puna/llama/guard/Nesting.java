// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama.guard;

/** How deep the brackets of a text are nested that may be JSON, or may become it. Not thread-safe. */
public final class Nesting {
    private int depth;
    private int deepest;
    private long opened;

    public static Nesting of(byte[] utf8) {
        var nesting = new Nesting();
        nesting.add(utf8);
        return nesting;
    }

    /** Goes on with the next piece of the text. */
    public void add(byte[] utf8) {
        for (byte next : utf8) {
            if (next == '[' || next == '{') {
                opened++;
                depth++;
                deepest = Math.max(deepest, depth);
            } else if ((next == ']' || next == '}') && depth > 0) {
                depth--;
            }
        }
    }

    /** The deepest place, if every bracket is one and not a character of a string. */
    public int deepest() {
        return deepest;
    }

    /** How many brackets were opened: the text is not nested deeper than that, whatever its strings hold. */
    public long opened() {
        return opened;
    }
}
