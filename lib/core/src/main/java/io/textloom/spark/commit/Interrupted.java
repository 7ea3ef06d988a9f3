package io.textloom.spark.commit;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.textloom.spark.commit.TaskReport.Kind;
import io.textloom.spark.commit.TaskReport.StagedFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Finished tasks of runs that ended without a commit, which a later run builds upon. It writes them down before its first task, so that what another process of such a run may still
 * finish is not counted.
 *
 * @param run the last of these runs; empty for none
 * @param tasks with file names relative to the staging directory of any other run
 */
record Interrupted(String run, List<TaskReport> tasks) {
    static final Interrupted NONE = new Interrupted("", List.of());

    Interrupted {
        tasks = List.copyOf(tasks);
    }

    /** Tasks that may be committed before the whole input was seen, which alone says that an id is gone. */
    static List<TaskReport> withoutVanished(List<TaskReport> tasks) {
        return tasks.stream()
                .map(task -> task.withFiles(task.files().stream()
                        .filter(f -> f.kind() != Kind.VANISHED)
                        .toList()))
                .toList();
    }

    @JsonIgnore
    boolean isEmpty() {
        return tasks.isEmpty();
    }

    /** @param own finished tasks of the run itself, with plain file names */
    static Interrupted of(String run, List<TaskReport> own, Interrupted before) {
        List<TaskReport> tasks = new ArrayList<>(before.tasks());
        own.forEach(task -> tasks.add(beside(run, task)));
        return new Interrupted(run, tasks);
    }

    private static TaskReport beside(String run, TaskReport task) {
        List<StagedFile> files = task.files().stream()
                .map(f -> new StagedFile(f.kind(), "../" + run + "/" + f.name(), f.directory(), f.rows(), f.tokens()))
                .toList();
        return task.withFiles(files);
    }

    /** The tasks by the run that did them, as their files say. */
    SortedMap<String, List<TaskReport>> byRun() {
        TreeMap<String, List<TaskReport>> byRun = new TreeMap<>();
        for (TaskReport task : tasks) {
            String of =
                    task.files().isEmpty() ? run : task.files().get(0).name().split("/")[1];
            byRun.computeIfAbsent(of, r -> new ArrayList<>()).add(task);
        }
        return byRun;
    }

    byte[] toJson() throws JsonProcessingException {
        return new ObjectMapper().writeValueAsBytes(this);
    }

    static Interrupted fromJson(byte[] json) throws IOException {
        return new ObjectMapper().readValue(json, Interrupted.class);
    }
}
