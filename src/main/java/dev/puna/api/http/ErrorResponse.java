// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.http;

import dev.puna.failure.Cancelled;
import dev.puna.failure.ContextExceeded;
import dev.puna.failure.Failure;
import dev.puna.failure.InsufficientMemory;
import dev.puna.failure.InvalidRequest;
import dev.puna.failure.ModelRefused;
import dev.puna.failure.NativeFailure;
import dev.puna.failure.NoEmbeddings;
import dev.puna.failure.NotFound;
import dev.puna.failure.QueueFull;
import dev.puna.failure.RegistryFailure;
import dev.puna.failure.ShuttingDown;
import dev.puna.failure.StoreFailure;
import dev.puna.failure.Unsupported;
import dev.puna.failure.UnusableAnswer;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jboss.logging.Logger;

/**
 * What a client is told about a failure; {@link ErrorShape} says how it looks on the wire.
 *
 * @param status HTTP status; 499 is what the contract says about a caller who left
 * @param text the sentence, without anything of our insides
 * @param field where in the request the mistake is, empty if that is not known
 * @param code for programs, empty for the usual one of the API
 * @param requestId the request's, as its answer's header tells it; empty in an API that has none
 */
public record ErrorResponse(int status, String text, String field, String code, String requestId) {
    private static final Logger LOG = Logger.getLogger(ErrorResponse.class);
    private static final int CLIENT_CLOSED_REQUEST = 499;

    /** An error of which it is not known where in the request its reason is. */
    public ErrorResponse(int status, String text) {
        this(status, text, "", "", "");
    }

    /** The same, told about a request. */
    ErrorResponse about(String request) {
        return new ErrorResponse(status, text, field, code, request);
    }

    /** The answer to whatever was thrown; what is no {@link Failure} is logged here, once, and told as an internal error. */
    public static ErrorResponse of(Throwable thrown) {
        return switch (cause(thrown)) {
            case InvalidRequest invalid -> new ErrorResponse(400, invalid.text(), invalid.field(), invalid.code(), "");
            case UnusableAnswer unusable ->
                new ErrorResponse(status(unusable), unusable.text(), "", unusable.code(), "");
            case Failure failure -> new ErrorResponse(status(failure), words(failure));
            case BodyTooLarge tooLarge -> new ErrorResponse(413, String.valueOf(tooLarge.getMessage()));
            case JsonBodyReader.Encoded encoded -> new ErrorResponse(415, String.valueOf(encoded.getMessage()));
            case OutOfMemoryError exhausted -> {
                LOG.errorf("request_failed reason=\"%s\" remedy=\"a larger PUNA_HEAP\"", exhausted.getMessage());
                yield of(MemoryBudget.busy());
            }
            case Throwable unexpected -> {
                LOG.error("request_failed reason=unexpected", unexpected);
                yield new ErrorResponse(500, "internal error");
            }
        };
    }

    /** In the words of the recorded server where those differ from ours: it passes on what llama-server says. */
    private static String words(Failure failure) {
        return switch (failure) {
            case ContextExceeded exceeded ->
                ("{\"error\":{\"code\":400,\"message\":\"request (%s%d tokens) exceeds the available context size"
                                + " (%d tokens), try increasing it\",\"type\":\"exceed_context_size_error\",\"n_prompt_tokens\":%d,\"n_ctx\":%d}}")
                        .formatted(
                                exceeded.exact() ? "" : "more than ",
                                exceeded.tokens(),
                                exceeded.limit(),
                                exceeded.tokens(),
                                exceeded.limit());
            case NoEmbeddings _ -> "This server does not support embeddings. Start it with `--embeddings`";
            default -> failure.text();
        };
    }

    private static int status(Failure failure) {
        return switch (failure) {
            case InvalidRequest _, ContextExceeded _ -> 400;
            case NotFound _ -> 404;
            case Cancelled _ -> CLIENT_CLOSED_REQUEST;
            case InsufficientMemory _,
                    StoreFailure _,
                    RegistryFailure _,
                    NativeFailure _,
                    ModelRefused _,
                    UnusableAnswer _ -> 500;
            case Unsupported _, NoEmbeddings _ -> 501;
            case QueueFull _, ShuttingDown _ -> 503;
        };
    }

    private static Throwable cause(Throwable thrown) {
        var inner = thrown.getCause();
        var wraps = thrown instanceof CompletionException || thrown instanceof ExecutionException;
        return wraps && inner != null ? cause(inner) : thrown;
    }
}
