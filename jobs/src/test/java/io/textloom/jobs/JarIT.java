package io.textloom.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;

class JarIT {
    private static final Path TARGET = Path.of("target");

    @Test
    void theLargestJarIsTheOneToSubmit() throws IOException {
        assertThat(largestJar().getFileName().toString()).matches("textloom-[0-9].*\\.jar");
        try (JarFile jar = new JarFile(largestJar().toFile())) {
            assertThat(jar.getManifest().getMainAttributes().getValue("Main-Class"))
                    .isEqualTo(Main.class.getName());
        }
    }

    @Test
    void itHoldsWhatExecutorsNeed() throws IOException {
        assertThat(entries())
                .contains(
                        "io/textloom/jobs/Main.class",
                        "io/textloom/spark/Jobs.class",
                        "ai/onnxruntime/OrtSession.class",
                        "ai/onnxruntime/native/linux-x64/libonnxruntime.so",
                        "ai/onnxruntime/native/linux-aarch64/libonnxruntime.so",
                        "ai/onnxruntime/native/osx-aarch64/libonnxruntime.dylib",
                        "native/lib/linux-x86_64/cpu/libtokenizers.so",
                        "native/lib/linux-aarch64/cpu/libtokenizers.so",
                        "native/lib/osx-aarch64/cpu/libtokenizers.dylib",
                        "com/sun/jna/linux-x86-64/libjnidispatch.so",
                        "all-minilm-l6-v2.onnx",
                        "bge-small-zh-v1.5.onnx",
                        "io/textloom/shaded/protobuf/Message.class",
                        "com/typesafe/config/Config.class",
                        "picocli/CommandLine.class",
                        "log4j2.properties");
    }

    @Test
    void itHoldsNothingThatSparkBringsOrNobodyNeeds() throws IOException {
        assertThat(entries())
                .noneMatch(name -> name.startsWith("org/apache/")
                        || name.startsWith("scala/")
                        || name.startsWith("org/slf4j/")
                        || name.startsWith("com/fasterxml/")
                        || name.startsWith("com/google/")
                        || name.startsWith("dev/langchain4j/")
                        || name.contains(".dSYM")
                        || name.endsWith(".dll")
                        || name.matches("META-INF/[^/]*\\.(SF|RSA|DSA)")
                        || name.startsWith("nlp/"));
    }

    @Test
    void theLaunchersClassPathBringsSparkButNotWhatTheJarHolds() throws IOException {
        List<String> jars = Stream.of(Files.readString(TARGET.resolve("spark-classpath.txt"), StandardCharsets.UTF_8)
                        .strip()
                        .split(File.pathSeparator))
                .map(path -> Path.of(path).getFileName().toString())
                .toList();
        assertThat(jars).anyMatch(name -> name.startsWith("spark-sql_2.12-"));
        assertThat(jars).anyMatch(name -> name.startsWith("slf4j-api-"));
        assertThat(jars).anyMatch(name -> name.startsWith("scala-library-2.12.18"));
        assertThat(jars)
                .noneMatch(name -> name.startsWith("onnxruntime")
                        || name.startsWith("tokenizers-")
                        || name.startsWith("textloom-")
                        || name.startsWith("junit"));
    }

    private static List<String> entries() throws IOException {
        try (JarFile jar = new JarFile(largestJar().toFile())) {
            return jar.stream().map(ZipEntry::getName).toList();
        }
    }

    private static Path largestJar() throws IOException {
        try (Stream<Path> files = Files.list(TARGET)) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .max(Comparator.comparingLong(file -> file.toFile().length()))
                    .orElseThrow();
        }
    }
}
