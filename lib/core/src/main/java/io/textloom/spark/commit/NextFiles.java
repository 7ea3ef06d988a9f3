package io.textloom.spark.commit;

import io.textloom.spark.commit.TaskReport.Kind;
import io.textloom.spark.commit.TaskReport.StagedFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The files of an output as a commit will leave them: those that stay, those that go, and those that come from the run's staging. */
final class NextFiles {
    private final OutputDirectory output;
    private final String runId;
    private final Set<Manifest.File> staying;
    private final List<String> deletes = new ArrayList<>();
    private final List<Journal.Move> moves = new ArrayList<>();
    private final List<Manifest.File> added = new ArrayList<>();

    /** @param committed files, which all stay at first */
    NextFiles(OutputDirectory output, String runId, Collection<Manifest.File> committed) {
        this.output = output;
        this.runId = runId;
        staying = new LinkedHashSet<>(committed);
    }

    Set<Manifest.File> staying() {
        return staying;
    }

    /** Files that readers no longer see after the commit. */
    void leave(Collection<Manifest.File> files) {
        files.forEach(file -> deletes.add(file.path()));
        files.forEach(staying::remove);
    }

    boolean lose() {
        return !deletes.isEmpty();
    }

    void add(StagedFile file) throws IOException {
        String to = OutputDirectory.committedPath(runId, moves.size(), file);
        moves.add(new Journal.Move(file.name(), to));
        long bytes = output.length(output.stagedPath(runId, file.name()));
        added.add(new Manifest.File(file.kind(), to, file.rows(), file.tokens(), bytes));
    }

    List<Manifest.File> added() {
        return added;
    }

    /** Where a table's files lie now, before the commit. */
    List<String> paths(Kind kind) {
        List<String> paths = new ArrayList<>(output.paths(staying, kind));
        for (int i = 0; i < added.size(); i++) {
            if (added.get(i).kind() == kind) {
                paths.add(output.stagedPath(runId, moves.get(i).from()));
            }
        }
        return paths;
    }

    List<Manifest.File> all() {
        List<Manifest.File> all = new ArrayList<>(staying);
        all.addAll(added);
        return all;
    }

    Journal journal(Manifest manifest) {
        return new Journal(deletes, moves, manifest);
    }

    /** Files with rows, and one without for a table that would have none: its schema must be readable. */
    List<StagedFile> needed(List<StagedFile> staged) {
        List<StagedFile> needed =
                new ArrayList<>(staged.stream().filter(f -> f.rows() > 0).toList());
        for (Kind kind : Kind.values()) {
            if (needed.stream().noneMatch(f -> f.kind() == kind)
                    && staying.stream().noneMatch(f -> f.kind() == kind)) {
                staged.stream().filter(f -> f.kind() == kind).findFirst().ifPresent(needed::add);
            }
        }
        return needed;
    }
}
