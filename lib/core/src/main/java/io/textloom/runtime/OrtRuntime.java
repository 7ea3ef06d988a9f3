package io.textloom.runtime;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The process's one ONNX Runtime environment, and its orderly end.
 *
 * <p>ONNX Runtime's shutdown hook releases the environment while other threads may still compute, and a JVM that exits under a native call can
 * crash. So the environment is held once more, and a hook of our own waits for running calls and lets no new one start.
 */
final class OrtRuntime {
    private static final Logger LOG = LoggerFactory.getLogger(OrtRuntime.class);

    private static final String WEIGHTS_FOLDER = "session.model_external_initializers_file_folder_path";
    private static final String EXACT_BYTES = "session.x64quantprecision";
    private static final long SHUTDOWN_WAIT_SECONDS = 20;

    private static final ReentrantReadWriteLock RUNNING = new ReentrantReadWriteLock();
    private static volatile boolean stopping;

    private OrtRuntime() {}

    private static final class Holder {
        static final OrtEnvironment ENVIRONMENT = create();

        private static OrtEnvironment create() {
            NativeSwitches.set();
            CudaNatives.preferIfPresent();
            OrtEnvironment environment =
                    OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "textloom");
            holdForever();
            Runtime.getRuntime().addShutdownHook(new Thread(OrtRuntime::drain, "textloom-native-drain"));
            return environment;
        }
    }

    static OrtEnvironment environment() {
        return Holder.ENVIRONMENT;
    }

    /**
     * Opens a session for concurrent callers.
     *
     * @param graph an ONNX model
     * @param weightsFolder where the graph's external initializers lie; empty if it has none
     * @param threads native threads of one call, the caller's own included
     * @throws IllegalArgumentException if the device's provider is missing or cannot be loaded
     */
    static OrtSession open(byte[] graph, Optional<Path> weightsFolder, Device device, int threads) throws OrtException {
        enter();
        try {
            return openEntered(graph, weightsFolder, device, threads);
        } finally {
            leave();
        }
    }

    private static OrtSession openEntered(byte[] graph, Optional<Path> weightsFolder, Device device, int threads)
            throws OrtException {
        if (device.kind() != Device.Kind.CUDA && weightsFolder.isPresent()) {
            Optional<Path> packed;
            try (OrtSession.SessionOptions options = options(weightsFolder, threads)) {
                packed = PackedModels.of(graph, weightsFolder.get(), options);
            }
            if (packed.isPresent()) {
                try (OrtSession.SessionOptions options = options(Optional.empty(), threads)) {
                    return environment().createSession(packed.get().toString(), options);
                } catch (OrtException e) {
                    LOG.warn(
                            "The packed model {} cannot be opened and is passed over; delete its folder to have it written anew; {}",
                            packed.get(),
                            e.getMessage());
                }
            }
        }
        try (OrtSession.SessionOptions options = options(weightsFolder, threads)) {
            if (device.kind() == Device.Kind.CUDA) {
                CudaProvider.append(options, device);
            }
            return environment().createSession(graph, options);
        }
    }

    private static OrtSession.SessionOptions options(Optional<Path> weightsFolder, int threads) throws OrtException {
        OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        try {
            options.setIntraOpNumThreads(threads);
            options.setInterOpNumThreads(1);
            options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
            if (weightsFolder.isPresent()) {
                options.addConfigEntry(WEIGHTS_FOLDER, weightsFolder.get().toString());
            }
            if (!Processor.addsBytesExactly()) {
                options.addConfigEntry(EXACT_BYTES, "1");
            }
            return options;
        } catch (OrtException e) {
            options.close();
            throw e;
        }
    }

    /** Called before every native run; {@link #leave} must follow. */
    static void enter() {
        if (!tryEnter()) {
            throw new IllegalStateException("The JVM is shutting down; no model runs any more");
        }
    }

    /** @return whether native code may be called; if so, {@link #leave} must follow. Not once the JVM is shutting down, which frees all there is */
    static boolean tryEnter() {
        return !stopping && RUNNING.readLock().tryLock();
    }

    static void leave() {
        RUNNING.readLock().unlock();
    }

    @SuppressWarnings("LockNotBeforeTry") // never released: nothing may run after it
    private static void drain() {
        stopping = true;
        try {
            RUNNING.writeLock().tryLock(SHUTDOWN_WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The native environment counts its references; one more than the Java object has keeps it alive until the process ends. */
    private static void holdForever() {
        try {
            Field api = Class.forName("ai.onnxruntime.OnnxRuntime").getDeclaredField("ortApiHandle");
            api.setAccessible(true);
            Method create = OrtEnvironment.class.getDeclaredMethod("createHandle", long.class, int.class, String.class);
            create.setAccessible(true);
            create.invoke(null, api.getLong(null), OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR.getValue(), "textloom");
        } catch (ReflectiveOperationException | RuntimeException e) {
            // another version of ONNX Runtime: the drain hook alone has to do
        }
    }
}
