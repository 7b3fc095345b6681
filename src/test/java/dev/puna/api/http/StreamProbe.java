// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.http;

import dev.puna.api.http.framing.Framing;
import dev.puna.api.http.framing.ServerSentEvents;
import dev.puna.failure.QueueFull;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.operators.multi.processors.UnicastProcessor;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/** Routes that only tests have: streams that a test feeds by hand. */
@Path("/q/probe")
@Singleton
public class StreamProbe {
    record Piece(String text) {}

    record Echo(String model) {}

    private static final class ImpatientEvents implements Framing {
        private final Framing events = new ServerSentEvents("", "[DONE]");

        @Override
        public String contentType() {
            return events.contentType();
        }

        @Override
        public boolean grows() {
            return true;
        }

        @Override
        public byte[] item(Object item) {
            return events.item(item);
        }

        @Override
        public byte[] end() {
            return events.end();
        }

        @Override
        public Optional<byte[]> error(Object body, boolean afterItems) {
            return events.error(body, afterItems);
        }

        @Override
        public byte[] nothing() {
            return events.nothing();
        }

        @Override
        public Duration longestSilence() {
            return Duration.ofMillis(50);
        }
    }

    volatile UnicastProcessor<Piece> pieces = UnicastProcessor.create();
    volatile CountDownLatch subscribed = new CountDownLatch(1);
    volatile CountDownLatch cancelled = new CountDownLatch(1);
    final AtomicLong requested = new AtomicLong();

    void reset() {
        pieces = UnicastProcessor.create();
        subscribed = new CountDownLatch(1);
        cancelled = new CountDownLatch(1);
        requested.set(0);
    }

    @GET
    @Path("/lines")
    public StreamedResponse lines() {
        return StreamedResponse.lines(fed());
    }

    @GET
    @Path("/whole")
    public StreamedResponse whole() {
        var joined = Collectors.collectingAndThen(
                Collectors.mapping(Piece::text, Collectors.joining()), (String text) -> new Piece(text));
        return StreamedResponse.whole(fed().collect().with(joined));
    }

    /** Events that are kept alive in milliseconds. */
    @GET
    @Path("/events")
    public StreamedResponse events() {
        return new StreamedResponse(fed(), new ImpatientEvents(), ContentTypes.BARE_JSON);
    }

    @GET
    @Path("/progress")
    public StreamedResponse progress() {
        return StreamedResponse.progress(fed(), false);
    }

    @GET
    @Path("/endless")
    public StreamedResponse endless() {
        var text = "x".repeat(1_000);
        var endless = Multi.createBy()
                .repeating()
                .supplier(() -> new Piece(text))
                .indefinitely()
                .onItem()
                .invoke(requested::incrementAndGet)
                .onCancellation()
                .invoke(cancelled::countDown);
        return StreamedResponse.lines(endless);
    }

    @GET
    @Path("/busy")
    public StreamedResponse busy() {
        throw new QueueFull("server busy, please try again.  maximum pending requests exceeded");
    }

    @GET
    @Path("/broken")
    public Echo broken() {
        throw new IllegalStateException("secret inside");
    }

    @POST
    @Path("/echo")
    public Echo echo(JsonBody body) {
        return new Echo(body.object("ChatRequest").string("model"));
    }

    private Multi<Piece> fed() {
        return pieces.onSubscription()
                .invoke(subscribed::countDown)
                .onCancellation()
                .invoke(cancelled::countDown);
    }
}
