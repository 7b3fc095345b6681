// SPDX-License-Identifier: Apache-2.0
package dev.puna.schema;

/** Why an expression cannot be used; the caller knows the place and the words of the user. */
final class PatternSyntax extends Exception {
    private static final long serialVersionUID = 1;

    PatternSyntax(String reason) {
        super(reason);
    }
}
