package io.textloom.spark.lineage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;

/** What an executor computes on, asked there. */
public final class Machine {
    private static final long ASK_SECONDS = 10;

    /** Names of cards by their address; a card has one as long as this process lives. */
    private static final Map<String, String> CARDS = new ConcurrentHashMap<>();

    private Machine() {}

    /**
     * The device of the task that calls: one entry, what it is by where it is, so that entries of many tasks can be put together.
     *
     * @param cards whether the task uses the card that Spark gave it, if any
     */
    public static TreeMap<String, String> ofTask(boolean cards) {
        TaskContext task = TaskContext.get();
        SparkEnv spark = SparkEnv.get();
        String executor = spark == null ? "" : spark.executorId();
        ResourceInformation gpu = cards && task != null ? task.resourcesJMap().get("gpu") : null;
        TreeMap<String, String> device = new TreeMap<>();
        if (gpu == null || gpu.addresses().length == 0) {
            device.put(executor, processor());
        } else {
            String address = gpu.addresses()[0];
            device.put(executor + "/gpu/" + address, CARDS.computeIfAbsent(address, Machine::card));
        }
        return device;
    }

    /** Sorts of devices with how many there were. @param devices what by where */
    static List<Provenance.Device> sorts(Map<String, String> devices) {
        TreeMap<String, Integer> counts = new TreeMap<>();
        devices.values().forEach(name -> counts.merge(name, 1, Integer::sum));
        List<Provenance.Device> sorts = new ArrayList<>();
        counts.forEach((name, count) -> sorts.add(new Provenance.Device(name, count)));
        return sorts;
    }

    /** Model and cores of this machine's processor, such as {@code AMD EPYC 9R14, 8 cores}. */
    static String processor() {
        return Processor.NAME;
    }

    private static final class Processor {
        static final String NAME = model() + ", " + Runtime.getRuntime().availableProcessors() + " cores";

        private static String model() {
            try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"), StandardCharsets.UTF_8)) {
                return lines.filter(line -> line.startsWith("model name"))
                        .findFirst()
                        .map(line -> line.substring(line.indexOf(':') + 1).strip())
                        .orElse(System.getProperty("os.arch"));
            } catch (IOException | RuntimeException e) {
                return System.getProperty("os.arch"); // no Linux, or a closed /proc
            }
        }
    }

    /** What the driver's own tool calls the card; its number where there is no such tool. */
    private static String card(String address) {
        String unnamed = "GPU " + address;
        try {
            Process process = new ProcessBuilder(
                            "nvidia-smi", "--query-gpu=name", "--format=csv,noheader", "--id=" + address)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!process.waitFor(ASK_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return unnamed;
            }
            String name = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return process.exitValue() == 0 && !name.isEmpty()
                    ? name.lines().findFirst().orElse(unnamed)
                    : unnamed;
        } catch (IOException e) {
            return unnamed;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return unnamed;
        }
    }
}
