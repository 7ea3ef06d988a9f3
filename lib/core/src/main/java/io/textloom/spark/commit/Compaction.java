package io.textloom.spark.commit;

import io.textloom.spark.commit.TaskReport.Kind;
import io.textloom.spark.commit.TaskReport.StagedFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Finds the small files that many runs left in one directory, so that a commit may put them together, with its own: a nightly run of a few rows leaves a file of each table every time. Only
 * small files are written again, and only when there are {@link #MANY}: a row is then written anew once in so many runs, until its file is no longer small.
 */
final class Compaction {
    /** Small committed files that a directory may have. */
    static final int MANY = 16;

    /** What a file of rows, errors or ledger entries is filled to: a block of HDFS. Unit: bytes */
    static final long FILE_BYTES = 128L << 20;

    /** Size of a staged file; unit: bytes. */
    interface StagedSizes {
        long bytes(StagedFile file) throws IOException;
    }

    /** Size of a committed file; unit: bytes. */
    interface CommittedSizes {
        long bytes(Manifest.File file) throws IOException;
    }

    /** Files of one table and directory that together make one. */
    record Group(Kind kind, String directory, List<Manifest.File> committed, List<StagedFile> staged) {}

    private record Candidate(Optional<Manifest.File> committed, Optional<StagedFile> staged, long size) {}

    private final long rowFileTokens;
    private final long fileBytes;
    private final CommittedSizes committedSizes;
    private final StagedSizes stagedSizes;

    /**
     * @param rowFileTokens size of a file of rows where the stage measures them in tokens; {@link Long#MAX_VALUE} where it does not
     * @param fileBytes size of a file otherwise; unit: bytes
     */
    Compaction(long rowFileTokens, long fileBytes, CommittedSizes committedSizes, StagedSizes stagedSizes) {
        this.rowFileTokens = rowFileTokens;
        this.fileBytes = fileBytes;
        this.committedSizes = committedSizes;
        this.stagedSizes = stagedSizes;
    }

    /** @param committed files that stay. @param staged files that this commit adds */
    List<Group> groups(Collection<Manifest.File> committed, List<StagedFile> staged) throws IOException {
        List<Group> groups = new ArrayList<>();
        for (Kind kind : List.of(Kind.ROWS, Kind.ERRORS, Kind.LEDGER)) {
            long target = inTokens(kind) ? rowFileTokens : fileBytes;
            for (Map.Entry<String, List<Candidate>> entry :
                    small(kind, committed, target).entrySet()) {
                if (entry.getValue().size() > MANY) {
                    addSmall(kind, entry.getKey(), staged, target, entry.getValue());
                    entry.getValue().sort(Comparator.comparingLong(Candidate::size));
                    SmallFiles.fill(entry.getValue(), Candidate::size, target)
                            .forEach(files -> groups.add(group(kind, entry.getKey(), files)));
                }
            }
        }
        return groups;
    }

    private Map<String, List<Candidate>> small(Kind kind, Collection<Manifest.File> committed, long target)
            throws IOException {
        Map<String, List<Candidate>> byDirectory = new TreeMap<>();
        for (Manifest.File file : committed) {
            if (file.kind() == kind) {
                long size = inTokens(kind) ? file.tokens() : committedSizes.bytes(file);
                if (SmallFiles.isSmall(size, target)) {
                    byDirectory
                            .computeIfAbsent(kind == Kind.ROWS ? file.directory() : "", d -> new ArrayList<>())
                            .add(new Candidate(Optional.of(file), Optional.empty(), size));
                }
            }
        }
        return byDirectory;
    }

    private void addSmall(Kind kind, String directory, List<StagedFile> staged, long target, List<Candidate> small)
            throws IOException {
        for (StagedFile file : staged) {
            if (file.kind() == kind && file.rows() > 0 && file.directory().equals(directory)) {
                long size = inTokens(kind) ? file.tokens() : stagedSizes.bytes(file);
                if (SmallFiles.isSmall(size, target)) {
                    small.add(new Candidate(Optional.empty(), Optional.of(file), size));
                }
            }
        }
    }

    private boolean inTokens(Kind kind) {
        return kind == Kind.ROWS && rowFileTokens < Long.MAX_VALUE;
    }

    private static Group group(Kind kind, String directory, List<Candidate> files) {
        return new Group(
                kind,
                directory,
                files.stream().flatMap(f -> f.committed().stream()).toList(),
                files.stream().flatMap(f -> f.staged().stream()).toList());
    }
}
