// SPDX-License-Identifier: Apache-2.0
package dev.puna.server;

import java.lang.reflect.Method;
import java.security.Provider;
import java.security.Security;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.graalvm.nativeimage.hosted.Feature;

/**
 * Leaves cryptography out of the native executable that neither TLS nor a registry uses: native-image keeps all algorithms of a kind of
 * which one is asked for by its name. Encryption by passwords, ciphers and digests of the last century, signatures that certificates of
 * web servers do not have, and TLS over datagrams are what goes.
 */
// native-image makes one by the name in native-image.properties.
@SuppressWarnings("unused")
final class UnusedAlgorithms implements Feature {
    private static final Pattern OLD = Pattern.compile(
            "PBE.*|HmacPBE.*|Blowfish|ARCFOUR|RC2|DES.*|AES.*/KWP?/.*|AES.*/[CO]FB/.*|AES_192/.*|HmacSHA3-.*|Hmac.*/.*|SslMac.*|MD2|SHA3-.*|SHAKE.*|SHA-512/.*|OAEP");
    private static final Pattern UNSIGNED =
            Pattern.compile("ML-.*|HSS/LMS|DSA|.*withDSA.*|.*inP1363Format|SHA3-.*|SHA512/.*|MD[25]withRSA");

    private static final Map<String, Pattern> LEFT_OUT = Map.ofEntries(
            Map.entry("Cipher", OLD),
            Map.entry("AlgorithmParameters", Pattern.compile(OLD + "|DSA")),
            Map.entry("AlgorithmParameterGenerator", Pattern.compile("DSA")),
            // native-image wants one of each kind.
            Map.entry("SecretKeyFactory", Pattern.compile("PBEWith.*|DES.*|PBKDF2WithHmacSHA(?!256).*")),
            Map.entry("KeyGenerator", OLD),
            Map.entry("Mac", OLD),
            Map.entry("MessageDigest", OLD),
            Map.entry("KeyFactory", UNSIGNED),
            Map.entry("KeyPairGenerator", UNSIGNED),
            Map.entry("Signature", UNSIGNED),
            Map.entry("KEM", UNSIGNED),
            Map.entry("KeyStore", Pattern.compile("DKS|CaseExactJKS|JCEKS")),
            Map.entry("SSLContext", Pattern.compile("DTLS.*|TLSv1|TLSv1\\.1")));

    @Override
    public void afterRegistration(AfterRegistrationAccess access) {
        try {
            var remove = Provider.class.getDeclaredMethod("removeService", Provider.Service.class);
            remove.setAccessible(true);
            for (var provider : Security.getProviders()) {
                leaveOut(provider, remove);
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("algorithms cannot be left out", e);
        }
    }

    private static void leaveOut(Provider provider, Method remove) throws ReflectiveOperationException {
        for (var service : List.copyOf(provider.getServices())) {
            if (isUnused(service)) {
                remove.invoke(provider, service);
            }
        }
    }

    static boolean isUnused(Provider.Service service) {
        var unused = LEFT_OUT.get(service.getType());
        return unused != null && unused.matcher(service.getAlgorithm()).matches();
    }
}
