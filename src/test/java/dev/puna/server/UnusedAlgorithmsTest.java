// SPDX-License-Identifier: Apache-2.0
package dev.puna.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.Provider;
import java.security.Security;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the native executable must be able to do, though nobody notices in Java when it cannot. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class UnusedAlgorithmsTest {
    @ParameterizedTest
    @CsvSource({
        "Cipher, AES/GCM/NoPadding",
        "Cipher, AES_256/GCM/NoPadding",
        "Cipher, AES_128/CBC/NoPadding",
        "Cipher, ChaCha20-Poly1305",
        "Cipher, RSA",
        "Mac, HmacSHA1",
        "Mac, HmacSHA256",
        "Mac, HmacSHA384",
        "MessageDigest, MD5",
        "MessageDigest, SHA-1",
        "MessageDigest, SHA-256",
        "MessageDigest, SHA-384",
        "MessageDigest, SHA-512",
        "KeyGenerator, SunTls12Prf",
        "KeyGenerator, SunTlsKeyMaterial",
        "KDF, HKDF-SHA384",
        "KeyAgreement, X25519",
        "KeyAgreement, ECDH",
        "KeyAgreement, DiffieHellman",
        "KeyFactory, EC",
        "KeyFactory, RSA",
        "KeyFactory, RSASSA-PSS",
        "KeyFactory, Ed25519",
        "KeyPairGenerator, X25519",
        "AlgorithmParameters, GCM",
        "AlgorithmParameters, EC",
        "AlgorithmParameters, RSASSA-PSS",
        "Signature, SHA256withRSA",
        "Signature, SHA384withRSA",
        "Signature, SHA512withRSA",
        "Signature, RSASSA-PSS",
        "Signature, SHA256withECDSA",
        "Signature, SHA384withECDSA",
        "Signature, Ed25519",
        "KeyStore, PKCS12",
        "KeyStore, JKS",
        "SSLContext, TLS",
        "SSLContext, TLSv1.3",
        "SecureRandom, NativePRNG",
    })
    void what_TLS_and_registries_need_stays(String type, String algorithm) {
        assertThat(service(type, algorithm)).matches(service -> !UnusedAlgorithms.isUnused(service), "stays");
    }

    @ParameterizedTest
    @CsvSource({
        "Cipher, DESede",
        "Cipher, PBEWithMD5AndDES",
        "Mac, HmacSHA3-384",
        "MessageDigest, MD2",
        "Signature, SHA256withDSA",
        "SSLContext, DTLS",
        "KeyStore, DKS",
    })
    void what_nobody_needs_goes(String type, String algorithm) {
        assertThat(service(type, algorithm)).matches(UnusedAlgorithms::isUnused, "goes");
    }

    private static Provider.Service service(String type, String algorithm) {
        return Arrays.stream(Security.getProviders())
                .map(provider -> provider.getService(type, algorithm))
                .filter(Objects::nonNull)
                .findFirst()
                .orElseThrow();
    }
}
