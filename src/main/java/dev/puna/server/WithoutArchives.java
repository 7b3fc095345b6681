// SPDX-License-Identifier: Apache-2.0
package dev.puna.server;

import com.oracle.svm.core.annotate.Substitute;
import com.oracle.svm.core.annotate.TargetClass;
import java.nio.file.Path;
import java.util.function.Function;

/**
 * Leaves Java's file system within ZIP archives out of the native executable. SmallRye would look for settings in archives of the class
 * path, of which an executable has none.
 */
// Nothing here is called in Java: native-image puts this method in the place of SmallRye's.
@SuppressWarnings("unused")
@TargetClass(className = "io.smallrye.common.classloader.ClassPathUtils")
final class WithoutArchives {
    @Substitute
    private static <R> R processAsJarPath(Path archive, String entry, Function<Path, R> reader) {
        throw new IllegalStateException("there are no archives on the class path");
    }
}
