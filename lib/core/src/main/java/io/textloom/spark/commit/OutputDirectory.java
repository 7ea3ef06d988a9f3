package io.textloom.spark.commit;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.textloom.spark.commit.TaskReport.Kind;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * An output directory: committed tables, {@code _textloom/} with manifest, ledger and errors, and the staging of runs under way.
 */
public final class OutputDirectory {
    static final String META = "_textloom";
    /** Hidden from readers of the rows, as names with a low line are. */
    private static final String BATCH = "_batch";

    private static final String MANIFEST = META + "/manifest.json";
    private static final String LOCK = META + "/lock";
    private static final String STAGING = META + "/staging";
    private static final String JOURNAL = "journal.json";
    private static final String RUN = "run.json";
    private static final String TAKEN_OVER = "taken-over.json";
    private static final String INPUT = META + "/input.json";

    private final Path root;
    private final FileSystem fs;
    private final Configuration conf;

    private OutputDirectory(Path root, FileSystem fs, Configuration conf) {
        this.root = root;
        this.fs = fs;
        this.conf = conf;
    }

    /** Opens the directory, which need not exist; changes nothing. */
    public static OutputDirectory open(String path, Configuration conf) {
        try {
            Path given = new Path(path);
            FileSystem fs = given.getFileSystem(conf);
            return new OutputDirectory(fs.makeQualified(given), fs, conf);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot open the output directory " + path, e);
        }
    }

    public String path() {
        return root.toString();
    }

    /** Directory of a table; the rows lie in the output directory itself. */
    public String path(Kind kind) {
        return switch (kind) {
            case ROWS -> root.toString();
            case ERRORS -> root + "/" + META + "/errors";
            case LEDGER -> root + "/" + META + "/ledger";
            case LINES -> root + "/" + BATCH;
            case VANISHED -> throw staysInStaging();
        };
    }

    private static IllegalStateException staysInStaging() {
        return new IllegalStateException("Ids that vanished are no table of the output");
    }

