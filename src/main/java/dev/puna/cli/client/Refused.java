// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli.client;

/** The server answered with an error. */
public final class Refused extends CommandFailure {
    private final int status;

    /**
     * Keeps what the server said.
     *
     * @param status of HTTP; 200 if the error ended a stream that had begun well
     */
    public Refused(int status, String message) {
        super(message);
        this.status = status;
    }

    /** Whether what was asked for is not there. */
    public boolean isNotFound() {
        return status == 404;
    }
}
