package io.textloom.bench.llama;

import de.kherud.llama.InferenceParameters;
import de.kherud.llama.LlamaModel;
import de.kherud.llama.LlamaOutput;
import de.kherud.llama.ModelParameters;
import de.kherud.llama.args.LogFormat;
import io.textloom.bench.BenchPrompt;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** llama.cpp's server with continuous batching, one caller for each slot. Greedy; no token ends a completion. */
final class LlamaServer implements AutoCloseable {
    /** What a slot keeps; more than the longest prompt and its completion. Unit: tokens */
    private static final int CONTEXT = 384;

    private final LlamaModel model;
    private final int slots;

    /**
     * @param slots rows decoded together
     * @param flash whether attention is computed in blocks
     */
    record Tuning(Path file, int threads, int slots, boolean flash) {}

    LlamaServer(Tuning tuning) {
        LlamaModel.setLogger(LogFormat.TEXT, (level, message) -> {});
        slots = tuning.slots();
        ModelParameters parameters = new ModelParameters()
                .setModel(tuning.file().toString())
                .setThreads(tuning.threads())
                .setThreadsBatch(tuning.threads())
                .setCtxSize(CONTEXT * slots)
                .setParallel(slots)
                .enableContBatching()
                .disableLog()
                .setBatchSize(2048);
        if (tuning.flash()) {
            parameters.enableFlashAttn();
        }
        model = new LlamaModel(parameters);
    }

    /** @return completion by id; the longest are begun first, so that the slots stay full to the end */
    Map<String, String> complete(List<BenchPrompt> prompts) {
        List<BenchPrompt> ordered = new ArrayList<>(prompts);
        ordered.sort(Comparator.comparingInt(BenchPrompt::newTokens).reversed());
        ExecutorService callers = Executors.newFixedThreadPool(slots);
        try {
            List<Callable<String>> calls = new ArrayList<>();
            ordered.forEach(prompt -> calls.add(() -> complete(prompt)));
            List<Future<String>> futures = callers.invokeAll(calls);
            Map<String, String> completions = new TreeMap<>();
            for (int i = 0; i < futures.size(); i++) {
                completions.put(ordered.get(i).id(), futures.get(i).get());
            }
            return completions;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("llama.cpp failed", e.getCause());
        } finally {
            callers.shutdownNow();
        }
    }

    private String complete(BenchPrompt prompt) {
        InferenceParameters parameters = new InferenceParameters(prompt.text())
                .setNPredict(prompt.newTokens())
                .setIgnoreEos(true)
                .setTemperature(0)
                .setCachePrompt(false);
        StringBuilder text = new StringBuilder();
        for (LlamaOutput output : model.generate(parameters)) {
            text.append(output.text);
        }
        return text.toString();
    }

    /** @throws IllegalStateException unless it cuts the text as the other engines do */
    void check(BenchPrompt prompt) {
        int tokens = model.encode(prompt.text()).length;
        if (tokens != prompt.tokens()) {
            throw new IllegalStateException(
                    prompt.id() + " has " + tokens + " tokens here; expected " + prompt.tokens());
        }
    }

    @Override
    public void close() {
        model.close();
    }
}
