package io.textloom.bench.micro;

import io.textloom.model.ModelFolder;
import io.textloom.model.ModelStore;
import io.textloom.runtime.EncoderRequest;
import io.textloom.runtime.EncoderSession;
import io.textloom.runtime.OnnxImport;
import io.textloom.tensor.Pooling;
import io.textloom.token.TokenBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** One batch of MiniLM at a token budget, no padding: callers share a session and bring one thread each ({@code -t 2} for two). */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class EncoderBatchBenchmark {
    /** The model, shared by all callers. */
    @State(Scope.Benchmark)
    @SuppressWarnings("NullAway.Init") // JMH calls open first
    public static class Model {
        EncoderSession session;

        @Setup(Level.Trial)
        public void open() {
            ModelStore store = OnnxImport.store();
            Configuration hadoop = new Configuration();
            ModelFolder folder = store.localise(store.resolve("all-MiniLM-L6-v2", hadoop), hadoop);
            session = EncoderSession.open(folder, EncoderRequest.pooled(Pooling.MEAN, true), 1);
        }

        @TearDown(Level.Trial)
        public void close() {
            session.close();
        }
    }

    /** The batch and the result of one caller. */
    @State(Scope.Thread)
    @SuppressWarnings("NullAway.Init") // JMH calls fill first
    public static class Batch {
        /** Rows times length; unit: tokens */
        @Param({"256", "512", "1024"})
        int batchTokens;

        /** Length of every row; unit: tokens */
        @Param({"16", "64", "256"})
        int length;

        TokenBatch tokens;
        float[] out;
        double gflop;

        @Setup(Level.Trial)
        public void fill(Model model) {
            Random random = new Random(1);
            List<int[]> rows = new ArrayList<>();
            for (int i = 0; i < batchTokens / length; i++) {
                rows.add(random.ints(length, 1000, 20_000).toArray());
            }
            tokens = TokenBatch.of(rows);
            out = new float[rows.size() * model.session.spec().hidden()];
            gflop = rows.size() * model.session.spec().flops(length) / 1e9;
        }
    }

    /** Rates beside the batches per second. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    public static class Rates {
        public double tokens;
        public double gflop;

        @Setup(Level.Iteration)
        public void reset() {
            tokens = 0;
            gflop = 0;
        }
    }

    @Benchmark
    public float[] encode(Model model, Batch batch, Rates rates) {
        model.session.run(batch.tokens, batch.out);
        rates.tokens += batch.tokens.totalTokens();
        rates.gflop += batch.gflop;
        return batch.out;
    }
}
