// SPDX-License-Identifier: Apache-2.0
package dev.puna.registry.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.puna.failure.RegistryFailure;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Base64;

/**
 * The ed25519 key by which Ollama's registry and Hugging Face know a user: {@code id_ed25519} as OpenSSH writes it, the same that
 * Ollama has. It is made when a registry asks for it and there is none. <b>Threads:</b> any. Source: contract 4.
 *
 * @param file of the private key; the public one is beside it, with the ending {@code .pub}
 */
record SigningKey(Path file) {
    private static final int LONGEST = 16_384;
    /** Base64 of the hexadecimal SHA-256 of nothing. */
    private static final String NO_BODY =
            "ZTNiMGM0NDI5OGZjMWMxNDlhZmJmNGM4OTk2ZmI5MjQyN2FlNDFlNDY0OWI5MzRjYTQ5NTk5MWI3ODUyYjg1NQ==";

    /** What stands in {@code Authorization} for a request without a body: public key and signature. */
    String sign(String method, URI address) {
        try {
            var key = read();
            var signature = Signature.getInstance("Ed25519");
            signature.initSign(KeyFactory.getInstance("Ed25519")
                    .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, key.seed())));
            signature.update("%s,%s,%s".formatted(method, address, NO_BODY).getBytes(UTF_8));
            var base64 = Base64.getEncoder();
            return base64.encodeToString(key.publicBlob()) + ":" + base64.encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new RegistryFailure("the key in " + file + " cannot sign: " + e.getMessage(), e);
        }
    }

    private OpenSshKey read() throws GeneralSecurityException {
        try {
            if (!Files.exists(file)) {
                make();
            }
            if (Files.size(file) > LONGEST) {
                throw unusable();
            }
            SecretFile.warnIfOpenToOthers(file);
            return OpenSshKey.parse(Files.readString(file)).orElseThrow(this::unusable);
        } catch (IOException e) {
            throw new RegistryFailure(
                    "the registry asks for a signature, but the key %s cannot be used: %s".formatted(file, e), e);
        }
    }

    /** Readable by nobody else from the first moment; one that another process makes meanwhile wins. */
    private void make() throws IOException, GeneralSecurityException {
        var made = OpenSshKey.generate();
        Files.createDirectories(file.toAbsolutePath().getParent());
        var unfinished = Files.createTempFile(
                file.toAbsolutePath().getParent(),
                ".id_ed25519-",
                "",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            Files.writeString(unfinished, made.text());
            Files.createLink(file, unfinished);
            Files.writeString(file.resolveSibling(file.getFileName() + ".pub"), made.publicText());
        } catch (FileAlreadyExistsException _) {
            // That one is read.
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    private RegistryFailure unusable() {
        return new RegistryFailure("the registry asks for a signature, but " + file
                + " is no ed25519 key without a passphrase in OpenSSH's form; move it away and a new one is made");
    }
}
