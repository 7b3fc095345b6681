// SPDX-License-Identifier: Apache-2.0
package dev.puna.parsing;

/**
 * Takes one answer apart while it comes in, by the format that llama.cpp found in a Jinja template. Whoever opened it closes it.
 * <b>Threads:</b> one at a time.
 */
public interface IncrementalParser extends AutoCloseable {

    /**
     * Appends a piece of the answer.
     *
     * @param utf8 may end inside a character
     * @param last whether nothing follows
     * @return what is new, as a JSON array of the differences that {@code puna_chat_parser_feed} in puna_shim.h tells
     * @throws dev.puna.failure.NativeFailure if the answer is not what its format allows, or nested without end
     */
    String feed(byte[] utf8, boolean last);

    @Override
    void close();
}
