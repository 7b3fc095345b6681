// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.http.framing;

/**
 * A part of an answer that is one object and too large to be held whole: an item of {@link JsonPieces}, written as it is.
 *
 * @param utf8 part of the object's JSON, handed over
 */
public record JsonPiece(byte[] utf8) {}
