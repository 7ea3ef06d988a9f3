package io.textloom.train.heads;

import io.textloom.classify.FrozenText;
import io.textloom.classify.HeadInput;
import io.textloom.embed.EmbedOptions;
import io.textloom.model.ModelRef;
import io.textloom.spark.stage.DeviceOptions;
import io.textloom.spark.stage.FrozenEncoder;
import io.textloom.spark.train.HeadOptions;
import io.textloom.tensor.HeadTask;
import io.textloom.text.RejectCode;
import io.textloom.text.Rejection;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.sql.Row;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Writes one partition's rows as examples of frozen vectors, those trained on and those held out each in a file, and the rejected ones in a third. The files appear by renames, whichever attempt is first. Gives its figures as bytes.
 */
final class FreezeTask implements Function2<Integer, Iterator<Row>, Iterator<byte[]>> {
    private static final long serialVersionUID = 1;

    static final int ID = 0;
    static final int HASH = 1;
    static final int TEXT = 2;
    static final int CODE = 3;
    static final int MESSAGE = 4;
    static final int RAW = 5;
    static final int LABEL = 6;
    static final int PAIR = 7;

    /** That are sorted by length together; unit: rows */
    private static final int GATHERED = 512;

    private final ModelRef model;
    private final EmbedOptions embedding;
    private final HeadOptions head;
    private final RowTargets targets;
    private final double heldOut;
    private final String directory;
    private final String prefix;
    private final SerializableConfiguration conf;
    private final LongAccumulator rowsDone;
    private final LongAccumulator tokensDone;

    /**
     * @param heldOut share of the rows that is held out: 0 for none, 1 for all
     * @param prefix of the files' names
     */
    FreezeTask(
            ModelRef model,
            EmbedOptions embedding,
            HeadOptions head,
            RowTargets targets,
            double heldOut,
            String directory,
            String prefix,
            SerializableConfiguration conf,
            LongAccumulator rowsDone,
            LongAccumulator tokensDone) {
        this.model = model;
        this.embedding = embedding;
        this.head = head;
        this.targets = targets;
        this.heldOut = heldOut;
        this.directory = directory;
        this.prefix = prefix;
        this.conf = conf;
        this.rowsDone = rowsDone;
        this.tokensDone = tokensDone;
    }

