// SPDX-License-Identifier: Apache-2.0
package dev.puna.template.value;

/** The kinds of Go's values that templates can meet. */
public enum Kind {
    /** No value at all: an untyped nil. */
    INVALID,
    BOOL,
    INT,
    UINT8,
    FLOAT,
    COMPLEX,
    STRING,
    SLICE,
    MAP,
    STRUCT,
    POINTER,
    INTERFACE
}
