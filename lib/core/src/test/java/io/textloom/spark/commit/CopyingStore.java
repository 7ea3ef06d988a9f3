package io.textloom.spark.commit;

import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.util.Progressable;

/** The local disk as an object store, {@code s3:///}: a file is there when its stream is closed, a rename copies and then deletes. */
public final class CopyingStore extends RawLocalFileSystem {
    /** What was done, such as {@code rename a.parquet}; of all instances. */
    static final List<String> DONE = new CopyOnWriteArrayList<>();

    /** Names whose bytes cannot be written. */
    static final List<String> BROKEN = new CopyOnWriteArrayList<>();

    static Configuration configuration() {
        Configuration conf = new Configuration();
        conf.set("fs.s3.impl", CopyingStore.class.getName());
        conf.setBoolean("fs.s3.impl.disable.cache", true);
        return conf;
    }

    @Override
    public URI getUri() {
        return URI.create("s3:///");
    }

    @Override
    public String getScheme() {
        return "s3";
    }

    @Override
    public FSDataOutputStream create(
            Path file, boolean overwrite, int buffer, short replication, long block, Progressable progress)
            throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        OutputStream upload = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                if (BROKEN.contains(file.getName())) {
                    throw new IOException("No space left on device");
                }
                bytes.write(b);
            }

            @Override
            public void close() throws IOException {
                DONE.add("put " + file.getName());
                try (OutputStream out =
                        CopyingStore.super.create(file, overwrite, buffer, replication, block, progress)) {
                    bytes.writeTo(out);
                }
            }
        };
        return new FSDataOutputStream(upload, new FileSystem.Statistics("s3"));
    }

    @Override
    public boolean rename(Path from, Path to) throws IOException {
        DONE.add("rename " + to.getName());
        if (!exists(from)) {
            throw new FileNotFoundException(from.toString());
        }
        try (OutputStream out = super.create(to, true, 4096, (short) 1, 1 << 20, null)) {
            out.write(open(from).readAllBytes());
        }
        return super.delete(from, false);
    }

    @Override
    public boolean delete(Path path, boolean recursive) throws IOException {
        DONE.add("delete " + path.getName());
        return super.delete(path, recursive);
    }
}
