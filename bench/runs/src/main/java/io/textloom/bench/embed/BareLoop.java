package io.textloom.bench.embed;

import io.textloom.bench.BenchText;
import io.textloom.bench.Json;
import io.textloom.bench.LocalSpark;
import io.textloom.bench.Options;
import io.textloom.bench.Usage;
import io.textloom.config.Job;
import io.textloom.config.JobOptions;
import io.textloom.config.ResolvedSettings;
import io.textloom.config.SettingsResolver;
import io.textloom.embed.EmbedOptions;
import io.textloom.model.ModelFolder;
import io.textloom.runtime.Device;
import io.textloom.runtime.EncoderRequest;
import io.textloom.runtime.EncoderSession;
import io.textloom.runtime.TokenBudget;
import io.textloom.tensor.Pooling;
import io.textloom.token.SpecialTokens;
import io.textloom.token.TokenBatch;
import io.textloom.token.Tokenizer;
import io.textloom.token.Tokenizers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Textloom's encoder without Spark: the same texts, tokenized and packed into batches beforehand, one caller per core with one native thread each.
 * What the whole job loses against this is Spark, intake, tokenizing, rows, Parquet and commit.
 */
final class BareLoop {
    private static final double WARM_UP_SECONDS = 1;
    private static final double SECONDS = 4;

    private final EncoderSession session;
    private final List<TokenBatch> batches;

    private BareLoop(EncoderSession session, List<TokenBatch> batches) {
        this.session = session;
        this.batches = batches;
    }

    /**
     * @param gflops useful work; unit: GFLOP/s
     * @param paddingEfficiency real tokens over computed tokens
     */
    record Figures(double gflops, int batches, double paddingEfficiency, double otherCpuSeconds) {}

    public static void main(String[] arguments) throws IOException, InterruptedException, ExecutionException {
        Options options = Options.parse(arguments);
        ResolvedSettings settings = SettingsResolver.resolve(Job.EMBED, TextloomRun.assigned(options));
        EmbedOptions embed = JobOptions.embed(settings);
        int budget = TokenBudget.of(embed.batchTokens(), Device.CPU).maxTokens();
        ModelFolder folder = ModelFolder.open(options.path("folder"));
        List<TokenBatch> batches = plan(rows(folder, BenchText.read(options.path("input"))), budget);
        long real = batches.stream().mapToLong(TokenBatch::totalTokens).sum();
        long padded =
                batches.stream().mapToLong(b -> (long) b.size() * b.maxLength()).sum();
        try (EncoderSession session = EncoderSession.open(folder, request(embed), 1)) {
            BareLoop loop = new BareLoop(session, batches);
            loop.run(WARM_UP_SECONDS);
            Usage start = Usage.now();
            double rate = loop.run(SECONDS);
            Json.write(
                    options.path("figures"),
                    new Figures(
                            rate / 1e9,
                            batches.size(),
                            (double) real / padded,
                            Usage.now().otherCpuSince(start)));
        }
    }

    private static EncoderRequest request(EmbedOptions embed) {
        return new EncoderRequest(Optional.of(Pooling.MEAN), false, true, embed.layers(), false, embed.precision());
    }

    private static List<int[]> rows(ModelFolder folder, List<BenchText> texts) {
        try (Tokenizer tokenizer = Tokenizers.open(folder.tokenizer())) {
            SpecialTokens special = tokenizer.specialTokens();
            List<int[]> rows = new ArrayList<>(texts.size());
            for (BenchText text : texts) {
                List<Integer> ids = new ArrayList<>(special.before());
                for (int id : tokenizer.encode(text.text())) {
                    ids.add(id);
                }
                ids.addAll(special.after());
                rows.add(ids.stream().mapToInt(Integer::intValue).toArray());
            }
            return rows;
        }
    }

    /**
     * Batches of neighbours in length, in a random order: a loop that ends in the middle has then seen all lengths.
     *
     * @param budget rows times longest row; unit: tokens
     */
    static List<TokenBatch> plan(List<int[]> rows, int budget) {
        List<int[]> sorted = new ArrayList<>(rows);
        sorted.sort(Comparator.comparingInt((int[] row) -> row.length).reversed());
        List<TokenBatch> batches = new ArrayList<>();
        int at = 0;
        while (at < sorted.size()) {
            int size = Math.max(1, budget / sorted.get(at).length);
            int end = Math.min(sorted.size(), at + size);
            batches.add(TokenBatch.of(sorted.subList(at, end)));
            at = end;
        }
        Collections.shuffle(batches, new Random(1));
        return batches;
    }

    /** At least so long and at least every batch once; unit of the result: FLOP/s */
    private double run(double seconds) throws InterruptedException, ExecutionException {
        AtomicInteger next = new AtomicInteger();
        long end = System.nanoTime() + (long) (seconds * 1e9);
        return Callers.rate(LocalSpark.CORES, () -> encode(next, end));
    }

    private double encode(AtomicInteger next, long end) {
        float[] out = new float
                [session.spec().hidden()
                        * batches.stream().mapToInt(TokenBatch::size).max().orElse(0)];
        double flops = 0;
        for (int i = next.getAndIncrement();
                i < batches.size() || System.nanoTime() < end;
                i = next.getAndIncrement()) {
            TokenBatch batch = batches.get(i % batches.size());
            session.run(batch, out);
            for (int row = 0; row < batch.size(); row++) {
                flops += session.spec().flops(batch.length(row));
            }
        }
        return flops;
    }
}
