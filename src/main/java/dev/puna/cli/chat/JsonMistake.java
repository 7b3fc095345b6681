// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli.chat;

/** Says of a text that is not JSON how Go would say it, where that is the start of the text; that is where most are wrong. */
final class JsonMistake {
    private static final String STARTS = "{[\"-0123456789tfn";

    private JsonMistake() {}

    static String in(String text) {
        var stripped = text.strip();
        if (stripped.isEmpty()) {
            return "unexpected end of JSON input";
        }
        return STARTS.indexOf(stripped.charAt(0)) < 0
                ? "invalid character '" + Character.toString(stripped.codePointAt(0))
                        + "' looking for beginning of value"
                : "this is not valid JSON: " + stripped;
    }
}
