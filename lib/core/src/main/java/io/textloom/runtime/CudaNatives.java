package io.textloom.runtime;

import io.textloom.model.ModelCache;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * ONNX Runtime's CUDA 12 build, as the add-on jar of {@code lib/gpu} brings it.
 *
 * <p>The build for the CPU refuses every CUDA provider, so its core library gives way to that of the CUDA build; the Java classes of both builds are the
 * same. The add-on holds its libraries under a name of its own, because two jars with one resource would leave the choice to the order of the class path.
 * They are copied once per machine, and ONNX Runtime is told the folder before it loads.
 */
final class CudaNatives {
    /** The version that the add-on must hold: that of the Java classes. */
    static final String ONNX_RUNTIME_VERSION = "1.28.0";

    /** ONNX Runtime looks for its libraries in this folder first. */
    static final String NATIVE_PATH = "onnxruntime.native.path";

    private static final String FOLDER = "io/textloom/gpu/";
    private static final String VERSION = FOLDER + "onnxruntime.version";
    private static final String PLATFORM = "linux-x64";
    private static final List<String> LIBRARIES = List.of(
            "libonnxruntime.so",
            "libonnxruntime4j_jni.so",
            "libonnxruntime_providers_shared.so",
            "libonnxruntime_providers_cuda.so");

    private CudaNatives() {}

    /**
     * Lets ONNX Runtime load the add-on's libraries, if the add-on is there and no other folder was named. Without effect once it has loaded.
     *
     * @throws IllegalArgumentException if the add-on is of another version
     */
    static void preferIfPresent() {
        ClassLoader own = CudaNatives.class.getClassLoader();
        ClassLoader ofTask = Thread.currentThread().getContextClassLoader();
        if (System.getProperty(NATIVE_PATH) == null) {
            copyTo(own, ModelCache.ofMachine())
                    .or(() -> ofTask == null ? Optional.empty() : copyTo(ofTask, ModelCache.ofMachine()))
                    .ifPresent(folder -> System.setProperty(NATIVE_PATH, folder.toString()));
        }
    }

    /** The folder with the libraries, empty if the loader knows no add-on. */
    static Optional<Path> copyTo(ClassLoader loader, ModelCache cache) {
        URL version = loader.getResource(VERSION);
        if (version == null) {
            return Optional.empty();
        }
        try (InputStream in = version.openStream()) {
            requireVersion(new String(in.readAllBytes(), StandardCharsets.UTF_8).strip(), version);
        } catch (IOException e) {
            throw new IllegalStateException("Cannot read " + version + ": " + e, e);
        }
        return Optional.of(cache.get(
                "onnxruntime-cuda12-" + ONNX_RUNTIME_VERSION + "-" + PLATFORM,
                folder -> isWhole(loader, folder),
                folder -> copy(loader, folder)));
    }

    private static void requireVersion(String found, URL where) {
        if (!found.equals(ONNX_RUNTIME_VERSION)) {
            throw new IllegalArgumentException("The GPU add-on at " + where + " holds ONNX Runtime " + found
                    + " but this Textloom uses " + ONNX_RUNTIME_VERSION
                    + "; pass the textloom-gpu jar of the same build in --jars");
        }
    }

    private static boolean isWhole(ClassLoader loader, Path folder) throws IOException {
        for (String library : LIBRARIES) {
            Path file = folder.resolve(library);
            if (!Files.isRegularFile(file)
                    || Files.size(file) != open(loader, library).getContentLengthLong()) {
                return false;
            }
        }
        return true;
    }

    private static void copy(ClassLoader loader, Path folder) throws IOException {
        for (String library : LIBRARIES) {
            try (InputStream in = open(loader, library).getInputStream()) {
                Files.copy(in, folder.resolve(library));
            }
        }
    }

    private static URLConnection open(ClassLoader loader, String library) throws IOException {
        String name = FOLDER + PLATFORM + "/" + library;
        URL resource = loader.getResource(name);
        if (resource == null) {
            throw new IOException("the GPU add-on lacks " + name + "; build it again with mvn -Pgpu package");
        }
        URLConnection connection = resource.openConnection();
        connection.setUseCaches(false);
        return connection;
    }
}
