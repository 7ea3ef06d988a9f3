package io.textloom.spark.stage;

import io.textloom.runtime.CudaProvider;
import io.textloom.runtime.Device;
import io.textloom.tensor.Precision;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;

/**
 * The device of a task: the card whose address Spark gave it and no other, else the CPU.
 *
 * <p>Addresses are numbers as {@code nvidia-smi} counts, the ones that {@code scripts/discover-gpus} reports. CUDA counts the cards that
 * {@code CUDA_VISIBLE_DEVICES} leaves a process, in the order of that list; so where it is set, an address is looked up in it.
 */
final class TaskDevices {
    /** Spark's name of the resource. */
    static final String RESOURCE = "gpu";

    /**
     * Set to true, every card is computed by the CPU: for checks of what is shared and counted on machines without a card. It makes nothing faster and is
     * no setting.
     */
    static final String GPU_AS_CPU = "textloom.test.gpuAsCpu";

    private static final String TASK_AMOUNT = "spark.task.resource." + RESOURCE + ".amount";
    private static final Pattern LOCAL = Pattern.compile("local\\[(\\*|[0-9]{1,6})(?:,.*)?]");
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,6}");

    private TaskDevices() {}

    /**
     * What the driver can find wrong before any task starts.
     *
     * @param job whose setting the precision is, for the message
     * @throws IllegalArgumentException as {@link #check(DeviceOptions)}, or if CPUs are to compute in half precision
     */
    static void check(DeviceOptions options, Precision precision, String job) {
        check(options);
        if (precision == Precision.FLOAT16 && !mayBeGpus(options)) {
            throw new IllegalArgumentException(
                    job + ".precision is float16, which CPUs are slow in; choose float32 or int8, or give tasks a GPU");
        }
    }

    /**
     * What the driver can find wrong before any task starts.
     *
     * @throws IllegalArgumentException if tasks are to use GPUs and there is no provider for them
     */
    static void check(DeviceOptions options) {
        if (mayBeGpus(options) && !Boolean.getBoolean(GPU_AS_CPU)) {
            CudaProvider.requireGiven(options.providerLibrary());
        }
    }

    /** Whether tasks will compute on GPUs, as far as the driver knows. */
    static boolean mayBeGpus(DeviceOptions options) {
        return options.device() == DeviceChoice.CUDA
                || (options.device() == DeviceChoice.AUTO && sparkGivesTasksGpus());
    }

    private static boolean sparkGivesTasksGpus() {
        SparkEnv spark = SparkEnv.get();
        return spark != null && spark.conf().getDouble(TASK_AMOUNT, 0) > 0;
    }

    /** How many calls a device is to be given at once: one for each task that this executor runs, and one for a card. */
    static int lanes(Device device) {
        if (device.kind() != Device.Kind.CPU) {
            return 1;
        }
        SparkEnv spark = SparkEnv.get();
        int machine = Runtime.getRuntime().availableProcessors();
        if (spark == null) {
            return machine;
        }
        String master = spark.conf().get("spark.master", "");
        Matcher local = LOCAL.matcher(master);
        // a standalone executor has all cores of its machine unless told otherwise, one of YARN or Kubernetes has one
        int unsaid = master.startsWith("yarn") || master.startsWith("k8s") ? 1 : machine;
        int cores = local.matches()
                ? (local.group(1).equals("*") ? machine : Integer.parseInt(local.group(1)))
                : spark.conf().getInt("spark.executor.cores", unsaid);
        return Math.max(1, cores / spark.conf().getInt("spark.task.cpus", 1));
    }

    /** The device of the task that calls. */
    static Device ofTask(DeviceOptions options) {
        TaskContext task = TaskContext.get();
        ResourceInformation gpu = task == null ? null : task.resourcesJMap().get(RESOURCE);
        return of(
                options,
                gpu == null ? List.of() : List.of(gpu.addresses()),
                System.getenv().getOrDefault("CUDA_VISIBLE_DEVICES", ""),
                Boolean.getBoolean(GPU_AS_CPU));
    }

    /**
     * @param addresses that Spark gave the task; empty for none
     * @param visible value of {@code CUDA_VISIBLE_DEVICES}; empty for all cards
     * @param asCpu value of {@link #GPU_AS_CPU}
     * @throws IllegalArgumentException if the addresses do not say one card
     */
    static Device of(DeviceOptions options, List<String> addresses, String visible, boolean asCpu) {
        if (options.device() == DeviceChoice.CPU || (options.device() == DeviceChoice.AUTO && addresses.isEmpty())) {
            return Device.CPU;
        }
        if (addresses.size() > 1) {
            throw new IllegalArgumentException("Spark gave one task the GPUs " + addresses
                    + " but a task uses one; set " + TASK_AMOUNT + " to 1, or to a fraction to share it");
        }
        int index = addresses.isEmpty() ? 0 : index(addresses.get(0), visible);
        return asCpu ? Device.cudaOnCpu(index) : Device.cuda(index, options.providerLibrary());
    }

    private static int index(String address, String visible) {
        if (!visible.isBlank()) {
            int index = Arrays.asList(visible.strip().split("\\s*,\\s*")).indexOf(address);
            if (index < 0) {
                throw new IllegalArgumentException("Spark gave the task the GPU " + address
                        + " but CUDA_VISIBLE_DEVICES is " + visible
                        + " on this executor; unset it, or let the discovery script report what it lists");
            }
            return index;
        }
        if (!NUMBER.matcher(address).matches()) {
            throw new IllegalArgumentException("Spark gave the task the GPU " + address
                    + "; expected a number as nvidia-smi counts, see scripts/discover-gpus");
        }
        return Integer.parseInt(address);
    }
}
