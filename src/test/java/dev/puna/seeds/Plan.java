// SPDX-License-Identifier: Apache-2.0
package dev.puna.seeds;

/** How an example is run, and what must come of it. */
sealed interface Plan {
    /** A pattern that anything but blanks matches. */
    String SOMETHING = "\\S";

    /**
     * A script or a program that ends with 0.
     *
     * @param before what the guide takes for granted: what an earlier example has imported or defined
     * @param after a call of what the example only defines
     * @param output a pattern to be found in what it prints
     */
    record Program(String before, String after, String output) implements Plan {
        static Program printing(String output) {
            return new Program("", "", output);
        }
    }

    /** A request that the example shows with its path in front, or the guide beside it. */
    record Request(String path, String output) implements Plan {}

    /** The {@code options} of a request, each with what it means behind it. */
    record Options(String path) implements Plan {}

    /** What the server is said to answer to a request; each of its keys is in the real answer. */
    record Answer(String path, String body) implements Plan {}

    /** Names the address where the server is by default. */
    record Address() implements Plan {}

    /** A command that serves until it is stopped. */
    record Serve() implements Plan {}

    /** Settings of the environment for a server. */
    record Environment() implements Plan {}

    /**
     * What cannot work yet, or nowhere: it is run all the same, and the test fails when the outcome is another, since then this
     * is no exception any more.
     *
     * @param outcome a pattern to be found in what it prints
     */
    record Excepted(Program plan, String outcome, String reason) implements Plan {}
}