    @Override
    public Iterator<byte[]> call(Integer partition, Iterator<Row> rows) throws IOException {
        String name = String.format(Locale.ROOT, "%s-%05d", prefix, partition);
        FileSystem fs = new Path(directory).getFileSystem(conf.value());
        PartFigures figures = new PartFigures();
        try (Files files = new Files(fs, name);
                FrozenEncoder encoder = FrozenEncoder.open(model, embedding, DeviceOptions.AUTO, conf.value())) {
            List<Row> gathered = new ArrayList<>(GATHERED);
            while (rows.hasNext()) {
                gathered.add(rows.next());
                if (gathered.size() == GATHERED || !rows.hasNext()) {
                    write(gathered, encoder, files, figures);
                    gathered.clear();
                }
            }
            files.close();
            figures.train.addAll(files.train.blocks());
            figures.dev.addAll(files.dev.blocks());
            figures.tokens = encoder.tokens();
            files.appear();
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        figures.write(new DataOutputStream(bytes));
        return List.of(bytes.toByteArray()).iterator();
    }

    private void write(List<Row> rows, FrozenEncoder encoder, Files files, PartFigures figures) throws IOException {
        List<String> texts = new ArrayList<>();
        List<Integer> others = new ArrayList<>();
        for (Row row : rows) {
            int before = texts.size();
            if (row.isNullAt(CODE) && !(head.pair() && row.isNullAt(PAIR))) {
                texts.add(row.getString(TEXT));
                texts.addAll(beside(row));
            }
            others.add(texts.size() - before - 1);
        }
        long tokensBefore = encoder.tokens();
        List<FrozenText> frozen = encoder.vectors(texts);
        tokensDone.add(encoder.tokens() - tokensBefore);
        int at = 0;
        for (int i = 0; i < rows.size(); i++) {
            int to = at + 1 + others.get(i);
            Outcome outcome = outcome(rows.get(i), frozen.subList(at, to), texts.subList(at, to));
            if (outcome.example.isPresent()) {
                boolean dev = isHeldOut(rows.get(i).getString(HASH));
                (dev ? files.dev : files.train).write(outcome.example.get());
                if (!dev) {
                    figures.add(head.task(), outcome.example.get());
                }
            } else {
                Rejection rejection = outcome.rejection.orElseThrow();
                Row row = rows.get(i);
                files.rejects.write(row.getString(ID), rejection, row.isNullAt(RAW) ? "" : row.getString(RAW));
                figures.rejected.merge(rejection.code().name(), 1L, Long::sum);
            }
            figures.rows++;
            rowsDone.add(1);
            at = to;
        }
    }

    private List<String> beside(Row row) {
        if (!head.pair()) {
            return List.of();
        }
        if (head.task() != HeadTask.CHOICE) {
            return List.of(row.getString(PAIR));
        }
        List<String> choices = new ArrayList<>();
        for (Object choice : row.getList(PAIR)) {
            choices.add(choice == null ? "" : choice.toString());
        }
        return choices;
    }

    /** What became of a row: one of the two. */
    private record Outcome(Optional<Example> example, Optional<Rejection> rejection) {
        static Outcome of(Example example) {
            return new Outcome(Optional.of(example), Optional.empty());
        }

        static Outcome of(Rejection rejection) {
            return new Outcome(Optional.empty(), Optional.of(rejection));
        }
    }

    private Outcome outcome(Row row, List<FrozenText> frozen, List<String> texts) {
        if (!row.isNullAt(CODE)) {
            return Outcome.of(new Rejection(RejectCode.valueOf(row.getString(CODE)), String.valueOf(row.get(MESSAGE))));
        }
        if (frozen.isEmpty()) {
            return Outcome.of(
                    new Rejection(RejectCode.MISSING_TEXT, "The column " + head.pairColumn() + " is null or absent"));
        }
        List<String> others = texts.subList(1, texts.size());
        if (head.task() == HeadTask.CHOICE
                && (others.isEmpty() || others.stream().anyMatch(String::isBlank))) {
            return Outcome.of(new Rejection(
                    RejectCode.INVALID_CHOICES,
                    "The column " + head.pairColumn() + " holds no list of choices, or one with an empty text"));
        }
        for (FrozenText text : frozen) {
            if (text.rejection().isPresent()) {
                return Outcome.of(text.rejection().get());
            }
        }
        try {
            float[] labels = targets.of(row, LABEL, texts.get(0), frozen.get(0), others);
            Example example = new Example(input(frozen), labels);
            if (example.results(head.task()) == 0 || example.input().items() == 0) {
                return Outcome.of(new Rejection(RejectCode.INVALID_LABEL, "No token of the text has a label"));
            }
            return Outcome.of(example);
        } catch (RowTargets.BadLabel e) {
            return Outcome.of(new Rejection(RejectCode.INVALID_LABEL, String.valueOf(e.getMessage())));
        }
    }

    private HeadInput input(List<FrozenText> frozen) {
        FrozenText text = frozen.get(0);
        return switch (head.task()) {
            case SEQUENCE -> HeadInput.single(1, text.vector());
            case PAIR -> HeadInput.pair(text.vector(), frozen.get(1).vector());
            case REGRESSION ->
                head.pair()
                        ? HeadInput.pair(text.vector(), frozen.get(1).vector())
                        : HeadInput.single(1, text.vector());
            case TOKEN -> HeadInput.single(text.size(), text.tokenVectors());
            case SPAN ->
                new HeadInput(text.size(), text.tokenVectors(), frozen.get(1).vector());
            case CHOICE -> {
                int n = text.vector().length;
                float[] choices = new float[(frozen.size() - 1) * n];
                for (int i = 1; i < frozen.size(); i++) {
                    System.arraycopy(frozen.get(i).vector(), 0, choices, (i - 1) * n, n);
                }
                yield new HeadInput(frozen.size() - 1, text.vector(), choices);
            }
        };
    }

    /** By the first 32 bits of the content's hash. */
    private boolean isHeldOut(String hash) {
        return Long.parseLong(hash.substring(0, 8), 16) < heldOut * (1L << 32);
    }

    /** One attempt's three files. */
    private final class Files implements AutoCloseable {
        final ExampleFile.Writer train;
        final ExampleFile.Writer dev;
        final Rejects.Writer rejects;
        private final FileSystem fs;
        private final List<Path> drafts = new ArrayList<>();
        private final List<Path> wholes = new ArrayList<>();
        private boolean closed;

        Files(FileSystem fs, String name) throws IOException {
            this.fs = fs;
            for (String file : List.of(name + ".train", name + ".dev", name + Rejects.SUFFIX)) {
                wholes.add(new Path(directory, file));
                drafts.add(
                        new Path(directory, "." + file + "." + TaskContext.get().taskAttemptId()));
            }
            train = new ExampleFile.Writer(wholes.get(0).getName(), fs.create(drafts.get(0), true));
            dev = new ExampleFile.Writer(wholes.get(1).getName(), fs.create(drafts.get(1), true));
            rejects = new Rejects.Writer(fs.create(drafts.get(2), true));
        }

        void appear() throws IOException {
            for (int i = 0; i < drafts.size(); i++) {
                if (fs.exists(wholes.get(i)) || !fs.rename(drafts.get(i), wholes.get(i))) {
                    fs.delete(drafts.get(i), false);
                    if (!fs.exists(wholes.get(i))) {
                        throw new IOException(
                                "Cannot rename " + drafts.get(i) + "; check the space and the rights there");
                    }
                }
            }
        }

        @Override
        public void close() throws IOException {
            if (!closed) {
                closed = true;
                try (train;
                        dev) {
                    rejects.close();
                }
            }
        }
    }
}
