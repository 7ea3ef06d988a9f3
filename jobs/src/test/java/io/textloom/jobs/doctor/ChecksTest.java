package io.textloom.jobs.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.textloom.jobs.doctor.Finding.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each check in surroundings that are made up. */
class ChecksTest {
    private static final long GIB = 1L << 30;

    @TempDir
    Path dir;

    @Test
    void anOldJavaFailsANewerOneIsWarnedOf() {
        assertThat(of(new JavaCheck(11, "11.0.2", 4 * GIB, 16 * GIB, 4), "version"))
                .isEqualTo(Status.FAILED);
        assertThat(of(new JavaCheck(21, "21", 4 * GIB, 16 * GIB, 4), "version")).isEqualTo(Status.WARNING);
        assertThat(of(new JavaCheck(17, "17", 4 * GIB, 16 * GIB, 4), "version")).isEqualTo(Status.OK);
    }

    @Test
    void aHeapThatLeavesTheModelNoMemoryIsWarnedOf() {
        String memory = "memory of machine or container";
        assertThat(of(new JavaCheck(17, "17", 15 * GIB, 16 * GIB, 4), memory)).isEqualTo(Status.WARNING);
        assertThat(of(new JavaCheck(17, "17", 4 * GIB, 16 * GIB, 4), memory)).isEqualTo(Status.OK);
        assertThat(of(new JavaCheck(17, "17", GIB / 2, 16 * GIB, 4), "heap")).isEqualTo(Status.WARNING);
    }

    @Test
    void aFullDiskFailsAndAPlaceThatIsNotThereYetIsLookedAtFromAbove() throws IOException {
        Map<String, Path> places = Map.of("output", dir.resolve("not/yet/there"));

        assertThat(new DiskCheck(places, Long.MAX_VALUE, Long.MAX_VALUE).look())
                .singleElement()
                .satisfies(finding -> assertThat(finding.status()).isEqualTo(Status.FAILED))
                .satisfies(finding -> assertThat(finding.remedy()).contains("free some space"));
        assertThat(of(new DiskCheck(places, 0, Long.MAX_VALUE), "output")).isEqualTo(Status.WARNING);
        assertThat(of(new DiskCheck(places, 0, 0), "output")).isEqualTo(Status.OK);
        assertThat(dir.resolve("not")).doesNotExist();
    }

    @Test
    void fewOpenFilesFailAndHugePagesThatAreOffAreWarnedOf() throws IOException {
        file(
                "proc/self/limits",
                "Limit  Soft Limit  Hard Limit  Units\nMax open files            256                  4096                 files\n");
        file("sys/kernel/mm/transparent_hugepage/enabled", "always madvise [never]\n");
        file("sys/fs/cgroup/memory.max", "4294967296\n");
        file("sys/fs/cgroup/cpu.max", "max 100000\n");
        SystemCheck check = new SystemCheck(dir);

        assertThat(of(check, "open files")).isEqualTo(Status.FAILED);
        assertThat(of(check, "transparent huge pages")).isEqualTo(Status.WARNING);
        assertThat(check.look())
                .anySatisfy(finding -> assertThat(finding.found()).isEqualTo("4.0 GiB"))
                .noneMatch(finding -> finding.what().contains("processor share"));

        file("proc/self/limits", "Max open files            unlimited            unlimited            files\n");
        assertThat(of(check, "open files")).isEqualTo(Status.OK);
        assertThat(new SystemCheck(dir.resolve("nothing")).look()).hasSize(1);
    }

    @Test
    void nativeLibrariesLoadHere() {
        assertThat(new NativeCheck().look()).hasSize(4).noneMatch(finding -> finding.status() == Status.FAILED);
    }

    @Test
    void noCardIsAFailureOnlyWhereOneIsAskedFor() throws Exception {
        List<String> none = List.of("no-such-program-of-any-kind");
        assertThat(new GpuCheck(none, true, "").look())
                .singleElement()
                .satisfies(finding -> assertThat(finding.status()).isEqualTo(Status.FAILED))
                .satisfies(finding -> assertThat(finding.remedy()).contains("--device cpu"));
        assertThat(of(new GpuCheck(none, false, ""), "cards")).isEqualTo(Status.OK);
        assertThat(new GpuCheck(List.of("sh", "-c", "exit 3"), false, "").look())
                .hasSize(1);
    }

