// SPDX-License-Identifier: Apache-2.0
package dev.puna.support;

import static java.util.Objects.requireNonNull;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import javax.imageio.ImageIO;

/** Small images of each format. */
public final class TestImages {
    private static final int SIDE = 40;

    private TestImages() {}

    /** An image that no other seed gives. */
    public static byte[] png(int seed) {
        return encoded("png", image(seed, SIDE, SIDE));
    }

    /** The same image in a format that Java's own library writes: png, jpg, gif or bmp. */
    public static byte[] encoded(String format, int seed) {
        return encoded(format, image(seed, SIDE, SIDE));
    }

    /** An image of any size. */
    public static byte[] png(int seed, int width, int height) {
        return encoded("png", image(seed, width, height));
    }

    /**
     * Image 3 in WebP, made with libwebp's encoder.
     *
     * @param name {@code lossless}, {@code lossy}, or {@code moving} for an animation that begins with it
     */
    public static byte[] webp(String name) {
        try (var file = TestImages.class.getResourceAsStream("/pictures/" + name + ".webp")) {
            return requireNonNull(file, name).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Says that it is 60,000 pixels wide and high, and holds next to nothing. */
    public static byte[] hugePng() {
        var small = png(1);
        small[18] = (byte) (60_000 >> 8);
        small[19] = (byte) 60_000;
        small[22] = (byte) (60_000 >> 8);
        small[23] = (byte) 60_000;
        return Arrays.copyOf(small, 100);
    }

    private static BufferedImage image(int seed, int width, int height) {
        var image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (var y = 0; y < height; y++) {
            for (var x = 0; x < width; x++) {
                var red = (x * 255 / width + seed * 83) & 0xFF;
                var green = (y * 255 / height + seed * 47) & 0xFF;
                var blue = ((x / 8 + y / 8 + seed) % 2) * 255;
                image.setRGB(x, y, red << 16 | green << 8 | blue);
            }
        }
        return image;
    }

    private static byte[] encoded(String format, BufferedImage image) {
        try (var bytes = new ByteArrayOutputStream()) {
            if (!ImageIO.write(image, format, bytes)) {
                throw new IllegalArgumentException("nothing writes " + format);
            }
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
