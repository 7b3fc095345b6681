// SPDX-License-Identifier: Apache-2.0
/**
 * Models from and to registries: Ollama's protocol, which Hugging Face speaks too, and that of any OCI or Docker registry.
 *
 * <p>A pull is a job that tells its progress and can be cancelled from anywhere; what it has fetched by then stays and is not fetched
 * again. Blobs come in parts, several at a time, and are fetched once however many jobs want them. Nothing gets a blob's name
 * before its digest is right. A push is such a job, too; what a registry has taken is not sent again. Failures: {@link dev.puna.failure.RegistryFailure} when the registry or the way to it is at fault,
 * {@link dev.puna.failure.StoreFailure} when the folder is. Entry types: {@link dev.puna.registry.PullService} and
 * {@link dev.puna.registry.PushService}. A repository of Hugging Face without GGUF has {@link dev.puna.registry.HubFiles}.
 */
@NullMarked
package dev.puna.registry;

import org.jspecify.annotations.NullMarked;
