package io.textloom.runtime;

import java.util.Locale;

/**
 * What a session computes on. One session serves all tasks of a device, so this is part of every key under which models are shared.
 *
 * @param index CUDA's number of the card, as this process sees it; 0 for the CPU
 * @param providerLibrary file of a CUDA plugin provider; empty for the provider that the add-on jar brings, and for the CPU
 */
public record Device(Kind kind, int index, String providerLibrary) {
    public static final Device CPU = new Device(Kind.CPU, 0, "");

    /** Kinds of devices. */
    public enum Kind {
        CPU,
        CUDA,
        /** Takes the place of a card in checks where there is none: named, shared and counted as one, computed by the CPU. */
        CUDA_ON_CPU
    }

    public Device {
        if (index < 0 || (kind == Kind.CPU && index != 0)) {
            throw new IllegalArgumentException("The device " + kind.name().toLowerCase(Locale.ROOT) + " has the index "
                    + index + "; expected 0 for the CPU, and 0 or more for a GPU");
        }
        if (kind != Kind.CUDA && !providerLibrary.isEmpty()) {
            throw new IllegalArgumentException("The device " + kind.name().toLowerCase(Locale.ROOT)
                    + " has the provider library " + providerLibrary + "; only a GPU has one");
        }
    }

    /** With the provider of the add-on jar. */
    public static Device cuda(int index) {
        return cuda(index, "");
    }

    public static Device cuda(int index, String providerLibrary) {
        return new Device(Kind.CUDA, index, providerLibrary);
    }

    /** @see Kind#CUDA_ON_CPU */
    public static Device cudaOnCpu(int index) {
        return new Device(Kind.CUDA_ON_CPU, index, "");
    }

    /** {@code cpu}, {@code gpu 1}. */
    @Override
    public String toString() {
        return switch (kind) {
            case CPU -> "cpu";
            case CUDA -> "gpu " + index;
            case CUDA_ON_CPU -> "gpu " + index + " (computed by the CPU)";
        };
    }
}
