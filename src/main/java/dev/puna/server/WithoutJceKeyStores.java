// SPDX-License-Identifier: Apache-2.0
package dev.puna.server;

import com.oracle.svm.core.annotate.Substitute;
import com.oracle.svm.core.annotate.TargetClass;
import java.io.InputStream;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** Leaves key stores of the kind JCEKS out of the native executable, and Java's serialisation with them: certificates come as PEM. */
// Nothing here is called in Java: native-image puts these methods in the place of Java's.
@SuppressWarnings({"unused", "DoNotCallSuggester"})
@TargetClass(className = "com.sun.crypto.provider.JceKeyStore")
final class WithoutJceKeyStores {
    @Substitute
    public void engineLoad(InputStream content, char @Nullable [] password) {
        throw new IllegalStateException("key stores of the kind JCEKS are not read");
    }

    @Substitute
    public void engineStore(OutputStream content, char[] password) {
        throw new IllegalStateException("key stores of the kind JCEKS are not written");
    }
}
