// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.wire;

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
import java.io.IOException;
import java.util.List;

/** What went wrong, in bodies: the kind, its text and its fields, without the cause. */
final class FailureCodec {
    /** Chars of a text: a failure has to get through, and whole files or prompts are no sentences. */
    private static final int LONGEST = 1 << 16;

    private static final List<Kind> KINDS = List.of(Kind.values());
    private static final List<RegistryFailure.Kind> REGISTRY_KINDS = List.of(RegistryFailure.Kind.values());

    private FailureCodec() {}

    private enum Kind {
        INVALID_REQUEST,
        CONTEXT_EXCEEDED,
        NO_EMBEDDINGS,
        NOT_FOUND,
        UNSUPPORTED,
        QUEUE_FULL,
        SHUTTING_DOWN,
        CANCELLED,
        INSUFFICIENT_MEMORY,
        STORE,
        REGISTRY,
        NATIVE,
        REFUSED,
        UNUSABLE_ANSWER
    }

    static void write(BodyWriter out, Failure failure) {
        switch (failure) {
            case InvalidRequest invalid -> {
                kind(out, Kind.INVALID_REQUEST, failure);
                text(out, invalid.field());
                text(out, invalid.code());
            }
            case ContextExceeded exceeded -> {
                out.one(Kind.CONTEXT_EXCEEDED);
                out.int32(exceeded.tokens());
                out.flag(exceeded.exact());
                out.int32(exceeded.limit());
            }
            case NoEmbeddings _ -> out.one(Kind.NO_EMBEDDINGS);
            case NotFound _ -> kind(out, Kind.NOT_FOUND, failure);
            case Unsupported _ -> kind(out, Kind.UNSUPPORTED, failure);
            case QueueFull _ -> kind(out, Kind.QUEUE_FULL, failure);
            case ShuttingDown _ -> kind(out, Kind.SHUTTING_DOWN, failure);
            case Cancelled _ -> kind(out, Kind.CANCELLED, failure);
            case InsufficientMemory _ -> kind(out, Kind.INSUFFICIENT_MEMORY, failure);
            case StoreFailure _ -> kind(out, Kind.STORE, failure);
            case RegistryFailure refused -> {
                kind(out, Kind.REGISTRY, failure);
                out.one(refused.kind());
            }
            case NativeFailure _ -> kind(out, Kind.NATIVE, failure);
            case ModelRefused _ -> kind(out, Kind.REFUSED, failure);
            case UnusableAnswer unusable -> {
                kind(out, Kind.UNUSABLE_ANSWER, failure);
                text(out, unusable.code());
            }
        }
    }

    static Failure read(BodyReader in) throws IOException {
        return switch (in.oneOf(KINDS)) {
            case INVALID_REQUEST -> new InvalidRequest(in.text(), in.text(), in.text());
            case CONTEXT_EXCEEDED -> new ContextExceeded(in.int32(), in.flag(), in.int32());
            case NO_EMBEDDINGS -> new NoEmbeddings();
            case NOT_FOUND -> new NotFound(in.text());
            case UNSUPPORTED -> new Unsupported(in.text());
            case QUEUE_FULL -> new QueueFull(in.text());
            case SHUTTING_DOWN -> new ShuttingDown(in.text());
            case CANCELLED -> new Cancelled(in.text());
            case INSUFFICIENT_MEMORY -> new InsufficientMemory(in.text());
            case STORE -> new StoreFailure(in.text());
            case REGISTRY -> new RegistryFailure(in.text(), in.oneOf(REGISTRY_KINDS));
            case NATIVE -> new NativeFailure(in.text());
            case REFUSED -> new ModelRefused(in.text());
            case UNUSABLE_ANSWER -> new UnusableAnswer(in.text(), in.text());
        };
    }

    private static void kind(BodyWriter out, Kind kind, Failure failure) {
        out.one(kind);
        text(out, failure.text());
    }

    private static void text(BodyWriter out, String text) {
        out.text(text.length() <= LONGEST ? text : text.substring(0, LONGEST));
    }
}
