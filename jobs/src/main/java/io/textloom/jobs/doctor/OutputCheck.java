package io.textloom.jobs.doctor;

import io.textloom.spark.commit.OutputDirectory;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Whether the output can be made, written, renamed and deleted, by files of its own that it takes away again; and whether another run is there.
 *
 * <p>The probe lies in the output directory if that exists, else in the directory that it would be made in.
 */
public final class OutputCheck implements Check {
    /** A lock counts as held for two minutes after it was written, so clocks must agree better than that. */
    private static final Duration MOST_SKEW = Duration.ofSeconds(30);

    private static final List<String> OBJECT_STORES =
            List.of("s3a", "s3", "gs", "wasb", "wasbs", "abfs", "abfss", "oss", "cosn");

    private final String output;
    private final Configuration conf;
    private final Supplier<Instant> clock;

    public OutputCheck(String output, Configuration conf) {
        this(output, conf, Instant::now);
    }

    OutputCheck(String output, Configuration conf, Supplier<Instant> clock) {
        this.output = output;
        this.conf = conf;
        this.clock = clock;
    }

    @Override
    public String part() {
        return "output";
    }

    /** {@code file (LocalFileSystem)} */
    static String name(FileSystem fs) {
        return fs.getScheme() + " (" + fs.getClass().getSimpleName() + ")";
    }

    @Override
    public List<Finding> look() throws IOException {
        List<Finding> findings = new ArrayList<>();
        Path root = new Path(output);
        FileSystem fs = root.getFileSystem(conf);
        boolean store = OBJECT_STORES.contains(fs.getScheme());
        findings.add(Finding.ok("file system", name(fs)));
        if (store) {
            String committer = conf.get("fs.s3a.committer.name", "file");
            findings.add(Finding.ok(
                    "renames",
                    "an object store: a rename copies, and the journal makes up for it; fs.s3a.committer.name is "
                            + committer + ", which Textloom's own commit does not need"));
        } else {
            findings.add(Finding.ok("renames", "at once, as on every file system with directories"));
        }
        Path place = existing(fs, fs.makeQualified(root));
        Path probe = new Path(place, "_textloom-doctor-" + UUID.randomUUID());
        try {
            findings.addAll(probe(fs, probe));
        } catch (IOException | RuntimeException e) {
            findings.add(Finding.failed(
                    "writing",
                    Checkup.firstLine(e),
                    "to make, write, rename and delete files in " + place,
                    "allow it, or choose another --output"));
        } finally {
            fs.delete(probe, true);
        }
        findings.addAll(state(fs, root));
        return findings;
    }

    private static Path existing(FileSystem fs, Path path) throws IOException {
        Path there = path;
        while (!fs.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        return there;
    }

    private List<Finding> probe(FileSystem fs, Path probe) throws IOException {
        byte[] content = "probe".getBytes(StandardCharsets.UTF_8);
        Path first = new Path(probe, "first");
        Path second = new Path(probe, "second");
        if (!fs.mkdirs(probe)) {
            throw new IOException("no directory can be made at " + probe);
        }
        try (OutputStream out = fs.create(first, false)) {
            out.write(content);
        }
        Instant now = clock.get();
        FileStatus written = fs.getFileStatus(first);
        if (!fs.rename(first, second) || fs.exists(first)) {
            throw new IOException("a rename in " + probe + " does not take place");
        }
        byte[] back = new byte[content.length];
        try (FSDataInputStream in = fs.open(second)) {
            in.readFully(back);
        }
        if (!java.util.Arrays.equals(content, back)) {
            throw new IOException("what was written to " + second + " is not what is read from it");
        }
        boolean exclusive = isExclusive(fs, second);
        if (!fs.delete(second, false)) {
            throw new IOException("a file in " + probe + " cannot be deleted");
        }
        List<Finding> findings = new ArrayList<>();
        findings.add(Finding.ok("writing", "made, wrote, renamed, read and deleted a file"));
        findings.add(Finding.unless(
                exclusive,
                "exclusive creation",
                exclusive ? "a file that is there is not made anew" : "a file that is there is made anew",
                "the former: the lock that keeps a second run away rests on it",
                "see to it yourself that two runs never write to one output"));
        Duration skew = Duration.between(Instant.ofEpochMilli(written.getModificationTime()), now)
                .abs();
        findings.add(Finding.unless(
                skew.compareTo(MOST_SKEW) <= 0,
                "clocks",
                skew.toSeconds() + " s between this machine and the file system",
                "at most " + MOST_SKEW.toSeconds() + " s: a lock goes stale by the clock",
                "set the clocks by NTP"));
        return findings;
    }

    private static boolean isExclusive(FileSystem fs, Path there) {
        try (OutputStream out = fs.create(there, false)) {
            out.write(0);
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    private List<Finding> state(FileSystem fs, Path root) throws IOException {
        List<Finding> findings = new ArrayList<>();
        OutputDirectory directory = OutputDirectory.open(output, conf);
        Path lock = new Path(root, "_textloom/lock");
        if (fs.exists(lock)) {
            Duration age =
                    Duration.between(Instant.ofEpochMilli(fs.getFileStatus(lock).getModificationTime()), clock.get());
            findings.add(Finding.warning(
                    "lock",
                    "written " + age.toSeconds() + " s ago",
                    "none, unless a run is at work",
                    "wait for that run; if it is dead, the next one takes the lock after two minutes"));
        } else {
            findings.add(Finding.ok("lock", "free"));
        }
        if (directory.hasUnfinishedCommit()) {
            findings.add(Finding.warning(
                    "commit", "one was cut off", "none", "run the same job again: it is finished first"));
        }
        findings.add(directory
                .manifest()
                .map(manifest -> Finding.ok(
                        "content",
                        "output of " + manifest.job() + ", " + manifest.counts().rowsOut() + " rows"))
                .orElseGet(() -> directory.hasVisibleFiles() && !directory.hasUnfinishedCommit()
                        ? Finding.failed(
                                "content",
                                "files without a Textloom manifest",
                                "an empty place, or an output of Textloom",
                                "choose another --output, or empty that directory")
                        : Finding.ok("content", "empty")));
        return findings;
    }
}
