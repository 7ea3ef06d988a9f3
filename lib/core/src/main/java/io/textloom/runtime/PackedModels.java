package io.textloom.runtime;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.textloom.model.ModelCache;
import io.textloom.model.ModelException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Models as ONNX Runtime computes them, folded, fused and packed for this machine's processor, in files that every process of the machine maps: one copy
 * of the weights in memory, however many executors there are, and half the work to open them.
 *
 * <p>A packed model is written once per machine into the {@link ModelCache} and holds the weights twice, as they are and packed. On a processor of
 * another kind ONNX Runtime finds that the packing does not fit and packs anew, in memory of its own.
 */
final class PackedModels {
    private static final Logger LOG = LoggerFactory.getLogger(PackedModels.class);

    private static final String MODEL = "model.onnx";
    private static final String WEIGHTS = "weights.bin";
    private static final String SIZES = "sizes";
    static final String PREFIX = "packed-";
    private static final Duration MOST_UNUSED = Duration.ofDays(30);

    /** Smaller models gain nothing; unit: bytes */
    private static final long LEAST_WEIGHTS = 8L << 20;

    /** Larger ones would fill a machine's cache; unit: bytes */
    private static final long MOST_WEIGHTS = 4L << 30;

    /** Room that a packed model needs, times its weights, with some to spare. */
    private static final int ROOM = 4;

    /** Places of a weights file that its key looks at, spread over it: another training changes nearly every weight. */
    private static final int SAMPLES = 256;

    /** unit: bytes */
    private static final int SAMPLE = 4096;

    private PackedModels() {}

    /**
     * The packed model's file, written first if this is the first time.
     *
     * @param weightsFolder where the graph's external initializers lie
     * @param options those of the session
     * @return empty where packing is not worth it or the cache cannot be written
     */
    static Optional<Path> of(byte[] graph, Path weightsFolder, OrtSession.SessionOptions options) {
        try {
            List<Path> weights = weights(graph, weightsFolder);
            long bytes = 0;
            for (Path file : weights) {
                bytes += Files.size(file);
            }
            if (bytes < LEAST_WEIGHTS || bytes > MOST_WEIGHTS || !survives(graph)) {
                return Optional.empty();
            }
            long room = ROOM * bytes;
            Path folder = ModelCache.ofMachine()
                    .get(PREFIX + key(graph, weights), PackedModels::intact, d -> write(graph, options, room, d));
            used(folder);
            return Optional.of(folder.resolve(MODEL));
        } catch (IOException | UncheckedIOException | ModelException e) {
            LOG.warn(
                    "The weights of {} are kept in this process's own memory: they could not be packed into the cache; {}",
                    weightsFolder,
                    e.getMessage());
            return Optional.empty();
        }
    }

    /** ONNX Runtime 1.28 reads products of 4-bit weights back wrong: they give no numbers. */
    private static boolean survives(byte[] graph) throws IOException {
        return ModelProto.parseFrom(graph).getGraph().getNodeList().stream()
                .noneMatch(node -> node.getOpType().equals("MatMulNBits"));
    }

    /** The files that the graph's initializers lie in; none where they are in the graph itself. */
    static List<Path> weights(byte[] graph, Path folder) throws IOException {
        if (graph.length > LEAST_WEIGHTS) {
            return List.of();
        }
        return ModelProto.parseFrom(graph).getGraph().getInitializerList().stream()
                .flatMap(initializer -> initializer.getExternalDataList().stream())
                .filter(entry -> entry.getKey().equals("location"))
                .map(entry -> folder.resolve(entry.getValue()))
                .distinct()
                .sorted()
                .toList();
    }

    /**
     * Differs with all that the packing depends on. A weights file is told by its name, size, time and samples of what is in it: images made to be
     * reproducible give every file the same time, and models of one architecture have one size.
     */
    static String key(byte[] graph, List<Path> weights) throws IOException {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            sha.update(graph);
            for (Path file : weights) {
                sha.update((file.toRealPath() + "|" + Files.size(file) + "|" + Files.getLastModifiedTime(file) + "\n")
                        .getBytes(StandardCharsets.UTF_8));
                sample(file, sha);
            }
            String platform = OrtRuntime.environment().getVersion() + "|" + System.getProperty("os.arch") + "|"
                    + Processor.description();
            sha.update(platform.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(sha.digest(), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    private static void sample(Path file, MessageDigest into) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            long step = Math.max(1, (channel.size() - SAMPLE) / (SAMPLES - 1));
            ByteBuffer sample = ByteBuffer.allocate(SAMPLE);
            for (int i = 0; i < SAMPLES; i++) {
                channel.read(sample.clear(), i * step);
                into.update(sample.flip());
            }
        }
    }

    /** Notes the day, so that {@link #sweep} knows what nobody uses. */
    static void used(Path folder) {
        try {
            Files.setLastModifiedTime(folder.resolve(SIZES), FileTime.from(Instant.now()));
        } catch (IOException e) {
            // a cache that only others may write keeps what they leave in it
        }
    }

    /** Deletes packed models that nobody has opened for a month; a process that still maps one keeps its pages. */
    static void sweep(Path cache) throws IOException {
        Instant old = Instant.now().minus(MOST_UNUSED);
        try (Stream<Path> entries = Files.list(cache)) {
            for (Path sizes : entries.filter(f -> f.getFileName().toString().startsWith(PREFIX))
                    .map(f -> f.resolve(SIZES))
                    .filter(Files::isRegularFile)
                    .toList()) {
                if (Files.getLastModifiedTime(sizes).toInstant().isBefore(old)) {
                    ModelCache.delete(sizes.resolveSibling(""));
                }
            }
        }
    }

    private static void write(byte[] graph, OrtSession.SessionOptions options, long room, Path directory)
            throws IOException {
        requireRoom(directory, room);
        OrtEnvironment environment = OrtRuntime.environment();
        try {
            options.setOptimizedModelFilePath(directory.resolve(MODEL).toString());
            options.addConfigEntry("session.save_external_prepacked_constant_initializers", "1");
            options.addConfigEntry("session.optimized_model_external_initializers_file_name", WEIGHTS);
            options.addConfigEntry("session.optimized_model_external_initializers_min_size_in_bytes", "1024");
            environment.createSession(graph, options).close();
        } catch (OrtException e) {
            throw new IOException("ONNX Runtime cannot write a packed model: " + e.getMessage(), e);
        }
        seal(directory);
    }

    static void requireRoom(Path directory, long bytes) throws IOException {
        long free = Files.getFileStore(directory).getUsableSpace();
        if (free < bytes) {
            throw new IOException("the disk has " + free + " bytes free, expected " + bytes);
        }
    }

    /** Says that the directory is whole, and makes room for others like it. */
    static void seal(Path directory) throws IOException {
        Files.writeString(directory.resolve(SIZES), sizes(directory));
        sweep(directory.resolveSibling(""));
    }

    static boolean intact(Path directory) throws IOException {
        Path sizes = directory.resolve(SIZES);
        return Files.isRegularFile(sizes) && Files.readString(sizes).equals(sizes(directory));
    }

    private static String sizes(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(f -> !f.getFileName().toString().equals(SIZES))
                    .sorted()
                    .map(f -> f.getFileName() + " " + size(f) + "\n")
                    .collect(Collectors.joining());
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
