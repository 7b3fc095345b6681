// SPDX-License-Identifier: Apache-2.0
package dev.puna.faults;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;

/** Somebody who asks a server for short answers, one after the other, and knows what may become of them. */
final class LoadingClient implements Callable<LoadingClient.Count> {
    private static final Duration BOUND = Duration.ofSeconds(100);

    private final HttpClient client;
    private final String address;
    private final List<String> models;
    private final Random random;
    private final BooleanSupplier goesOn;

    /**
     * @param goesOn whether to ask once more
     */
    LoadingClient(HttpClient client, String address, List<String> models, Random random, BooleanSupplier goesOn) {
        this.client = client;
        this.address = address;
        this.models = List.copyOf(models);
        this.random = random;
        this.goesOn = goesOn;
    }

    /** How many answers there were, and how many failures for which there was a reason. */
    record Count(int answered, int failed) {
        Count plus(Count other) {
            return new Count(answered + other.answered, failed + other.failed);
        }
    }

    @Override
    public Count call() {
        var count = new Count(0, 0);
        while (goesOn.getAsBoolean()) {
            var body = ask(client, address, models.get(random.nextInt(models.size())), 1 + random.nextInt(40));
            if (isWhole(body)) {
                count = count.plus(new Count(1, 0));
            } else if (isRefused(body)) {
                count = count.plus(new Count(0, 1));
            } else {
                throw new AssertionError("neither an answer nor a reason: " + body);
            }
        }
        return count;
    }

    static boolean isWhole(String body) {
        return body.contains("\"done\":true") && !body.contains("\"error\"");
    }

    private static boolean isRefused(String body) {
        return body.contains("\"error\":\"model runner has unexpectedly stopped")
                || body.contains("has crashed 3 times within a minute");
    }

    /** An answer, or what is said instead. */
    static String ask(HttpClient client, String address, String model, int tokens) {
        var body = "{\"model\":\"%s\",\"prompt\":\"Hi\",\"options\":{\"num_predict\":%d}}".formatted(model, tokens);
        var request = HttpRequest.newBuilder(URI.create("http://" + address + "/api/generate"))
                .POST(BodyPublishers.ofString(body))
                .timeout(BOUND)
                .build();
        try {
            return client.send(request, BodyHandlers.ofString()).body();
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
