// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling.plan;

import dev.puna.device.ComputeDevice;
import dev.puna.device.ComputeDevice.Kind;
import dev.puna.device.Placement;
import dev.puna.failure.InvalidRequest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The GPUs that a model may be put on, and how its layers find room there. Pure. Source: contract 7.6.
 *
 * @param usable discrete ones, or integrated ones where there are no others; each piece of hardware once, and all of one backend
 * @param room bytes that may be planned with on each, by name
 */
record Gpus(List<ComputeDevice> usable, Map<String, Long> room) {
    /** Part of a GPU's free memory to plan with: drivers and fragments take some. */
    private static final double USABLE = 0.9;

    /** Backends, the best first, for a GPU that two of them know; a backend that is not listed comes before the last. */
    private static final List<String> BACKENDS = List.of("CUDA", "ROCm", "MTL", "Metal", "SYCL");

    Gpus {
        usable = List.copyOf(usable);
        room = Map.copyOf(room);
    }

    /** No GPUs. */
    static final Gpus NONE = new Gpus(List.of(), Map.of());

    /**
     * @param main number of the only one to use, counted over those that can be used
     * @param overhead bytes to leave alone on each
     * @throws InvalidRequest if there is no GPU of that number
     */
    static Gpus of(List<ComputeDevice> devices, OptionalInt main, long overhead) {
        var all = bestGroup(eachOnce(devices));
        if (main.isPresent() && !all.isEmpty() && main.getAsInt() >= all.size()) {
            throw new InvalidRequest("main_gpu is %d, but the GPUs are %s".formatted(main.getAsInt(), numbered(all)));
        }
        var usable = main.isPresent() && !all.isEmpty() ? List.of(all.get(main.getAsInt())) : all;
        return new Gpus(
                usable,
                usable.stream()
                        .collect(Collectors.toMap(
                                ComputeDevice::name,
                                gpu -> Math.max(0, (long) (USABLE * gpu.freeBytes()) - overhead))));
    }

    boolean isEmpty() {
        return usable.isEmpty();
    }

    /** Memory of all GPUs in bytes, free or not. */
    long totalBytes() {
        return usable.stream().mapToLong(ComputeDevice::totalBytes).sum();
    }

    /** All layers on the GPU with most room, or else on all of them; nothing where they do not fit. */
    Optional<Placement> whole(MemoryEstimate estimate, boolean spread) {
        var most = usable.stream().max(Comparator.comparing(gpu -> roomOf(gpu)));
        return most.filter(_ -> !spread)
                .map(gpu -> Placement.on(gpu.name(), estimate.layers()))
                .filter(placement -> hold(estimate.with(placement)))
                .or(() -> Optional.of(some(estimate, estimate.layers()))
                        .filter(placement -> placement.layers() == estimate.layers())
                        .filter(placement -> hold(estimate.with(placement))));
    }

    /** Places a number of layers in proportion to the room on each GPU, or on one GPU after the other where that does not fit. */
    Placement some(MemoryEstimate estimate, int layers) {
        var even = byRoom(layers);
        if (hold(estimate.with(even))) {
            return even;
        }
        var filled = most(estimate, layers);
        return filled.layers() == layers ? filled : even;
    }

    /** Places as many layers as fit, up to a number: the last layers, and the last GPU first. */
    Placement most(MemoryEstimate estimate, int limit) {
        var shares = new ArrayList<Placement.Share>();
        var next = estimate.layers() - 1;
        for (var gpu : usable.reversed()) {
            // Only in the end is it known which GPU is the first, the one that holds the projector.
            var left = roomOf(gpu) - estimate.computing() - estimate.projector();
            var count = 0;
            while (count < limit && next >= 0 && estimate.onDevice(next) <= left) {
                left -= estimate.onDevice(next--);
                count++;
            }
            limit -= count;
            if (count > 0) {
                shares.addFirst(new Placement.Share(gpu.name(), count));
            }
        }
        return new Placement(shares);
    }

    /** Whether there is room for that much on each GPU. */
    boolean hold(MemoryRequirement need) {
        return need.byDevice().entrySet().stream()
                .allMatch(part -> part.getValue() <= room.getOrDefault(part.getKey(), 0L));
    }

    /** Bytes that would lie in the system's memory, because the GPU has none of its own. */
    long inSystemMemory(MemoryRequirement need) {
        return usable.stream()
                .filter(gpu -> gpu.kind() == Kind.INTEGRATED)
                .mapToLong(gpu -> need.byDevice().getOrDefault(gpu.name(), 0L))
                .sum();
    }

    private Placement byRoom(int layers) {
        var all = Math.max(1, usable.stream().mapToLong(this::roomOf).sum());
        var shares = new ArrayList<Placement.Share>();
        var passed = 0L;
        var given = 0;
        for (var gpu : usable) {
            passed += roomOf(gpu);
            var upTo = (int) Math.round((double) layers * passed / all);
            if (upTo > given) {
                shares.add(new Placement.Share(gpu.name(), upTo - given));
                given = upTo;
            }
        }
        return given == layers || usable.isEmpty()
                ? new Placement(shares)
                : Placement.on(usable.getLast().name(), layers);
    }

    private long roomOf(ComputeDevice gpu) {
        return room.getOrDefault(gpu.name(), 0L);
    }

    /** One piece of hardware is used through the best backend that has found it. */
    private static List<ComputeDevice> eachOnce(List<ComputeDevice> devices) {
        var known = new HashSet<String>();
        return devices.stream()
                .filter(ComputeDevice::gpu)
                .sorted(Comparator.comparing(gpu -> rank(gpu.backend())))
                .filter(gpu -> gpu.id().isEmpty() || known.add(gpu.id()))
                .toList();
    }

    private static int rank(String backend) {
        var rank = BACKENDS.indexOf(backend);
        return rank < 0 ? BACKENDS.size() : rank;
    }

    /** Discrete GPUs before integrated ones; of several backends that with most memory, since they do not work together well. */
    private static List<ComputeDevice> bestGroup(List<ComputeDevice> gpus) {
        var discrete = gpus.stream().filter(gpu -> gpu.kind() == Kind.DISCRETE).toList();
        var candidates = discrete.isEmpty() ? gpus : discrete;
        var free = candidates.stream()
                .collect(Collectors.groupingBy(
                        ComputeDevice::backend, Collectors.summingLong(ComputeDevice::freeBytes)));
        var best = candidates.stream()
                .map(ComputeDevice::backend)
                .distinct()
                .max(Comparator.<String>comparingLong(free::get).thenComparing(backend -> -rank(backend)));
        return candidates.stream()
                .filter(gpu -> best.filter(gpu.backend()::equals).isPresent())
                .toList();
    }

    private static String numbered(List<ComputeDevice> gpus) {
        return IntStream.range(0, gpus.size())
                .mapToObj(number -> number + " (" + gpus.get(number).name() + ")")
                .collect(Collectors.joining(", "));
    }
}
