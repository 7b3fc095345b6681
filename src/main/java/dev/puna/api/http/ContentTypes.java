// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.http;

/** The content types of the contract, spelled as Ollama spells them. */
public final class ContentTypes {
    /** One JSON object, as most routes answer. */
    public static final String JSON = "application/json; charset=utf-8";
    /** One JSON object at the end of a job, and errors of streams. */
    public static final String BARE_JSON = "application/json";
    /** One JSON object a line. */
    public static final String NDJSON = "application/x-ndjson";
    /** What people read. */
    public static final String TEXT = "text/plain; charset=utf-8";

    private ContentTypes() {}
}