    @Test
    void aCardWithoutAProviderIsToldWithTheJarThatBringsOne() throws Exception {
        List<String> card = List.of("sh", "-c", "echo 0, A Card, 1000 MiB, 1.2");
        assertThat(new GpuCheck(card, false, "").look())
                .anySatisfy(finding -> assertThat(finding.found()).contains("A Card"))
                .anySatisfy(finding -> {
                    assertThat(finding.status()).isEqualTo(Status.WARNING);
                    assertThat(finding.remedy()).contains("textloom-gpu jar");
                });
        assertThat(of(new GpuCheck(card, true, ""), "CUDA provider")).isEqualTo(Status.FAILED);
    }

    @Test
    void sparksSettingsAreMeasuredAgainstTheModel() throws Exception {
        Map<String, String> small = Map.of("spark.executor.memory", "2g", "spark.speculation", "true");
        SparkCheck check = new SparkCheck("3.5.7", "spark://m:7077", small, 2 * GIB);
        assertThat(of(check, "memory overhead of executors")).isEqualTo(Status.WARNING);
        assertThat(of(check, "speculation")).isEqualTo(Status.WARNING);
        assertThat(check.look())
                .anySatisfy(f -> assertThat(f.remedy()).contains("spark.executor.memoryOverhead=2945m"));

        Map<String, String> large = Map.of("spark.executor.memoryOverhead", "4g", "spark.task.cpus", "1");
        assertThat(of(new SparkCheck("3.5.7", "spark://m:7077", large, 2 * GIB), "memory overhead of executors"))
                .isEqualTo(Status.OK);
        assertThat(of(new SparkCheck("4.0.0", "local[*]", Map.of(), 0), "version"))
                .isEqualTo(Status.WARNING);
        Map<String, String> cards = Map.of("spark.executor.resource.gpu.amount", "1");
        assertThat(of(new SparkCheck("3.5.7", "yarn", cards, 0), "GPUs of tasks"))
                .isEqualTo(Status.WARNING);
    }

    @Test
    void theScriptThatFindsCardsIsTried() throws Exception {
        assertThat(script("yarn", "").status()).isEqualTo(Status.WARNING);
        assertThat(script("spark://m:7077", "").status()).isEqualTo(Status.OK);
        assertThat(script("yarn", dir.resolve("none").toString()).status()).isEqualTo(Status.WARNING);
        Path script = Files.writeString(
                dir.resolve("find"), "#!/bin/sh\necho '{\"name\": \"gpu\", \"addresses\": [\"0\"]}'\n");
        assertThat(script("yarn", script.toString()).found()).contains("may not be executed");
        assertThat(script.toFile().setExecutable(true)).isTrue();
        assertThat(script("yarn", script.toString()).status()).isEqualTo(Status.OK);
        Files.writeString(script, "#!/bin/sh\necho 0\n");
        assertThat(script("yarn", script.toString()).status()).isEqualTo(Status.FAILED);
        Files.writeString(script, "#!/bin/sh\necho no driver >&2\nexit 1\n");
        assertThat(script("yarn", script.toString()))
                .isEqualTo(Finding.warning(
                        "GPU discovery script",
                        "no driver",
                        "{\"name\": \"gpu\", \"addresses\": [\"0\"]}",
                        "run " + script + " on a machine of the executors"));
    }

    private static Finding script(String master, String path) throws InterruptedException {
        Map<String, String> cards =
                Map.of("spark.executor.resource.gpu.amount", "1", "spark.executor.resource.gpu.discoveryScript", path);
        return new SparkCheck("3.5.7", master, cards, 0)
                .look().stream()
                        .filter(finding -> finding.what().equals("GPU discovery script"))
                        .findFirst()
                        .orElseThrow();
    }

