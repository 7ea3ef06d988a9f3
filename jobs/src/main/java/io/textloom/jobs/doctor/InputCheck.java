package io.textloom.jobs.doctor;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Whether each input's file system is known and its files are there and open. */
public final class InputCheck implements Check {
    private final List<String> inputs;
    private final Configuration conf;

    public InputCheck(List<String> inputs, Configuration conf) {
        this.inputs = List.copyOf(inputs);
        this.conf = conf;
    }

    @Override
    public String part() {
        return "input";
    }

    @Override
    public List<Finding> look() {
        List<Finding> findings = new ArrayList<>();
        for (String input : inputs) {
            if (input.startsWith("sql:")) {
                findings.add(Finding.ok(input, "a query; the job itself finds out whether it runs"));
                continue;
            }
            try {
                findings.add(look(input));
            } catch (IOException | RuntimeException e) {
                findings.add(Finding.failed(
                        input,
                        Checkup.firstLine(e),
                        "a file system that answers",
                        "check the scheme, that its jar is there (hadoop-aws for s3a), and the credentials"));
            }
        }
        return findings;
    }

    private Finding look(String input) throws IOException {
        Path path = new Path(input);
        FileSystem fs = path.getFileSystem(conf);
        FileStatus[] found = fs.globStatus(path);
        if (found == null || found.length == 0) {
            return Finding.failed(
                    input, "nothing there on " + fs.getUri(), "a file, a directory or a glob", "correct --input");
        }
        for (FileStatus status : found) {
            if (status.isFile()) {
                fs.open(status.getPath()).close();
                break;
            }
            fs.listStatus(status.getPath());
        }
        return Finding.ok(
                input, found.length + (found.length == 1 ? " entry" : " entries") + " on " + OutputCheck.name(fs));
    }
}
