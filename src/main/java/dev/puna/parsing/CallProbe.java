// SPDX-License-Identifier: Apache-2.0
package dev.puna.parsing;

import dev.puna.chat.ToolCall;
import java.util.List;

/** Tells whether text is calls of tools and nothing else. <b>Threads:</b> one. Whoever opened it closes it. */
public interface CallProbe extends AutoCloseable {

    /** Takes more of the text; false if that, with all before it, certainly is something else. */
    boolean add(String piece);

    /** The calls, numbered from 0, if all of the text is calls that are whole; else none. Nothing may be added then. */
    List<ToolCall> end();

    @Override
    void close();
}
