package io.textloom.spark.quarantine;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.Serializable;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.apache.spark.SparkEnv;

/**
 * A process that tasks run in: an executor, or the driver of a local run.
 *
 * @param application Spark's name of the run
 * @param executor Spark's name of the executor in it
 * @param startedAtMillis tells it from a later process with the same number; 0 where the system does not say
 * @param fatalErrorLog where its virtual machine writes why it crashed
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record WorkerProcess(
        String application, String executor, String host, long pid, long startedAtMillis, String fatalErrorLog)
        implements Serializable {
    static final WorkerProcess UNKNOWN = new WorkerProcess("", "", "", 0, 0, "");

    /** This one. */
    static WorkerProcess current() {
        SparkEnv env = SparkEnv.get();
        ProcessHandle self = ProcessHandle.current();
        return new WorkerProcess(
                env == null ? "" : env.conf().get("spark.app.id", ""),
                env == null ? "" : env.executorId(),
                thisHost(),
                self.pid(),
                startOf(self),
                fatalErrorLog(self.pid()));
    }

    /** Whether it is one of this machine's and runs. */
    boolean isRunningHere() {
        Optional<ProcessHandle> process = isOfThisHost() ? ProcessHandle.of(pid) : Optional.empty();
        return process.isPresent() && startOf(process.get()) == startedAtMillis;
    }

    boolean isOfThisHost() {
        return host.equals(thisHost());
    }

    /** Tells processes apart in file names. */
    String key() {
        return Integer.toHexString(host.hashCode()) + "-" + pid + "-" + Long.toHexString(startedAtMillis);
    }

    private static long startOf(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    }

    private static String thisHost() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "unknown";
        }
    }

    private static String fatalErrorLog(long pid) {
        HotSpotDiagnosticMXBean machine = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        String set = machine == null ? "" : machine.getVMOption("ErrorFile").getValue();
        String name = set.isEmpty() ? "hs_err_pid%p.log" : set;
        return Path.of(name.replace("%p", String.valueOf(pid))).toAbsolutePath().toString();
    }
}
