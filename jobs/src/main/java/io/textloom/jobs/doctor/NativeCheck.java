package io.textloom.jobs.doctor;

import io.textloom.runtime.NativeFacts;
import io.textloom.token.Tokenizers;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** Whether the native libraries load here and work, and what the processor offers them. */
public final class NativeCheck implements Check {
    @Override
    public String part() {
        return "native";
    }

    @Override
    public List<Finding> look() {
        List<Finding> findings = new ArrayList<>();
        findings.add(loads(
                "ONNX Runtime",
                NativeFacts::onnxRuntime,
                "glibc 2.28 or newer, a temporary directory from which files may be executed, and a class path that is"
                        + " no longer than the command line bears"));
        findings.add(loads("JNA", NativeFacts::jna, "a temporary directory from which files may be executed"));
        Finding fallback =
                loads("Hugging Face tokenizers", Tokenizers::referenceLibrary, "the same, and a home directory");
        findings.add(
                fallback.status() == Finding.Status.OK
                        ? fallback
                        : Finding.warning(
                                fallback.what(),
                                fallback.found(),
                                "loads; needed only for tokenizers that Textloom does not do itself",
                                fallback.remedy()));
        Set<String> sets = NativeFacts.instructionSets();
        String processor = NativeFacts.processor();
        findings.add(Finding.unless(
                sets.isEmpty() || sets.contains("avx2") || sets.contains("asimd"),
                "processor",
                (processor.isEmpty() ? "unknown" : processor) + ": " + String.join(" ", sets) + "; "
                        + NativeFacts.advice(sets),
                "AVX2 or better",
                "use machines of 2014 or newer; without AVX2 models run several times slower"));
        return findings;
    }

    private static Finding loads(String what, Supplier<String> version, String needs) {
        try {
            return Finding.ok(what, version.get());
        } catch (RuntimeException | LinkageError e) {
            return Finding.failed(what, Checkup.firstLine(e), "loads", "it needs " + needs + "; see --verbose");
        }
    }
}
