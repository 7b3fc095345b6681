// SPDX-License-Identifier: Apache-2.0
package dev.puna.hostile;

/** What became of a hostile model. */
enum Verdict {
    /** It gave an answer, however meaningless. */
    RAN,
    /** It was not made. */
    REFUSED_AT_CREATE,
    /** It was made, but not loaded, or it ended with an error. */
    REFUSED_AT_LOAD,
    /** A request was not answered in time; the server still is there. */
    HUNG,
    /** The server does not answer others any more. */
    UNRESPONSIVE,
    /** The server is gone. */
    ENDED
}
