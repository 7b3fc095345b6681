// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli.client;

/** The server answered with an error. */
public final class Refused extends CommandFailure {
    private final int status;
    private final boolean withoutRoute;

    /**
     * Keeps what the server said.
     *
     * @param status of HTTP; 200 if the error ended a stream that had begun well
     * @param withoutRoute whether nothing there answers at such a path
     */
    public Refused(int status, boolean withoutRoute, String message) {
        super(message);
        this.status = status;
        this.withoutRoute = withoutRoute;
    }

    /** Whether what was asked for is not there. */
    public boolean isNotFound() {
        return status == 404;
    }

    /** Whether the server does not know what it was asked for, being of another version. */
    public boolean isWithoutRoute() {
        return withoutRoute;
    }
}
