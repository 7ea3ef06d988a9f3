package io.textloom.spark.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputLockTest {
    @TempDir
    java.nio.file.Path dir;

    private final FullDisk fs = new FullDisk();
    private Path file;

    @BeforeEach
    void open() throws IOException {
        fs.initialize(URI.create("file:///"), new Configuration());
        file = new Path(dir.toString(), "_textloom/lock");
    }

    @Test
    void onlyOneHoldsIt() throws IOException {
        try (OutputLock lock = OutputLock.acquire(fs, file)) {
            assertThatThrownBy(() -> OutputLock.acquire(fs, file))
                    .isInstanceOf(OutputException.class)
                    .hasMessageContaining("Another run is working on");
        }
        assertThat(dir.resolve("_textloom/lock")).doesNotExist();
        OutputLock.acquire(fs, file).close();
    }

    @Test
    void oneThatCouldNotBeWrittenKeepsNobodyOut() throws IOException {
        fs.full = true;
        assertThatThrownBy(() -> OutputLock.acquire(fs, file)).hasMessageContaining("No space left");
        assertThat(dir.resolve("_textloom/lock")).doesNotExist();
        fs.full = false;
        OutputLock.acquire(fs, file).close();
    }

    @Test
    void oneOfAProcessThatIsGoneIsTaken() throws Exception {
        Process gone = new ProcessBuilder("true").start();
        gone.waitFor();
        Files.createDirectories(dir.resolve("_textloom"));
        Files.writeString(
                dir.resolve("_textloom/lock"),
                "{\"host\":\"" + OutputLock.Holder.thisProcess().host() + "\",\"pid\":" + gone.pid()
                        + ",\"startedAtMillis\":1}");
        OutputLock.acquire(fs, file).close();
    }

    /** Makes files, but cannot fill them. */
    private static final class FullDisk extends LocalFileSystem {
        private boolean full;

        @Override
        public FSDataOutputStream create(
                Path path,
                FsPermission permission,
                boolean overwrite,
                int bufferSize,
                short replication,
                long blockSize,
                Progressable progress)
                throws IOException {
            FSDataOutputStream out =
                    super.create(path, permission, overwrite, bufferSize, replication, blockSize, progress);
            return full ? new FSDataOutputStream(new Failing(out), null) : out;
        }
    }

    private static final class Failing extends OutputStream {
        private final OutputStream out;

        Failing(OutputStream out) {
            this.out = out;
        }

        @Override
        public void write(int b) throws IOException {
            throw new IOException("No space left on device");
        }

        @Override
        public void close() throws IOException {
            out.close();
        }
    }
}
