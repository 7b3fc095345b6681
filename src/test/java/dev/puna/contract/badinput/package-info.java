// SPDX-License-Identifier: Apache-2.0
/**
 * Every line of contract 9.2 as a test: what is wrong gets its status and its text, nothing hangs, memory stays bounded, and the
 * server goes on serving, which {@link dev.puna.contract.badinput.ServerUnderTest} asks after each test.
 *
 * <p>What a registry can send is tested with a registry that means harm, in {@code dev.puna.registry.HostileRegistryTest}: digests in a
 * manifest (CVE-2024-37032, CVE-2025-44779, CVE-2025-1975; with manifests on disk here), bombs of gzip and endless manifests
 * (CVE-2024-12886), tokens for a foreign realm (CVE-2025-51471), hosts inside the network (ollama#16656), deleting a model while it is
 * pulled. Push is not there yet. Nothing here unpacks archives (CVE-2024-45436, CVE-2024-7773), transfers tensors (CVE-2026-7020) or
 * updates itself (CVE-2026-42248), and there is no key yet for CVE-2025-63389. Images are tested where they are read.
 */
@NullMarked
package dev.puna.contract.badinput;

import org.jspecify.annotations.NullMarked;
