package io.textloom.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What this process and the machine have used so far; differences count. Reads Linux's {@code /proc}.
 *
 * @param wallNanos monotonic; unit: ns
 * @param cpuNanos of all threads of this process; unit: ns
 * @param machineSeconds CPU time of all processes of the machine; unit: s
 */
public record Usage(long wallNanos, long cpuNanos, double machineSeconds) {
    /** Linux counts in hundredths of a second on every platform Java runs on. */
    private static final double TICKS_PER_SECOND = 100;

    public static Usage now() {
        OperatingSystemMXBean system =
                (OperatingSystemMXBean) ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        return new Usage(System.nanoTime(), system.getProcessCpuTime(), readMachineSeconds());
    }

    public double wallSince(Usage start) {
        return (wallNanos - start.wallNanos) / 1e9;
    }

    public double cpuSince(Usage start) {
        return (cpuNanos - start.cpuNanos) / 1e9;
    }

    /** CPU time that other processes took; unit: s */
    public double otherCpuSince(Usage start) {
        return Math.max(0, machineSeconds - start.machineSeconds - cpuSince(start));
    }

    /** Largest resident memory of this process; unit: bytes */
    public static long peakResidentBytes() {
        for (String line : lines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmHWM:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
            }
        }
        return 0;
    }

    /** user, nice, system, irq, softirq and steal of the first line of {@code /proc/stat}. */
    private static double readMachineSeconds() {
        List<String> lines = lines(Path.of("/proc/stat"));
        if (lines.isEmpty()) {
            return 0;
        }
        String[] fields = lines.get(0).trim().split("\\s+");
        double ticks = 0;
        for (int i : new int[] {1, 2, 3, 6, 7, 8}) {
            ticks += Long.parseLong(fields[i]);
        }
        return ticks / TICKS_PER_SECOND;
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            return List.of();
        }
    }
}
