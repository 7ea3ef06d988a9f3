package io.textloom.runtime;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtEpDevice;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtHardwareDevice.OrtHardwareDeviceType;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Puts sessions on a card: by the provider of the add-on jar (CUDA 12), or by a plugin provider's library (CUDA 13). */
public final class CudaProvider {
    /** Float32 stays float32: TF32 keeps 10 bits of the mantissa, and half precision is there for those who want speed. */
    private static final Map<String, String> OPTIONS = Map.of("use_tf32", "0");

    /** CUDA's number of the card, among what the plugin tells of it. Source: ONNX Runtime, CUDA plugin provider. */
    private static final String CARD = "cuda_device_id";

    private static final String REGISTRATION = "textloom.cuda";

    private CudaProvider() {}

    /**
     * Fails early, where no card is needed to see that none can be used.
     *
     * @param providerLibrary of {@link Device}
     * @throws IllegalArgumentException if no provider is given; says which flags bring one
     */
    public static void requireGiven(String providerLibrary) {
        if (providerLibrary.isEmpty()) {
            OrtRuntime.environment();
            if (!OrtEnvironment.getAvailableProviders().contains(OrtProvider.CUDA)) {
                throw missing();
            }
        }
    }

    /** @throws IllegalArgumentException if the provider is missing or cannot be loaded; says what it lacks */
    static void append(OrtSession.SessionOptions options, Device device) throws OrtException {
        requireGiven(device.providerLibrary());
        if (device.providerLibrary().isEmpty()) {
            appendBuiltIn(options, device);
        } else {
            appendPlugin(options, device);
        }
    }

    private static IllegalArgumentException missing() {
        return new IllegalArgumentException("This run is to use a GPU but has no CUDA provider;"
                + " pass --jars (TEXTLOOM_JARS of scripts/textloom) with the textloom-gpu jar for CUDA 12, which mvn -Pgpu package builds,"
                + " or --provider-library with the file of a CUDA plugin provider, or --device cpu");
    }

    private static void appendBuiltIn(OrtSession.SessionOptions options, Device device) throws OrtException {
        try (OrtCUDAProviderOptions cuda = new OrtCUDAProviderOptions(device.index())) {
            for (Map.Entry<String, String> option : OPTIONS.entrySet()) {
                cuda.add(option.getKey(), option.getValue());
            }
            // the arena doubles otherwise, and what it took too much the card's other sessions lack
            cuda.add("arena_extend_strategy", "kSameAsRequested");
            options.addCUDA(cuda);
        } catch (OrtException e) {
            throw new IllegalArgumentException(
                    "The CUDA 12 provider cannot be loaded for " + device + ": " + reason(e)
                            + "; install CUDA 12 (cudart, cuBLAS, cuRAND; cuDNN 9 for speed) and the driver where"
                            + " executors run, with their folder in LD_LIBRARY_PATH, or on CUDA 13 pass --provider-library",
                    e);
        }
    }

    private static void appendPlugin(OrtSession.SessionOptions options, Device device) throws OrtException {
        List<OrtEpDevice> cards = cards(device);
        List<String> found = new ArrayList<>();
        for (OrtEpDevice card : cards) {
            String number = card.getEpMetadata().getOrDefault(CARD, "");
            if (number.equals(String.valueOf(device.index()))) {
                options.addExecutionProvider(List.of(card), OPTIONS);
                return;
            }
            found.add(number);
        }
        throw new IllegalArgumentException("The provider " + device.providerLibrary() + " has no " + device
                + "; it has " + found
                + ". Check the driver and CUDA_VISIBLE_DEVICES, or give each executor one card of its own");
    }

    /** A library is registered once per process. */
    private static synchronized List<OrtEpDevice> cards(Device device) throws OrtException {
        List<OrtEpDevice> cards = cards();
        if (!cards.isEmpty()) {
            return cards;
        }
        if (!Files.isRegularFile(Path.of(device.providerLibrary()))) {
            throw new IllegalArgumentException("cuda.providerLibrary is " + device.providerLibrary()
                    + ", which is no file on this machine; name the library's path where executors run");
        }
        try {
            OrtRuntime.environment().registerExecutionProviderLibrary(REGISTRATION, device.providerLibrary());
        } catch (OrtException e) {
            throw new IllegalArgumentException(
                    "cuda.providerLibrary is " + device.providerLibrary() + ", which cannot be loaded: " + reason(e)
                            + "; install the CUDA it was built for where executors run, with its folder in LD_LIBRARY_PATH",
                    e);
        }
        return cards();
    }

    private static List<OrtEpDevice> cards() throws OrtException {
        return OrtRuntime.environment().getEpDevices().stream()
                .filter(d -> d.getDevice().getType() == OrtHardwareDeviceType.GPU)
                .filter(d -> d.getEpMetadata().containsKey(CARD))
                .toList();
    }

    /** What the dynamic linker said, without ONNX Runtime's places in its source. */
    private static String reason(OrtException e) {
        String message = String.valueOf(e.getMessage()).strip();
        int linker = message.lastIndexOf("with error: ");
        return linker < 0 ? message : message.substring(linker + "with error: ".length());
    }
}
