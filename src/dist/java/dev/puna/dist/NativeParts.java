// SPDX-License-Identifier: Apache-2.0
package dev.puna.dist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What is in the executable and the folder of libraries that is not Java's, read from these themselves and {@code versions.env}. */
final class NativeParts {
    private static final Pattern SETTING = Pattern.compile("(?m)^([A-Z_]+)=(\\S+)$");

    private final List<NativePart> parts = new ArrayList<>();

    private NativeParts() {}

    /** {@code jdk} is the JDK whose {@code native-image} linked the program; its {@code legal} folder has the terms. */
    static List<NativePart> of(Path program, Path libs, Path sources, Path jdk) throws IOException {
        var all = new NativeParts();
        all.libraries(libs, Files.readString(sources.resolve("native-libs/versions.env")));
        all.runtime(NativeImage.read(program), jdk);
        return List.copyOf(all.parts);
    }

    private void libraries(Path libs, String versions) throws IOException {
        var licences = libs.resolve("licenses");
        var commit = setting(versions, "LLAMA_COMMIT");
        add(
                "library",
                "llama.cpp and ggml",
                setting(versions, "LLAMA_VERSION"),
                "MIT",
                "pkg:github/ggml-org/llama.cpp@" + commit,
                texts(licences, "LICENSE.llama.cpp"));
        add("library", "JSON for Modern C++", "", "MIT", "", texts(licences, "LICENSE-jsonhpp"));
        for (var licence : files(licences, "LICENSE.linux-*")) {
            var name = licence.getFileName().toString().substring("LICENSE.".length());
            var version = setting(versions, "PACKAGE_VERSION");
            add(
                    "library",
                    "@node-llama-cpp/" + name,
                    version,
                    "MIT",
                    "pkg:npm/%40node-llama-cpp/" + name + "@" + version,
                    List.of(Files.readString(licence)));
        }
        if (Files.exists(licences.resolve("LICENSE.libwebp"))) {
            var version = setting(versions, "WEBP_FOLDER").replaceFirst(".*-", "");
            add(
                    "library",
                    "libwebp",
                    version,
                    "BSD-3-Clause",
                    "pkg:github/webmproject/libwebp@v" + version,
                    texts(licences, "LICENSE.libwebp"));
        }
    }

    private void runtime(NativeImage image, Path jdk) throws IOException {
        var terms = new ArrayList<String>();
        for (var file : List.of("LICENSE.txt", "NOTICE", "THIRD_PARTY_LICENSE.txt")) {
            if (Files.exists(jdk.resolve(file))) {
                terms.add(Files.readString(jdk.resolve(file)));
            }
        }
        for (var module : files(jdk.resolve("legal"), "*")) {
            if (linked(module)) {
                for (var text : files(module, "*")) {
                    terms.add(Files.readString(text));
                }
            }
        }
        var licence = "GPL-2.0-with-classpath-exception";
        image.compiler()
                .ifPresent(name -> add(
                        "platform",
                        name.replaceFirst(" [^ ]*$", ""),
                        name.replaceFirst(".* ", ""),
                        licence,
                        "",
                        terms));
        add("platform", "OpenJDK", image.java().orElse(""), licence, "", terms);
        if (image.staticLibraries().contains("libffi.a")) {
            var texts = new ArrayList<String>();
            try (var found = Files.find(jdk.resolve("lib"), 6, (path, _) -> path.endsWith("legal/libffi"))) {
                for (var text : found.sorted().toList()) {
                    texts.add(Files.readString(text));
                }
            }
            add("library", "libffi", "", "MIT", "", texts);
        }
    }

    /** Whether third parties of the module may be linked into a server without a screen. */
    private static boolean linked(Path module) {
        return module.getFileName().toString().startsWith("java.") && !module.endsWith("java.desktop");
    }

    private void add(String type, String name, String version, String licence, String purl, List<String> texts) {
        parts.add(new NativePart(type, name, version, licence, purl, texts));
    }

    private static List<String> texts(Path folder, String name) throws IOException {
        var file = folder.resolve(name);
        return Files.exists(file) ? List.of(Files.readString(file)) : List.of();
    }

    private static List<Path> files(Path folder, String pattern) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        var files = new ArrayList<Path>();
        try (var found = Files.newDirectoryStream(folder, pattern)) {
            found.forEach(files::add);
        }
        return files.stream().sorted().toList();
    }

    static String setting(String versions, String name) {
        return SETTING.matcher(versions)
                .results()
                .filter(found -> found.group(1).equals(name))
                .map(found -> found.group(2))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("native-libs/versions.env does not say " + name + "."));
    }
}
