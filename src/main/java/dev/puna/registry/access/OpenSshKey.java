// SPDX-License-Identifier: Apache-2.0
package dev.puna.registry.access;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.EdECPublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/**
 * An ed25519 key pair in the form of OpenSSH. Source: PROTOCOL.key of OpenSSH, RFC 8709.
 *
 * @param seed the private key, {@code byte[32]}
 * @param point the public key, {@code byte[32]}
 */
record OpenSshKey(byte[] seed, byte[] point) {
    private static final String BEGIN = "-----BEGIN OPENSSH PRIVATE KEY-----";
    private static final String END = "-----END OPENSSH PRIVATE KEY-----";
    private static final byte[] MARK = "openssh-key-v1\0".getBytes(US_ASCII);
    private static final byte[] TYPE = "ssh-ed25519".getBytes(US_ASCII);
    private static final byte[] NONE = "none".getBytes(US_ASCII);
    private static final int LENGTH = 32;
    private static final int BLOCK = 8;
    private static final int LINE = 70;

    static OpenSshKey generate() throws GeneralSecurityException {
        var pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        var seed = ((EdECPrivateKey) pair.getPrivate())
                .getBytes()
                .orElseThrow(() -> new GeneralSecurityException("the new key cannot be read"));
        var point = ((EdECPublicKey) pair.getPublic()).getPoint();
        var bytes = new byte[LENGTH];
        var y = point.getY().toByteArray();
        for (var i = 0; i < Math.min(y.length, LENGTH); i++) {
            bytes[i] = y[y.length - 1 - i];
        }
        bytes[LENGTH - 1] |= (byte) (point.isXOdd() ? 0x80 : 0);
        return new OpenSshKey(seed, bytes);
    }

    /** Reads a private key file; nothing if it is of another kind or has a passphrase. */
    static Optional<OpenSshKey> parse(String text) {
        var begin = text.indexOf(BEGIN);
        var end = text.indexOf(END);
        if (begin < 0 || end < begin) {
            return Optional.empty();
        }
        try {
            var in = ByteBuffer.wrap(Base64.getMimeDecoder().decode(text.substring(begin + BEGIN.length(), end)));
            var mark = new byte[MARK.length];
            in.get(mark);
            var plain = Arrays.equals(mark, MARK) && Arrays.equals(string(in), NONE) && Arrays.equals(string(in), NONE);
            string(in);
            if (!plain || in.getInt() != 1) {
                return Optional.empty();
            }
            string(in);
            return pair(ByteBuffer.wrap(string(in)));
        } catch (BufferUnderflowException | IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static Optional<OpenSshKey> pair(ByteBuffer in) {
        var check = in.getInt();
        if (in.getInt() != check || !Arrays.equals(string(in), TYPE)) {
            return Optional.empty();
        }
        var point = string(in);
        var both = string(in);
        return point.length == LENGTH && both.length == 2 * LENGTH
                ? Optional.of(new OpenSshKey(Arrays.copyOf(both, LENGTH), point))
                : Optional.empty();
    }

    /** The private key file. */
    String text() {
        var secret = new ByteArrayOutputStream();
        // The same number twice, by which a wrong passphrase is told where there is one.
        secret.writeBytes(ByteBuffer.allocate(2 * Integer.BYTES).array());
        write(secret, TYPE);
        write(secret, point);
        write(secret, ByteBuffer.allocate(2 * LENGTH).put(seed).put(point).array());
        write(secret, new byte[0]);
        for (var pad = 1; secret.size() % BLOCK != 0; pad++) {
            secret.write(pad);
        }
        var out = new ByteArrayOutputStream();
        out.writeBytes(MARK);
        write(out, NONE);
        write(out, NONE);
        write(out, new byte[0]);
        out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(1).array());
        write(out, publicBlob());
        write(out, secret.toByteArray());
        var body = Base64.getMimeEncoder(LINE, new byte[] {'\n'}).encodeToString(out.toByteArray());
        return BEGIN + "\n" + body + "\n" + END + "\n";
    }

    /** The line of the public key file. */
    String publicText() {
        return "ssh-ed25519 " + Base64.getEncoder().encodeToString(publicBlob()) + "\n";
    }

    /** Type and public key as SSH sends them. */
    byte[] publicBlob() {
        var out = new ByteArrayOutputStream();
        write(out, TYPE);
        write(out, point);
        return out.toByteArray();
    }

    private static void write(ByteArrayOutputStream out, byte[] string) {
        out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(string.length).array());
        out.writeBytes(string);
    }

    private static byte[] string(ByteBuffer in) {
        var length = in.getInt();
        if (length < 0 || length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        var bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }
}
