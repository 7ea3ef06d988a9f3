package io.textloom.bench.chaos;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.util.EnumSet;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * The local disk as {@code fault:///}, whose n-th operation of one kind fails, and as many after it as asked for: {@code chaos.operation}, {@code chaos.at} (from 1),
 * {@code chaos.times}, {@code chaos.message}; counted anew
 * with another {@code chaos.count}.
 */
public final class FaultFileSystem extends RawLocalFileSystem {
    static final String SCHEME = "fault";

    /** What can fail. */
    enum Operation {
        CREATE,
        WRITE,
        CLOSE,
        RENAME,
        LIST,
        MKDIRS,
        DELETE,
        OPEN
    }

    /** Operations seen in this process by every count that was asked for, whoever calls. */
    private static final Map<String, AtomicInteger> SEEN = new ConcurrentHashMap<>();

    private String count = "";

    private String operation = "";
    private int at;
    private int times;
    private String message = "";

    @Override
    public void initialize(URI uri, Configuration conf) throws IOException {
        super.initialize(uri, conf);
        operation = conf.get("chaos.operation", "");
        count = conf.get("chaos.count", "");
        at = conf.getInt("chaos.at", 0);
        times = conf.getInt("chaos.times", 1);
        message = conf.get("chaos.message", "injected fault").replace('_', ' ');
    }

    @Override
    public URI getUri() {
        return URI.create(SCHEME + ":///");
    }

    @Override
    public String getScheme() {
        return SCHEME;
    }

    private void meet(Operation now, Object where) throws IOException {
        if (!operation.equals(now.name())) {
            return;
        }
        int n = SEEN.computeIfAbsent(count, c -> new AtomicInteger()).incrementAndGet();
        if (n >= at && n < (long) at + times) {
            throw new IOException(where + ": " + message);
        }
    }

    private FSDataOutputStream failing(FSDataOutputStream out, Path file) {
        return new FSDataOutputStream(
                new OutputStream() {
                    private boolean closed;

                    @Override
                    public void write(int b) throws IOException {
                        meet(Operation.WRITE, file);
                        out.write(b);
                    }

                    @Override
                    public void write(byte[] bytes, int from, int length) throws IOException {
                        meet(Operation.WRITE, file);
                        out.write(bytes, from, length);
                    }

                    @Override
                    public void flush() throws IOException {
                        out.flush();
                    }

                    @Override
                    public void close() throws IOException {
                        out.close();
                        if (!closed) {
                            closed = true;
                            meet(Operation.CLOSE, file);
                        }
                    }
                },
                null);
    }

    @Override
    public FSDataOutputStream create(
            Path file, boolean overwrite, int buffer, short replication, long block, Progressable progress)
            throws IOException {
        meet(Operation.CREATE, file);
        return failing(super.create(file, overwrite, buffer, replication, block, progress), file);
    }

    @Override
    public FSDataOutputStream create(
            Path file,
            FsPermission permission,
            boolean overwrite,
            int buffer,
            short replication,
            long block,
            Progressable progress)
            throws IOException {
        meet(Operation.CREATE, file);
        return failing(super.create(file, permission, overwrite, buffer, replication, block, progress), file);
    }

    @Override
    public FSDataOutputStream createNonRecursive(
            Path file,
            FsPermission permission,
            EnumSet<CreateFlag> flags,
            int buffer,
            short replication,
            long block,
            Progressable progress)
            throws IOException {
        meet(Operation.CREATE, file);
        return failing(super.createNonRecursive(file, permission, flags, buffer, replication, block, progress), file);
    }

    @Override
    public FSDataInputStream open(Path file, int buffer) throws IOException {
        meet(Operation.OPEN, file);
        return super.open(file, buffer);
    }

    @Override
    public boolean rename(Path from, Path to) throws IOException {
        meet(Operation.RENAME, from);
        return super.rename(from, to);
    }

    @Override
    public boolean delete(Path path, boolean recursive) throws IOException {
        meet(Operation.DELETE, path);
        return super.delete(path, recursive);
    }

    @Override
    public boolean mkdirs(Path path) throws IOException {
        meet(Operation.MKDIRS, path);
        return super.mkdirs(path);
    }

    @Override
    public FileStatus[] listStatus(Path path) throws FileNotFoundException, IOException {
        meet(Operation.LIST, path);
        return super.listStatus(path);
    }
}
