/**
 * The entry point: decides by the first argument whether this process is the server or a client command.
 *
 * <p>Nothing may depend on this package. {@link dev.puna.Puna} is all there is in it.
 */
@NullMarked
package dev.puna;

import org.jspecify.annotations.NullMarked;
