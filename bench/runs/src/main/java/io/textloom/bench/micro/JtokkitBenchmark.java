package io.textloom.bench.micro;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** jtokkit with GPT-2's vocabulary over the texts of {@link TokenizeBenchmark}. */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 3)
@Fork(1)
public class JtokkitBenchmark {
    /** Safe for concurrent use. */
    @State(Scope.Benchmark)
    public static class Engine {
        final Encoding encoding = Encodings.newDefaultEncodingRegistry().getEncoding(EncodingType.R50K_BASE);
    }

    @Benchmark
    public long gpt2(TokenizeBenchmark.Texts texts, Engine engine, TokenizeBenchmark.Rates rates) {
        long count = 0;
        for (String text : texts.texts) {
            count += engine.encoding.encodeOrdinary(text).size();
        }
        rates.megabytes += texts.megabytes;
        rates.tokens += count;
        return count;
    }
}
