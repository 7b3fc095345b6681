// SPDX-License-Identifier: Apache-2.0
package dev.puna.hashing;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Makes hashes. <b>Threads:</b> any; a hash belongs to one thread at a time. */
public final class Sha256 {
    private Sha256() {}

    /**
     * A fresh hash for bytes of any number. It is OpenSSL's where the machine has libcrypto, and Java's elsewhere: the native
     * executable runs on any x86-64, so that its own code does without the processor's instructions for SHA (a sixth of the speed).
     */
    public static MessageDigest start() {
        return LibCrypto.get().<MessageDigest>map(LibCryptoSha256::new).orElseGet(Sha256::startInJava);
    }

    /** A fresh hash for few bytes, for which no library is worth loading. */
    public static MessageDigest startInJava() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
