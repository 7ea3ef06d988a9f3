package io.textloom.bench.micro;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import io.textloom.token.Gpt2TokenizerJson;
import io.textloom.token.TokenEncoder;
import io.textloom.token.Tokenizer;
import io.textloom.token.Tokenizers;
import io.textloom.token.Tokens;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
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

/**
 * One thread over the same texts: ours and Hugging Face's Rust through JNI. One operation is all texts, each encoded on its own from a Java string.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 3)
@Fork(1)
public class TokenizeBenchmark {
    /** The texts of one language. */
    @State(Scope.Benchmark)
    @SuppressWarnings("NullAway.Init") // JMH calls read first
    public static class Texts {
        @Param({"english", "chinese"})
        String language;

        List<String> texts;
        double megabytes;

        @Setup(Level.Trial)
        public void read() throws IOException {
            texts = BenchCorpus.read(language);
            long bytes = 0;
            for (String text : texts) {
                bytes += text.getBytes(StandardCharsets.UTF_8).length;
            }
            megabytes = bytes / 1e6;
        }
    }

    /** A vocabulary as a file. */
    @State(Scope.Benchmark)
    @SuppressWarnings("NullAway.Init") // JMH calls write first
    public static class Vocabulary {
        @Param({"minilm", "bge-small-zh", "gpt2", "storyteller"})
        String vocabulary;

        Path json;

        @Setup(Level.Trial)
        public void write() throws IOException {
            json = Files.createTempFile("tokenizer", ".json");
            switch (vocabulary) {
                case "minilm" -> copy("all-minilm-l6-v2-tokenizer.json");
                case "bge-small-zh" -> copy("bge-small-zh-v1.5-tokenizer.json");
                case "storyteller" -> copy("io/textloom/models/storyteller/tokenizer.json");
                case "gpt2" -> Gpt2TokenizerJson.write(json);
                default -> throw new IllegalArgumentException(vocabulary);
            }
        }

        private void copy(String resource) throws IOException {
            try (InputStream in = TokenizeBenchmark.class.getClassLoader().getResourceAsStream(resource)) {
                if (in == null) {
                    throw new IOException("Resource " + resource + " is not on the class path");
                }
                Files.write(json, in.readAllBytes());
            }
        }

        @TearDown(Level.Trial)
        public void delete() throws IOException {
            Files.delete(json);
        }
    }

    /** Ours, its word cache as earlier operations left it. */
    @State(Scope.Benchmark)
    @SuppressWarnings("NullAway.Init") // JMH calls open first
    public static class Warm {
        Tokenizer tokenizer;
        TokenEncoder encoder;
        Tokens tokens;

        @Setup(Level.Trial)
        public void open(Vocabulary vocabulary) {
            tokenizer = Tokenizers.open(vocabulary.json);
            encoder = tokenizer.encoder();
            tokens = new Tokens();
        }

        @TearDown(Level.Trial)
        public void close() {
            encoder.close();
            tokenizer.close();
        }
    }

    /** Ours, its word cache empty at each operation. */
    @State(Scope.Benchmark)
    @SuppressWarnings("NullAway.Init") // JMH calls open first
    public static class Cold {
        Tokenizer tokenizer;
        TokenEncoder encoder;
        Tokens tokens;

        @Setup(Level.Invocation)
        public void open(Vocabulary vocabulary) {
            tokenizer = Tokenizers.open(vocabulary.json);
            encoder = tokenizer.encoder();
            tokens = new Tokens();
        }

        @TearDown(Level.Invocation)
        public void close() {
            encoder.close();
            tokenizer.close();
        }
    }

    /** Hugging Face's. */
    @State(Scope.Benchmark)
    @SuppressWarnings("NullAway.Init") // JMH calls open first
    public static class HuggingFace {
        HuggingFaceTokenizer tokenizer;

        @Setup(Level.Trial)
        public void open(Vocabulary vocabulary) throws IOException {
            tokenizer = HuggingFaceTokenizer.builder()
                    .optTokenizerPath(vocabulary.json)
                    .optPadding(false)
                    .optTruncation(false)
                    .build();
        }

        @TearDown(Level.Trial)
        public void close() {
            tokenizer.close();
        }
    }

    /** Rates beside the operations per second. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    public static class Rates {
        public double megabytes;
        public double tokens;

        @Setup(Level.Iteration)
        public void reset() {
            megabytes = 0;
            tokens = 0;
        }
    }

    @Benchmark
    public long textloom(Texts texts, Warm warm, Rates rates) {
        return run(texts, warm.encoder, warm.tokens, rates, false);
    }

    @Benchmark
    public long textloomWithOffsets(Texts texts, Warm warm, Rates rates) {
        return run(texts, warm.encoder, warm.tokens, rates, true);
    }

    @Benchmark
    public long textloomCold(Texts texts, Cold cold, Rates rates) {
        return run(texts, cold.encoder, cold.tokens, rates, false);
    }

    private static long run(Texts texts, TokenEncoder encoder, Tokens tokens, Rates rates, boolean offsets) {
        long count = 0;
        for (String text : texts.texts) {
            if (offsets) {
                encoder.encodeWithOffsets(text, tokens);
            } else {
                encoder.encode(text, tokens);
            }
            count += tokens.size();
        }
        rates.megabytes += texts.megabytes;
        rates.tokens += count;
        return count;
    }

    @Benchmark
    public long huggingFace(Texts texts, HuggingFace engine, Rates rates) {
        long count = 0;
        for (String text : texts.texts) {
            count += engine.tokenizer.encode(text, false, false).getIds().length;
        }
        rates.megabytes += texts.megabytes;
        rates.tokens += count;
        return count;
    }
}
