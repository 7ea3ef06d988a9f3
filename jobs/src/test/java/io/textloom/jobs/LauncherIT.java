package io.textloom.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher with a Java and a spark-submit that only print what they were given. */
class LauncherIT {
    private static final Path LAUNCHER =
            Path.of("..", "scripts", "textloom").toAbsolutePath().normalize();

    @TempDir
    Path directory;

    @BeforeEach
    void installFakes() throws IOException {
        java("17.0.9", "printf '%s\\n' \"$@\"; echo \"parallelism=$TOKENIZERS_PARALLELISM\"; exit 42");
        script("spark/bin/spark-submit", "printf '%s\\n' \"$@\"; echo \"options=$SPARK_SUBMIT_OPTS\"; exit 4");
    }

    @Test
    void startsJavaWithAnOptionFileAndPassesItsExitCode() throws Exception {
        Result result =
                launch(Map.of("TEXTLOOM_HEAP", "3g", "TEXTLOOM_JAVA_OPTS", "-Da=b -Dc=d"), "embed", "--input", "a b");

        assertThat(result.code()).isEqualTo(42);
        assertThat(result.output().lines())
                .containsSubsequence(
                        "-Xmx3g",
                        "-Da=b",
                        "-Dc=d",
                        "io.textloom.jobs.Main",
                        "embed",
                        "--input",
                        "a b",
                        "parallelism=false");
        String file = result.output()
                .lines()
                .filter(line -> line.startsWith("@"))
                .findFirst()
                .orElseThrow();
        assertThat(Files.readString(Path.of(file.substring(1))))
                .contains(
                        "--add-opens=java.base/java.lang=ALL-UNNAMED",
                        "--add-opens=java.base/sun.util.calendar=ALL-UNNAMED")
                .contains("-Djdk.reflect.useDirectMethodHandle=false")
                .containsPattern("-cp\n\".*textloom-[0-9][^:]*\\.jar:.*spark-sql_.*\"");
    }

    @Test
    void submitsWhereSparkHomeIsSet() throws Exception {
        Result result = launch(
                Map.of("SPARK_HOME", directory.resolve("spark").toString()), "embed", "--master=yarn", "--output", "o");

        assertThat(result.code()).isEqualTo(4);
        assertThat(result.output().lines())
                .containsSubsequence("--class", "io.textloom.jobs.Main", "--master", "yarn", "--driver-memory", "2g")
                .containsSubsequence("embed", "--master=yarn", "--output", "o");
        assertThat(result.output()).contains("-Dlog4j2.configurationFile=file:");
    }

    @Test
    void sparkPropertiesOfAFileBecomeJavaProperties() throws Exception {
        Path file = Files.writeString(
                directory.resolve("spark.conf"), "# note\nspark.master  local[2]\n\nspark.a=b c\nother.x y\n");

        Result result = launch(Map.of("TEXTLOOM_SPARK_PROPERTIES", file.toString()), "embed");

        assertThat(result.output().lines()).contains("-Dspark.master=local[2]", "-Dspark.a=b c");
        assertThat(result.output()).doesNotContain("other.x", "note");
    }

    @Test
    void anOldOrMissingJavaIsRefusedInASentence() throws Exception {
        java("1.8.0_392", "exit 0");
        assertThat(launch(Map.of(), "embed"))
                .isEqualTo(new Result(
                        2,
                        "textloom: " + directory.resolve("jdk/bin/java")
                                + " is Java 1.8.0_392; Java 17 or newer is needed, set JAVA_HOME to one\n"));
        assertThat(launch(Map.of("JAVA_HOME", directory.resolve("none").toString()), "embed"))
                .extracting(Result::code)
                .isEqualTo(2);
    }

    @Test
    void worksThroughALink() throws Exception {
        Path link = Files.createSymbolicLink(directory.resolve("linked"), LAUNCHER);
        assertThat(run(link, Map.of(), "models", "list").output()).contains("io.textloom.jobs.Main");
    }

    private record Result(int code, String output) {}

    private Result launch(Map<String, String> environment, String... arguments) throws Exception {
        return run(LAUNCHER, environment, arguments);
    }

    private Result run(Path launcher, Map<String, String> environment, String... arguments) throws Exception {
        Path output = directory.resolve("output.txt");
        ProcessBuilder builder = new ProcessBuilder("bash", launcher.toString());
        builder.command().addAll(List.of(arguments));
        builder.environment().remove("SPARK_HOME");
        builder.environment().keySet().removeIf(name -> name.startsWith("TEXTLOOM_"));
        builder.environment().put("JAVA_HOME", directory.resolve("jdk").toString());
        builder.environment().putAll(environment);
        Process process = builder.redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Result(process.exitValue(), Files.readString(output));
    }

    private void java(String version, String body) throws IOException {
        script(
                "jdk/bin/java",
                "if [ \"$1\" = -version ]; then echo 'openjdk version \"" + version + "\"' >&2; exit 0; fi\n" + body);
    }

    private void script(String path, String body) throws IOException {
        Path file = directory.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + body + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }
}
