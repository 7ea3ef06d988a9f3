package io.textloom.spark.quarantine;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** The crumbs of one run and what is known of its lost executors, in its staging directory: {@code crumbs/*.json} and {@code lost/*.json}. */
final class CrumbStore {
    private static final Pattern NAME = Pattern.compile("(-?\\d+)-(\\d+)-.*[.]json");

    private static final ObjectMapper JSON = new ObjectMapper();

    private final FileSystem fs;
    private final Path crumbs;
    private final Path lost;

    private CrumbStore(FileSystem fs, Path staging) {
        this.fs = fs;
        crumbs = new Path(staging, "crumbs");
        lost = new Path(staging, "lost");
    }

    /** @param staging of the run */
    static CrumbStore open(String staging, Configuration conf) throws IOException {
        Path path = new Path(staging);
        return new CrumbStore(path.getFileSystem(conf), path);
    }

    void write(Crumb crumb) throws IOException {
        write(new Path(crumbs, crumb.fileName()), crumb);
    }

    void write(Loss loss) throws IOException {
        write(new Path(lost, loss.fileName()), loss);
    }

    void delete(Crumb crumb) throws IOException {
        fs.delete(new Path(crumbs, crumb.fileName()), false);
    }

    /** Those of one partition, of attempts under way as of dead ones. */
    List<Crumb> crumbsOf(int partition) throws IOException {
        String prefix = partition + "-";
        return crumbs(name -> name.startsWith(prefix));
    }

    List<Crumb> crumbs() throws IOException {
        return crumbs(name -> true);
    }

    private List<Crumb> crumbs(Predicate<String> wanted) throws IOException {
        List<Crumb> found = new ArrayList<>();
        for (FileStatus file : list(crumbs)) {
            Matcher name = NAME.matcher(file.getPath().getName());
            if (name.matches() && wanted.test(name.group())) {
                try {
                    found.add(read(file.getPath(), Crumb.class));
                } catch (FileNotFoundException e) {
                    // its attempt has just ended
                } catch (JacksonException | ChecksumException e) {
                    // cut off while it was written: all that is known is what the name says
                    int partition = Integer.parseInt(name.group(1));
                    found.add(Crumb.free(partition, 0, Long.parseLong(name.group(2)), WorkerProcess.UNKNOWN));
                }
            }
        }
        return found;
    }

    List<Loss> losses() throws IOException {
        List<Loss> found = new ArrayList<>();
        for (FileStatus file : list(lost)) {
            try {
                found.add(read(file.getPath(), Loss.class));
            } catch (JacksonException | ChecksumException e) {
                // being written; who needs it asks again
            }
        }
        return found;
    }

    private FileStatus[] list(Path directory) throws IOException {
        try {
            return fs.listStatus(directory);
        } catch (FileNotFoundException e) {
            return new FileStatus[0];
        }
    }

    private <T> T read(Path file, Class<T> type) throws IOException {
        try (InputStream in = fs.open(file)) {
            return JSON.readValue(in.readAllBytes(), type);
        }
    }

    private void write(Path file, Object value) throws IOException {
        try (OutputStream out = fs.create(file, true)) {
            out.write(JSON.writeValueAsBytes(value));
        }
    }
}
