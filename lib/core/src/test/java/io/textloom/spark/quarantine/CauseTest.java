package io.textloom.spark.quarantine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CauseTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Command exited with code 134|CRASHED|SIGABRT, exit code 134",
                "Command exited with code 139|CRASHED|SIGSEGV, exit code 139",
                "Container from a bad node: container_1_0001_01_000002 on host: n1. Exit status: 134. Diagnostics: [x]|CRASHED|SIGABRT, exit code 134",
                "The executor with id 3 exited with exit code 136(unexpected).|CRASHED|SIGFPE, exit code 136",
                "Command exited with code 137|UNKNOWN|exit code 137",
                "The executor with id 3 exited with exit code 137(SIGKILL, possible container OOM).|UNKNOWN|exit code 137",
                "Container killed by YARN for exceeding physical memory limits. 1.5 GB of 1.4 GB physical memory used.|UNKNOWN|Container killed by YARN for exceeding physical memory limits. 1.5 GB of 1.4 GB physical memory used.",
                "Command exited with code 143|OUTSIDE|SIGTERM, exit code 143",
                "Container container_1 on host: n1 was preempted.|OUTSIDE|Container container_1 on host: n1 was preempted.",
                "Executor decommission: worker decommissioned|OUTSIDE|Executor decommission: worker decommissioned",
                "Remote RPC client disassociated. Likely due to containers exceeding thresholds.|UNKNOWN|Remote RPC client disassociated. Likely due to containers exceeding thresholds.",
            })
    void theClusterManagersWordsAreUnderstood(String reason, Verdict verdict, String what) {
        assertThat(Cause.of(reason)).isEqualTo(new Cause(verdict, what));
    }

    @Test
    void whatSparkDoesNotBlameOnTheApplicationIsNobodysFault() {
        assertThat(new Loss("app", "1", "Slave is gone", true).cause().verdict())
                .isEqualTo(Verdict.OUTSIDE);
        assertThat(new Loss("app", "1", "Command exited with code 139", true)
                        .cause()
                        .verdict())
                .isEqualTo(Verdict.CRASHED);
    }

    @Test
    void aFatalErrorLogNamesTheSignalAndTheLibrary() {
        List<String> log = List.of(
                "#",
                "# A fatal error has been detected by the Java Runtime Environment:",
                "#",
                "#  SIGSEGV (0xb) at pc=0x00007f6d2c0a5d8b, pid=4711, tid=4720",
                "#",
                "# JRE version: OpenJDK Runtime Environment (17.0.13+11) (build 17.0.13+11)",
                "# Problematic frame:",
                "# C  [libonnxruntime.so+0x4c7a10]",
                "#");
        assertThat(FatalErrorLog.parse(log, 4711))
                .contains(new Cause(Verdict.CRASHED, "SIGSEGV in [libonnxruntime.so+0x4c7a10]"));
        assertThat(FatalErrorLog.parse(log, 4712)).as("another process's").isEmpty();
    }

    @Test
    void aMachineWithoutMemoryIsNoCrash() {
        List<String> log = List.of(
                "#",
                "# There is insufficient memory for the Java Runtime Environment to continue.",
                "# Native memory allocation (mmap) failed to map 16384 bytes for committing reserved memory.",
                "# V  [libjvm.so+0x1]");
        assertThat(FatalErrorLog.parse(log, 4711)).isEmpty();
    }
}
