// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama.wire;

/**
 * The answer of {@code /api/version}.
 *
 * @param version of Ollama, whose behaviour is implemented: clients compare with it
 * @param puna version of this server
 */
public record VersionAnswer(String version, String puna) {}
