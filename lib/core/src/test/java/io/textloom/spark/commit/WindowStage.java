package io.textloom.spark.commit;

import io.textloom.spark.intake.TaskSize;
import io.textloom.spark.stage.Cut;
import io.textloom.spark.stage.Document;
import io.textloom.spark.stage.Meter;
import io.textloom.spark.stage.Outcome;
import io.textloom.spark.stage.Part;
import io.textloom.spark.stage.PartResult;
import io.textloom.spark.stage.Splitting;
import io.textloom.spark.stage.Stage;
import io.textloom.text.RejectCode;
import io.textloom.text.Rejection;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Stands for a model that sees {@value #WINDOW} words at a time: one row per window, with its first word and a sum over its characters. "uncuttable" has a
 * document rejected as a whole, "poison" for a window's sake, and "crash" fails the task while the switch is on.
 */
final class WindowStage implements Stage {
    private static final long serialVersionUID = 1;
    private static final int WINDOW = 16;
    private static final int WINDOWS_PER_PART = 64;

    static final AtomicInteger WHOLE = new AtomicInteger();
    static final AtomicInteger CUT = new AtomicInteger();
    /** Words computed in parts, by the task that did so. */
    static final Map<Long, Long> WORDS_BY_TASK = new ConcurrentHashMap<>();
    /** Open cutters, part works and joiners. */
    static final AtomicInteger OPEN = new AtomicInteger();

    static volatile boolean crash;

    private final boolean splits;
    private final long taskBytes;

    WindowStage(boolean splits, long taskBytes) {
        this.splits = splits;
        this.taskBytes = taskBytes;
    }

    static void reset() {
        crash = false;
        WHOLE.set(0);
        CUT.set(0);
        WORDS_BY_TASK.clear();
    }

    @Override
    public String name() {
        return "windows";
    }

    @Override
    public StructType columns() {
        return new StructType()
                .add("id", DataTypes.StringType, false)
                .add("chunk_index", DataTypes.IntegerType, false)
                .add("window", DataTypes.StringType, false);
    }

    @Override
    public TaskSize taskSize() {
        return new TaskSize(taskBytes, true);
    }

    @Override
    public Optional<Splitting> splitting() {
        return splits ? Optional.of(new InParts()) : Optional.empty();
    }

    @Override
    public Work open(Configuration conf) {
        return new Work() {
            private long words;
            private long documents;

            @Override
            public Iterator<Outcome> run(Iterator<Document> input) {
                List<Outcome> outcomes = new ArrayList<>();
                input.forEachRemaining(document -> outcomes.addAll(all(document)));
                return outcomes.iterator();
            }

            private List<Outcome> all(Document document) {
                WHOLE.incrementAndGet();
                crashIfAsked(document.text());
                if (document.text().contains("uncuttable")) {
                    return List.of(new Outcome.Rejected(document, uncuttable()));
                }
                if (document.text().contains("poison")) {
                    return List.of(new Outcome.Rejected(document, poisoned()));
                }
                String[] all = document.text().split(" ");
                words += all.length;
                documents++;
                return rows(document, List.of(windows(all)));
            }

            @Override
            public Meter meter() {
                return new Meter(words, words, 0, documents, 0, 0, 0);
            }

            @Override
            public void close() {}
        };
    }

    private static void crashIfAsked(String text) {
        if (crash && text.contains("crash")) {
            throw new IllegalStateException("crash asked for");
        }
    }

    private static Rejection uncuttable() {
        return new Rejection(RejectCode.TOO_LONG, "not to be cut");
    }

    private static Rejection poisoned() {
        return new Rejection(RejectCode.MODEL_FAILED, "poisoned");
    }

    /** "first:sum first:sum …", a window each. */
    private static String windows(String[] words) {
        StringBuilder windows = new StringBuilder();
        for (int from = 0; from < words.length; from += WINDOW) {
            long sum = 0;
            for (int i = from; i < Math.min(words.length, from + WINDOW); i++) {
                sum = sum * 31 + words[i].hashCode();
            }
            windows.append(from == 0 ? "" : " ").append(words[from]).append(':').append(sum);
        }
        return windows.toString();
    }

    private static List<Outcome> rows(Document document, List<String> parts) {
        List<String> windows =
                parts.stream().flatMap(part -> Arrays.stream(part.split(" "))).toList();
        List<Outcome> rows = new ArrayList<>();
        for (int i = 0; i < windows.size(); i++) {
            rows.add(new Outcome.Produced(
                    document,
                    new Object[] {UTF8String.fromString(document.id()), i, UTF8String.fromString(windows.get(i))},
                    1,
                    i == windows.size() - 1));
        }
        return rows;
    }

    private static final class InParts implements Splitting {
        private static final long serialVersionUID = 1;

        @Override
        public Cutter openCutter(Configuration conf) {
            OPEN.incrementAndGet();
            return new Cutter() {
                @Override
                public Cut cut(Document document) {
                    CUT.incrementAndGet();
                    if (document.text().contains("uncuttable")) {
                        return new Cut.Rejected(uncuttable());
                    }
                    String[] words = document.text().split(" ");
                    int step = WINDOW * WINDOWS_PER_PART;
                    List<Part> parts = new ArrayList<>();
                    for (int from = 0; from < words.length; from += step) {
                        int to = Math.min(words.length, from + step);
                        String part = String.join(" ", Arrays.copyOfRange(words, from, to));
                        parts.add(new Part(part.getBytes(StandardCharsets.UTF_8), to - from));
                    }
                    return new Cut.Parts(parts.iterator());
                }

                @Override
                public Meter meter() {
                    return Meter.ZERO;
                }

                @Override
                public void close() {
                    OPEN.decrementAndGet();
                }
            };
        }

        @Override
        public PartWork openParts(Configuration conf) {
            OPEN.incrementAndGet();
            return new PartWork() {
                private long words;

                /** Reads all parts before it answers the first. */
                @Override
                public Iterator<PartResult> run(Iterator<Part> parts) {
                    List<PartResult> results = new ArrayList<>();
                    parts.forEachRemaining(part -> results.add(compute(part)));
                    return results.iterator();
                }

                private PartResult compute(Part part) {
                    String text = new String(part.bytes(), StandardCharsets.UTF_8);
                    crashIfAsked(text);
                    WORDS_BY_TASK.merge(TaskContext.get().taskAttemptId(), (long) part.tokens(), Long::sum);
                    if (text.contains("poison")) {
                        return PartResult.rejected(poisoned());
                    }
                    words += part.tokens();
                    return PartResult.of(windows(text.split(" ")).getBytes(StandardCharsets.UTF_8));
                }

                @Override
                public Meter meter() {
                    return new Meter(words, words, 0, 0, 0, 0, 0);
                }

                @Override
                public void close() {
                    OPEN.decrementAndGet();
                }
            };
        }

        @Override
        public Joiner openJoiner(Configuration conf) {
            OPEN.incrementAndGet();
            return new Joiner() {
                private long documents;

                @Override
                public Iterator<Outcome> join(Document document, Iterator<byte[]> results) {
                    documents++;
                    List<String> parts = new ArrayList<>();
                    results.forEachRemaining(result -> parts.add(new String(result, StandardCharsets.UTF_8)));
                    return rows(document, parts).iterator();
                }

                @Override
                public Meter meter() {
                    return new Meter(0, 0, 0, documents, 0, 0, 0);
                }

                @Override
                public void close() {
                    OPEN.decrementAndGet();
                }
            };
        }
    }
}