    public Optional<Manifest> manifest() {
        try {
            return Optional.of(Manifest.fromJson(read(new Path(root, MANIFEST))));
        } catch (FileNotFoundException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + root + "/" + MANIFEST, e);
        }
    }

    /** Where those committed files of a table lie. */
    List<String> paths(Collection<Manifest.File> files, Kind kind) {
        return files.stream()
                .filter(f -> f.kind() == kind)
                .map(f -> root + "/" + f.path())
                .toList();
    }

    /** Where files of tasks lie before the commit. */
    List<String> staged(String runId, List<TaskReport> tasks, Kind kind) {
        return tasks.stream()
                .flatMap(task -> task.files().stream())
                .filter(f -> f.kind() == kind)
                .map(f -> stagedPath(runId, f.name()))
                .toList();
    }

    /** Whether a reader of the directory would see files. */
    public boolean hasVisibleFiles() {
        try {
            if (!fs.exists(root)) {
                return false;
            }
            for (FileStatus file : fs.listStatus(root)) {
                String name = file.getPath().getName();
                if (!name.startsWith("_") && !name.startsWith(".")) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot list " + root, e);
        }
    }

    /**
     * Keeps other runs away until the lock is closed.
     *
     * @throws OutputException if another run works here, or the place may not be written
     * @throws UncheckedIOException if the place is full
     */
    OutputLock lock() throws IOException {
        OutputPlace.make(fs, new Path(root, META), root);
        return OutputLock.acquire(fs, new Path(root, LOCK));
    }

    /** What is known of the input that was read last; empty where nothing is, or what is there cannot be read. */
    Optional<InputState> inputState() {
        try {
            return Optional.of(InputState.fromJson(read(new Path(root, INPUT))));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    void record(InputState state) throws IOException {
        write(new Path(root, INPUT), state.toJson());
    }

    /** Creates the staging directory of a run. @param takenOver what it builds upon, which lies in staging too */
    String begin(String runId, RunKey key, Interrupted takenOver) throws IOException {
        Path staging = new Path(root, STAGING + "/" + runId);
        OutputPlace.make(fs, staging, root);
        if (!takenOver.isEmpty()) {
            write(new Path(staging, TAKEN_OVER), takenOver.toJson());
        }
        write(new Path(staging, RUN), new ObjectMapper().writeValueAsBytes(key));
        return staging.toString();
    }

    /** Runs with the same key that ended without a commit. */
    List<String> interruptedRuns(RunKey key) throws IOException {
        List<String> runs = new ArrayList<>();
        for (Path staging : stagings()) {
            Path run = new Path(staging, RUN);
            if (fs.exists(run) && key.equals(new ObjectMapper().readValue(read(run), RunKey.class))) {
                runs.add(staging.getName());
            }
        }
        return runs;
    }

    /** What a run with that key may build upon without committing it first. */
    Interrupted interrupted(RunKey key) throws IOException {
        TreeMap<String, Interrupted> takenOver = new TreeMap<>();
        for (String run : interruptedRuns(key)) {
            Path file = new Path(stagingPath(run), TAKEN_OVER);
            takenOver.put(run, fs.exists(file) ? Interrupted.fromJson(read(file)) : Interrupted.NONE);
        }
        List<String> last = new ArrayList<>(takenOver.keySet());
        takenOver.values().forEach(before -> last.remove(before.run()));
        if (last.size() != 1) {
            return Interrupted.NONE;
        }
        String run = last.get(0);
        return Interrupted.of(run, finishedTasks(run), takenOver.getOrDefault(run, Interrupted.NONE));
    }

    /** Reports of a run's finished tasks, one per partition. */
    List<TaskReport> finishedTasks(String runId) throws IOException {
        TreeMap<Integer, TaskReport> reports = new TreeMap<>();
        for (FileStatus file : fs.listStatus(new Path(root, STAGING + "/" + runId))) {
            String name = file.getPath().getName();
            if (name.startsWith("task-") && name.endsWith(".json")) {
                TaskReport report = new ObjectMapper().readValue(read(file.getPath()), TaskReport.class);
                reports.putIfAbsent(report.partition(), report);
            }
        }
        return List.copyOf(reports.values());
    }

    String stagingPath(String runId) {
        return root + "/" + STAGING + "/" + runId;
    }

    String stagedPath(String runId, String name) {
        return stagingPath(runId) + "/" + name;
    }

    /** Where a staged file goes, relative to the output directory. */
    static String committedPath(String runId, int number, TaskReport.StagedFile file) {
        String extension = file.name().substring(file.name().lastIndexOf('.'));
        String name = String.format("part-%05d-%s%s", number, runId, extension);
        String directory = switch (file.kind()) {
            case ROWS -> file.directory();
            case ERRORS -> META + "/errors";
            case LEDGER -> META + "/ledger";
            case LINES -> BATCH;
            case VANISHED -> throw staysInStaging();
        };
        return directory.isEmpty() ? name : directory + "/" + name;
    }

    /** Makes a run visible: journal, moves, manifest, deletions; then staging goes. */
    void commit(String runId, Journal journal) throws IOException {
        Path staging = new Path(root, STAGING + "/" + runId);
        write(new Path(staging, JOURNAL), journal.toJson());
        apply(staging, journal);
    }

    /** The path of a committed file relative to this directory. @param uri as Spark's file metadata has it */
    public String relative(String uri) {
        String path = new Path(URI.create(uri)).toUri().getPath();
        return path.substring(root.toUri().getPath().length() + 1);
    }

    /**
     * Files that readers of the rows, the errors, the ledger or the lines see, relative to this directory. Files whose names begin with a low line or a point are
     * hidden from them.
     */
    public List<String> committedFiles() {
        List<String> files = new ArrayList<>();
        try {
            visible(root, files);
            for (Kind kind : List.of(Kind.ERRORS, Kind.LEDGER, Kind.LINES)) {
                Path table = new Path(path(kind));
                if (fs.exists(table)) {
                    visible(table, files);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot list " + root, e);
        }
        return files;
    }

    private void visible(Path directory, List<String> files) throws IOException {
        for (FileStatus status : fs.listStatus(directory)) {
            String name = status.getPath().getName();
            // as Spark's readers see it: directories of partitions may begin with a low line
            if (name.startsWith(".") || (name.startsWith("_") && !name.contains("="))) {
                continue;
            }
            if (status.isDirectory()) {
                visible(status.getPath(), files);
            } else {
                files.add(relative(status.getPath().toUri().toString()));
            }
        }
    }

    /** A directory for what is needed for a while; whoever asks deletes it. */
    public String temporaryPath(String name) {
        return root + "/" + META + "/" + name;
    }

    public void deleteTemporary(String path) throws IOException {
        fs.delete(new Path(path), true);
    }

    /** Deletes what runs left in staging. */
    void clearStaging() throws IOException {
        fs.delete(new Path(root, STAGING), true);
    }

    /** Whether a run is under way, or was killed before it had put everything away. */
    boolean hasTraces() throws IOException {
        return fs.exists(new Path(root, LOCK)) || !stagings().isEmpty();
    }

    /** Size of a file of the output or of its staging; unit: bytes */
    long length(String path) throws IOException {
        return fs.getFileStatus(new Path(path)).getLen();
    }

    /** Whether a commit was cut off; the next run finishes it. */
    public boolean hasUnfinishedCommit() {
        try {
            for (Path staging : stagings()) {
                if (fs.exists(new Path(staging, JOURNAL))) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot list " + root + "/" + STAGING, e);
        }
    }

    /** Finishes commits that were cut off. */
    void finishCommits() throws IOException {
        for (Path staging : stagings()) {
            Path journal = new Path(staging, JOURNAL);
            if (fs.exists(journal)) {
                apply(staging, Journal.fromJson(read(journal)));
            }
        }
    }

    private void apply(Path staging, Journal journal) throws IOException {
        Together.each(journal.moves(), move -> move(new Path(staging, move.from()), new Path(root, move.to())));
        write(new Path(root, MANIFEST), journal.manifest().toJson());
        Together.each(journal.deletes(), path -> fs.delete(new Path(root, path), false));
        fs.delete(staging, true);
    }

    /** Moves a file, unless that was done before; both are there when a copying store was cut off between copy and deletion. */
    private void move(Path from, Path to) throws IOException {
        boolean there = fs.exists(to);
        if (!fs.exists(from) && there) {
            return;
        }
        if (there && fs.getFileStatus(from).getLen() == fs.getFileStatus(to).getLen()) {
            fs.delete(from, false);
            return;
        }
        fs.mkdirs(to.getParent());
        if (!fs.rename(from, to)) {
            throw new IOException("Cannot move " + from + " to " + to + "; check write access and run again");
        }
    }

    private List<Path> stagings() throws IOException {
        Path all = new Path(root, STAGING);
        List<Path> directories = new ArrayList<>();
        if (fs.exists(all)) {
            for (FileStatus status : fs.listStatus(all)) {
                directories.add(status.getPath());
            }
        }
        return directories;
    }

    private byte[] read(Path file) throws IOException {
        try (InputStream in = fs.open(file)) {
            return in.readAllBytes();
        }
    }

    private void write(Path file, byte[] bytes) throws IOException {
        WholeFiles.replace(fs, conf, file, bytes);
    }
}