    @Test
    void yarnNeedsTheClustersConfiguration() throws IOException {
        Configuration conf = new Configuration(false);
        assertThat(new HadoopCheck("yarn", conf, Map.of()).look())
                .anySatisfy(finding -> assertThat(finding.status()).isEqualTo(Status.FAILED))
                .anySatisfy(finding -> assertThat(finding.remedy()).contains("HADOOP_CONF_DIR"));
        assertThat(new HadoopCheck("local[2]", conf, Map.of()).look())
                .allMatch(finding -> finding.status() == Status.OK);
        Map<String, String> environment = Map.of("HADOOP_CONF_DIR", dir.toString());
        assertThat(new HadoopCheck("yarn", conf, environment).look())
                .anySatisfy(finding -> assertThat(finding.found()).contains("without a core-site.xml"));
        file("core-site.xml", "<configuration/>");
        assertThat(new HadoopCheck("yarn", conf, environment).look())
                .allMatch(finding -> finding.status() == Status.OK);
    }

    @Test
    void sizesAreThoseOfSpark() {
        assertThat(SparkCheck.bytes("4g")).isEqualTo(4 * GIB);
        assertThat(SparkCheck.bytes("512MB")).isEqualTo(GIB / 2);
    }

    @Test
    void anInputThatIsNotThereFails() throws IOException {
        Path there = Files.writeString(dir.resolve("a.txt"), "x");
        InputCheck check = new InputCheck(
                List.of(there.toString(), dir + "/*.jsonl", "nofs://host/x", "sql:SELECT 1"), new Configuration());

        assertThat(check.look())
                .extracting(Finding::status)
                .containsExactly(Status.OK, Status.FAILED, Status.FAILED, Status.OK);
        assertThat(check.look().get(2).remedy()).contains("hadoop-aws");
    }

    @Test
    void theOutputIsProbedAndTheProbeTakenAway() throws IOException {
        Path output = dir.resolve("out/vectors");
        OutputCheck check = new OutputCheck(output.toString(), new Configuration());

        assertThat(check.look()).allMatch(finding -> finding.status() == Status.OK);
        try (var left = Files.walk(dir)) {
            assertThat(left).containsExactly(dir);
        }
    }

    @Test
    void aPlaceThatCannotBeWrittenFails() throws IOException {
        Path blocker = Files.writeString(dir.resolve("file"), "x");
        OutputCheck check = new OutputCheck(blocker + "/below", new Configuration());

        assertThat(Checkup.of(List.of(check)).sound()).isFalse();
    }

    @Test
    void clocksThatDifferAndALockThatIsHeldAreWarnedOf() throws IOException {
        Path output = Files.createDirectories(dir.resolve("out"));
        OutputCheck late = new OutputCheck(
                output.toString(), new Configuration(), () -> Instant.now().plus(Duration.ofMinutes(5)));
        assertThat(of(late, "clocks")).isEqualTo(Status.WARNING);

        file("out/_textloom/lock", "{}");
        assertThat(of(new OutputCheck(output.toString(), new Configuration()), "lock"))
                .isEqualTo(Status.WARNING);
    }

    @Test
    void filesOfOthersInTheOutputFail() throws IOException {
        file("out/mine.txt", "x");
        assertThat(of(new OutputCheck(dir.resolve("out").toString(), new Configuration()), "content"))
                .isEqualTo(Status.FAILED);
    }

    @Test
    void theModelIsOpenedAndRunOnce() {
        ModelCheck check = new ModelCheck("storyteller", "", new Configuration());
        assertThat(check.look())
                .allMatch(finding -> finding.status() == Status.OK)
                .anySatisfy(finding -> assertThat(finding.found()).startsWith("one line continued with"));

        assertThat(Checkup.of(List.of(new ModelCheck("storyteller", "0".repeat(64), new Configuration())))
                        .sound())
                .isFalse();
        assertThat(Checkup.of(List.of(new ModelCheck("no-such-model", "", new Configuration())))
                        .sound())
                .isFalse();
    }

    private void file(String path, String content) throws IOException {
        Path file = dir.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private static Status of(Check check, String what) {
        try {
            return check.look().stream()
                    .filter(finding -> finding.what().equals(what))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("nothing was said of " + what))
                    .status();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
