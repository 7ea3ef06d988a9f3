package io.textloom.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** What this machine's processor can do, as Linux tells it. */
final class Processor {
    private static final Path CPUINFO = Path.of("/proc/cpuinfo");

    private Processor() {}

    /** Its model and features; empty where the system does not tell. */
    static String description() {
        return lines().stream()
                .filter(line ->
                        line.startsWith("model name") || line.startsWith("flags") || line.startsWith("Features"))
                .distinct()
                .collect(Collectors.joining("\n"));
    }

    /** Whether sums of 8-bit products are exact: x86 without VNNI saturates them at 16 bits. */
    static boolean addsBytesExactly() {
        String description = description();
        return !description.contains("avx2") || description.contains("avx512_vnni") || description.contains("avx_vnni");
    }

    private static List<String> lines() {
        try {
            return Files.isReadable(CPUINFO) ? Files.readAllLines(CPUINFO) : List.of();
        } catch (IOException e) {
            return List.of();
        }
    }
}
