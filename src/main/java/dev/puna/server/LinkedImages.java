// SPDX-License-Identifier: Apache-2.0
package dev.puna.server;

import static java.util.Objects.requireNonNull;

import dev.puna.failure.InvalidRequest;
import dev.puna.failure.QueueFull;
import dev.puna.failure.RegistryFailure;
import dev.puna.inference.ImageSource;
import dev.puna.registry.access.WebFiles;
import java.io.IOException;
import java.net.URI;
import java.util.concurrent.Semaphore;

/** Fetches the images of requests from the web servers that {@code PUNA_IMAGE_HOSTS} allows. <b>Threads:</b> any. */
final class LinkedImages implements ImageSource {
    /** Each of them takes the thread of a request. */
    private static final int AT_ONCE = 4;

    private final WebFiles files;
    private final Semaphore free = new Semaphore(AT_ONCE);

    LinkedImages(WebFiles files) {
        this.files = requireNonNull(files, "files is null");
    }

    @Override
    public void check(String address) {
        try {
            files.check(uri(address));
        } catch (RegistryFailure refused) {
            throw unusable(
                    "%s (PUNA_IMAGE_HOSTS of this server says where images may come from)".formatted(refused.text()));
        }
    }

    @Override
    public byte[] fetch(String address) {
        if (!free.tryAcquire()) {
            throw new QueueFull("too many images are being fetched for other requests; ask again later");
        }
        try {
            return files.get(uri(address), LONGEST);
        } catch (RegistryFailure refused) {
            throw unusable(refused.text());
        } catch (IOException failed) {
            throw unusable(String.valueOf(failed.getMessage()));
        } finally {
            free.release();
        }
    }

    private static URI uri(String address) {
        try {
            return URI.create(address);
        } catch (IllegalArgumentException _) {
            throw unusable("this is no address of a web server");
        }
    }

    private static InvalidRequest unusable(String reason) {
        return new InvalidRequest("the image could not be fetched: " + reason, "image_url");
    }
}
