package io.textloom.jobs.doctor;

import io.textloom.runtime.CudaProvider;
import io.textloom.runtime.NativeFacts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** GPUs of this machine, and whether there is a provider for them. */
public final class GpuCheck implements Check {
    private static final int PATIENCE_SECONDS = 20;

    private final List<String> query;
    private final boolean wanted;
    private final String providerLibrary;

    /** @param wanted whether the settings ask for GPUs, so that none is a failure */
    public GpuCheck(boolean wanted, String providerLibrary) {
        this(
                List.of("nvidia-smi", "--query-gpu=index,name,memory.total,driver_version", "--format=csv,noheader"),
                wanted,
                providerLibrary);
    }

    GpuCheck(List<String> query, boolean wanted, String providerLibrary) {
        this.query = List.copyOf(query);
        this.wanted = wanted;
        this.providerLibrary = providerLibrary;
    }

    @Override
    public String part() {
        return "gpu";
    }

    @Override
    public List<Finding> look() throws InterruptedException {
        List<Finding> findings = new ArrayList<>();
        List<String> cards = cards();
        if (cards.isEmpty()) {
            findings.add(
                    wanted
                            ? Finding.failed(
                                    "cards",
                                    "none that nvidia-smi tells of on this machine",
                                    "a GPU, as --device cuda asks for",
                                    "run doctor on a machine with one, or set --device cpu; cards of executors are told"
                                            + " under executors")
                            : Finding.ok("cards", "none on this machine; models run on the CPU"));
            return findings;
        }
        cards.forEach(card -> findings.add(Finding.ok("card", card)));
        String remedy = "add the textloom-gpu jar (mvn -Pgpu package) by --jars or TEXTLOOM_JARS, or name a plugin with"
                + " --provider-library";
        if (providerLibrary.isEmpty() && !NativeFacts.hasCudaProvider()) {
            findings.add(
                    wanted
                            ? Finding.failed("CUDA provider", "none", "one, as --device cuda asks for", remedy)
                            : Finding.warning("CUDA provider", "none, so the card is not used", "one", remedy));
        } else {
            CudaProvider.requireGiven(providerLibrary);
            findings.add(
                    Finding.ok("CUDA provider", providerLibrary.isEmpty() ? "of the add-on jar" : providerLibrary));
        }
        return findings;
    }

    private List<String> cards() throws InterruptedException {
        try {
            Process process = new ProcessBuilder(query)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return List.of();
            }
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.exitValue() == 0
                    ? out.lines().filter(line -> !line.isBlank()).toList()
                    : List.of();
        } catch (IOException e) {
            return List.of(); // no such program
        }
    }
}
