package io.textloom.spark.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.textloom.spark.commit.OutputException;
import io.textloom.spark.commit.OutputLock;
import io.textloom.spark.commit.OutputOptions;
import io.textloom.spark.commit.OutputPlace;
import io.textloom.spark.commit.RunMode;
import io.textloom.spark.commit.WholeFiles;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;

/** A directory that a training writes a tokenizer or a model to; {@code _textloom/training.json} says what was done and is written last. */
public final class TrainingFolder {
    private static final String META = "_textloom";
    private static final String RECORD = META + "/training.json";
    private static final String ERRORS = META + "/errors";
    private static final String WORK = META + "/work";
    private static final String LOCK = META + "/lock";

    /** Tells that the rest of the work is whole, so that it is written last and deleted first. */
    private static final String STATE = WORK + "/state.json";

    /** What lies below {@code _textloom} before the record is written. */
    private static final List<String> OF_THE_UNFINISHED = List.of("errors", "work", "lock", "curve.tsv");

    private static final int BUFFER_BYTES = 1 << 16;
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final Path root;
    private final FileSystem fs;
    private final Configuration conf;

    /** Directories that were missing, inner ones first. */
    private final List<Path> made = new ArrayList<>();

    private TrainingFolder(Path root, FileSystem fs, Configuration conf) {
        this.root = root;
        this.fs = fs;
        this.conf = conf;
    }

    /**
     * Opens the directory, which need not exist; changes nothing.
     *
     * @throws OutputException if it must not be written to as asked
     */
    public static TrainingFolder open(OutputOptions options, Configuration conf) {
        try {
            Path given = new Path(options.path());
            FileSystem fs = given.getFileSystem(conf);
            TrainingFolder folder = new TrainingFolder(fs.makeQualified(given), fs, conf);
            folder.check(options.mode());
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot open the output directory " + options.path(), e);
        }
    }

    private void check(RunMode mode) throws IOException {
        if (!fs.exists(root) || fs.listStatus(root).length == 0) {
            return;
        }
        if (!isOfATraining()) {
            throw new OutputException(
                    root + " holds files that no training wrote; choose another --output or empty that directory");
        }
        if (mode == RunMode.FAIL) {
            throw new OutputException(
                    fs.exists(new Path(root, RECORD)) || !fs.exists(new Path(root, WORK))
                            ? root
                                    + " already holds the result of a training; choose another --output, or --mode overwrite"
                            : root + " holds a training that did not come to its end; --mode resume goes on with it,"
                                    + " --mode overwrite starts anew");
        }
    }

    /** Also where a training was killed before its record was written. */
    private boolean isOfATraining() throws IOException {
        Path meta = new Path(root, META);
        return fs.exists(new Path(root, RECORD))
                || fs.exists(meta)
                        && Arrays.stream(fs.listStatus(meta))
                                .map(file -> file.getPath().getName())
                                .allMatch(name -> name.startsWith(".") || OF_THE_UNFINISHED.contains(name));
    }

    /** What the training that ended here noted; empty if none has ended here. */
    public static Optional<TrainingRecord> record(String path, Configuration conf) {
        Path record = new Path(path, RECORD);
        try {
            FileSystem fs = record.getFileSystem(conf);
            if (!fs.exists(record)) {
                return Optional.empty();
            }
            try (InputStream in = fs.open(record)) {
                return Optional.of(JSON.readValue(in, TrainingRecord.class));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + record + "; delete it, or choose another --output", e);
        }
    }

    public String path() {
        return root.toString();
    }

    /** Of the directory and all in it. */
    public FileSystem fileSystem() {
        return fs;
    }

    /** Where a training keeps what it needs until its end. */
    public Path work() {
        return new Path(root, WORK);
    }

    /** What the last finished training noted; empty if there is none, or one was begun since. */
    public Optional<TrainingRecord> record() {
        return record(root.toString(), conf);
    }

    /** How far a training came that has not ended; empty if none was begun. */
    public Optional<TrainingState> state() {
        Path state = new Path(root, STATE);
        try {
            if (!fs.exists(state)) {
                return Optional.empty();
            }
            try (InputStream in = fs.open(state)) {
                return Optional.of(TrainingState.JSON.readValue(in, TrainingState.class));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Cannot read the checkpoint " + state + "; --mode overwrite starts the training anew", e);
        }
    }

    /** Notes how far a training is. */
    public void write(TrainingState state) {
        replace(STATE, state.bytes());
    }

    /**
     * Keeps other trainings off the folder, which is made before.
     *
     * @throws OutputException if another one is working on it
     */
    public OutputLock lock() {
        try {
            return OutputLock.acquire(fs, new Path(root, LOCK));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot lock " + root, e);
        }
    }

    /** Where rejected rows are written as a table. */
    public String errors() {
        return new Path(root, ERRORS).toString();
    }

    /**
     * Makes the directory if it is missing.
     *
     * @throws OutputException if it may not be made
     * @throws UncheckedIOException if the place is full
     */
    public void prepare() {
        try {
            for (Path directory : List.of(new Path(root, META), root)) {
                if (!fs.exists(directory)) {
                    made.add(directory);
                }
            }
            OutputPlace.make(fs, new Path(root, META), root);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot look for " + root, e);
        } catch (OutputException | UncheckedIOException e) {
            made.clear();
            throw e;
        }
    }

    /** Takes away what {@link #prepare} made, if nothing was written. */
    public void abandon() {
        try {
            for (Path directory : made) {
                if (fs.listStatus(directory).length == 0) {
                    fs.delete(directory, false);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot clear " + root, e);
        }
    }

    /** Takes away what an earlier training left, of whatever task: its record first, so that nobody takes the rest for whole. */
    public void clear() {
        try {
            List<String> files =
                    record().map(record -> List.copyOf(record.files().keySet())).orElse(List.of());
            fs.delete(new Path(root, RECORD), false);
            fs.delete(new Path(root, ERRORS), true);
            delete(files);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot clear " + root, e);
        }
    }

    /** Takes away files, and what a training kept in {@link #work}. */
    public void delete(List<String> names) {
        try {
            for (String name : names) {
                fs.delete(new Path(root, name), false);
            }
            fs.delete(new Path(root, STATE), false);
            fs.delete(work(), true);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot clear " + root, e);
        }
    }

    /** Gives a file's bytes. */
    @FunctionalInterface
    public interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Writes one file, of any size.
     *
     * @return its sha-256
     */
    public String write(String name, Content content) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            Path file = new Path(root, name);
            Path next = next(file);
            try (OutputStream out =
                    new BufferedOutputStream(new DigestOutputStream(fs.create(next, true), digest), BUFFER_BYTES)) {
                content.writeTo(out);
            }
            rename(next, file);
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + name + " to " + root, e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    /** Writes a small file in the place of an older one, so that there is always one of them. */
    private void replace(String name, byte[] bytes) {
        try {
            WholeFiles.replace(fs, conf, new Path(root, name), bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + name + " to " + root, e);
        }
    }

    /** Writes what ends a training. */
    public void write(TrainingRecord record) {
        try {
            replace(RECORD, JSON.writeValueAsBytes(record));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A record of plain numbers and texts has no JSON", e);
        }
    }

    private static Path next(Path file) {
        return new Path(file.getParent(), "." + file.getName() + ".next");
    }

    private void rename(Path next, Path file) throws IOException {
        FileContext.getFileContext(root.toUri(), conf).rename(next, file, Options.Rename.OVERWRITE);
    }
}
