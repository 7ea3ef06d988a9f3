package io.textloom.spark.train;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.textloom.spark.commit.OutputException;
import io.textloom.spark.commit.OutputOptions;
import io.textloom.spark.commit.OutputPlace;
import io.textloom.spark.commit.RunMode;
import io.textloom.spark.commit.WholeFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** A directory that a training writes a tokenizer or a model to; {@code _textloom/training.json} says what was done and is written last. */
public final class TrainingFolder {
    private static final String META = "_textloom";
    private static final String RECORD = META + "/training.json";
    private static final String ERRORS = META + "/errors";
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
                    root + " already holds the result of a training; choose another --output, or --mode overwrite");
        }
    }

    /** Also where a training was killed before its record was written. */
    private boolean isOfATraining() throws IOException {
        Path meta = new Path(root, META);
        return fs.exists(new Path(root, RECORD))
                || fs.exists(meta)
                        && Arrays.stream(fs.listStatus(meta))
                                .map(file -> file.getPath().getName())
                                .allMatch(name -> name.startsWith(".") || name.equals("errors"));
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

    /** Takes away what an earlier training left: its record first, so that nobody takes the rest for whole. */
    public void clear() {
        try {
            fs.delete(new Path(root, RECORD), false);
            fs.delete(new Path(root, ERRORS), true);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot clear " + root, e);
        }
    }

    /** Writes the files, then the record. */
    public void write(SortedMap<String, byte[]> files, TrainingRecord record) {
        try {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                WholeFiles.replace(fs, conf, new Path(root, file.getKey()), file.getValue());
            }
            WholeFiles.replace(fs, conf, new Path(root, RECORD), JSON.writeValueAsBytes(record));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write to " + root, e);
        }
    }
}
