package io.textloom.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtProvider;
import com.sun.jna.Native;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What the native libraries and the processor of this machine are, found out by using them. */
public final class NativeFacts {
    /** Instruction sets that matrix products gain from, as Linux names them. */
    private static final List<String> SETS = List.of(
            "avx2",
            "fma",
            "avx512f",
            "avx512_vnni",
            "avx_vnni",
            "avx512_bf16",
            "amx_tile",
            "amx_int8",
            "amx_bf16",
            "asimd",
            "asimddp",
            "i8mm",
            "sve");

    private NativeFacts() {}

    /**
     * Loads ONNX Runtime and makes a tensor with it.
     *
     * @return version and providers
     * @throws IllegalStateException if it does not work; says why
     */
    public static String onnxRuntime() {
        try {
            OrtEnvironment environment = OrtRuntime.environment();
            try (OnnxTensor tensor =
                    OnnxTensor.createTensor(environment, FloatBuffer.wrap(new float[] {1, 2}), new long[] {2})) {
                if (tensor.getFloatBuffer().get(1) != 2) {
                    throw new IllegalStateException("ONNX Runtime gives back another tensor than it was given");
                }
            }
            return environment.getVersion() + " with " + providers();
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime loads but does not work: " + e.getMessage(), e);
        }
    }

    private static String providers() {
        return OrtEnvironment.getAvailableProviders().stream()
                .map(OrtProvider::getName)
                .collect(Collectors.joining(", "));
    }

    /** Whether the ONNX Runtime on the class path has the provider of the GPU add-on jar. */
    public static boolean hasCudaProvider() {
        OrtRuntime.environment();
        return OrtEnvironment.getAvailableProviders().contains(OrtProvider.CUDA);
    }

    /** Loads JNA. @return its version and that of its native part */
    public static String jna() {
        return Native.VERSION + " (native " + Native.VERSION_NATIVE + ")";
    }

    /** Model of the processor; empty where the system does not tell. */
    public static String processor() {
        return Processor.description()
                .lines()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("");
    }

    /** Those of the instruction sets that this processor has. */
    public static Set<String> instructionSets() {
        return instructionSets(Processor.description());
    }

    static Set<String> instructionSets(String description) {
        Set<String> words = new TreeSet<>(Arrays.asList(description.split("[\\s:]+")));
        return SETS.stream().filter(words::contains).collect(Collectors.toCollection(TreeSet::new));
    }

    /** What precision suits a processor with these sets, in words. */
    public static String advice(Set<String> sets) {
        if (sets.stream().anyMatch(set -> set.endsWith("_vnni") || set.equals("amx_int8") || set.equals("i8mm"))) {
            return "int8 is about twice as fast as float32 here";
        }
        if (sets.contains("avx2") || sets.contains("asimd")) {
            return "float32; int8 gains little without VNNI or i8mm";
        }
        return "float32, slowly: no AVX2";
    }
}
