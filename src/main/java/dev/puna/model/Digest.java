// SPDX-License-Identifier: Apache-2.0
package dev.puna.model;

import static java.util.Objects.requireNonNull;

import dev.puna.failure.InvalidRequest;
import dev.puna.hashing.Sha256;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The SHA-256 of some bytes, by which the store names them.
 *
 * <p>Exactly 64 hexadecimal digits, so {@link #fileName} never leaves the folder it is resolved against. Written in lower
 * case; upper case is read. Source: contract 1.9 and 3.3.
 *
 * @param hex 64 lower-case hexadecimal digits
 */
public record Digest(String hex) {
    private static final Pattern TEXT = Pattern.compile("sha256[:-]([0-9a-fA-F]{64})");
    private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");

    private static final int SHORT_DIGITS = 12;

    /** Checks the digits. */
    public Digest {
        requireNonNull(hex, "hex is null");
        if (!HEX.matcher(hex).matches()) {
            throw invalid();
        }
    }

    /** Reads {@code sha256:<64 hex>} or {@code sha256-<64 hex>}; anything else is an {@link InvalidRequest}. */
    public static Digest parse(String text) {
        return tryParse(text).orElseThrow(Digest::invalid);
    }

    /** The digest in {@code text}, or nothing when it is not one. */
    public static Optional<Digest> tryParse(String text) {
        var matcher = TEXT.matcher(text);
        return matcher.matches()
                ? Optional.of(new Digest(matcher.group(1).toLowerCase(Locale.ROOT)))
                : Optional.empty();
    }

    /** The digest of {@code content}. */
    public static Digest of(byte[] content) {
        return finish(Sha256.startInJava(), content);
    }

    /** A fresh hash to feed; give its result to {@link #ofHash}. */
    public static MessageDigest newHash() {
        return Sha256.start();
    }

    /** The digest a fed hash stands for; the hash starts anew. */
    public static Digest ofHash(MessageDigest hash) {
        return new Digest(HexFormat.of().formatHex(hash.digest()));
    }

    /** {@code sha256:…}, the form of manifests and of the wire. */
    public String text() {
        return "sha256:" + hex;
    }

    /** {@code sha256-…}, the form of file names. */
    public String fileName() {
        return "sha256-" + hex;
    }

    /** The first twelve digits, for people. */
    public String shortText() {
        return hex.substring(0, SHORT_DIGITS);
    }

    @Override
    public String toString() {
        return text();
    }

    private static Digest finish(MessageDigest hash, byte[] content) {
        hash.update(content);
        return ofHash(hash);
    }

    private static InvalidRequest invalid() {
        return new InvalidRequest("invalid digest format");
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Digest that && hex.equals(that.hex);
    }
}
