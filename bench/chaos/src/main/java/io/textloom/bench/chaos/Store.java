package io.textloom.bench.chaos;

import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Where input and output lie. */
interface Store extends AutoCloseable {
    String label();

    /** A directory of this session, without a slash at its end. */
    String root();

    /** Hadoop settings as {@code key=value}. */
    List<String> settings();

    /** Jars that a job needs for this file system. */
    List<String> jars();

    /** Takes a part of the store away while it works. @return false if it has no parts */
    boolean killPart() throws IOException;

    /** How long to wait before it is asked once more. */
    long pollMillis();

    @Override
    void close();

    default Configuration configuration() {
        Configuration conf = new Configuration();
        for (String setting : settings()) {
            int equals = setting.indexOf('=');
            conf.set(setting.substring(0, equals), setting.substring(equals + 1));
        }
        return conf;
    }

    default FileSystem fileSystem() throws IOException {
        return new Path(root()).getFileSystem(configuration());
    }

    /** Copies a local file or directory into the store. @return its path there */
    default String put(java.nio.file.Path local) throws IOException {
        Path to = new Path(root() + "/input/" + local.getFileName());
        FileSystem fs = fileSystem();
        if (!fs.exists(to)) {
            fs.copyFromLocalFile(new Path(local.toUri()), to);
        }
        return to.toString();
    }
}
