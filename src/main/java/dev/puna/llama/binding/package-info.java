// SPDX-License-Identifier: Apache-2.0
/**
 * The only door to C: finds and opens the shared libraries, knows the order of C's arguments, and turns its strings,
 * arrays, structs and error texts into Java's.
 *
 * <p>Only {@code dev.puna.llama} may call. The public types are handles, one per C object; they check nothing about
 * threads or order: whoever holds one sees to it that calls do not overlap and that {@code close()} comes last. Their
 * memory is shared, so that another thread may close them. No handle gives out a {@code MemorySegment}, no native code
 * calls back into Java, and what C returns is copied before it is handed on.
 *
 * <p>The generated classes look their symbols up through the shim's library, by its name, when they are first used:
 * {@link dev.puna.llama.binding.NativeLibrary} has opened it by then. They and this package keep layouts and handles in
 * static fields, so a native image initialises all of them at run time. Entry type:
 * {@link dev.puna.llama.binding.NativeLibrary}.
 */
@NullMarked
package dev.puna.llama.binding;

import org.jspecify.annotations.NullMarked;
