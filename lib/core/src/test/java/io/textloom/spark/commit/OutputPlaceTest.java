package io.textloom.spark.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutputPlaceTest {
    private static final Path OUTPUT = new Path("/out");

    @TempDir
    java.nio.file.Path dir;

    private static FileSystem refusing(String message) {
        return new RawLocalFileSystem() {
            @Override
            public boolean mkdirs(Path path) throws IOException {
                throw new IOException(message);
            }
        };
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "No space left on device",
                "Disk quota exceeded",
                "The NameSpace quota (directories and files) of directory /out is exceeded: quota=1 file count=2"
            })
    void aPlaceThatIsFullIsNoMistakeOfTheCommandLine(String message) {
        assertThatThrownBy(() -> OutputPlace.make(refusing(message), OUTPUT, OUTPUT))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContainingAll("/out", message, "make room there, or raise the quota");
    }

    @Test
    void aPlaceThatMayNotBeWrittenIs() {
        assertThatThrownBy(() -> OutputPlace.make(refusing("Permission denied: user=a"), OUTPUT, OUTPUT))
                .isInstanceOf(OutputException.class)
                .hasMessageContainingAll("/out", "Permission denied", "choose another --output");
    }

    @Test
    void whatIsInTheWayIsNamed() throws IOException {
        java.nio.file.Path file = Files.writeString(dir.resolve("file"), "");
        FileSystem silent = new RawLocalFileSystem() {
            @Override
            public boolean mkdirs(Path path) {
                return false;
            }
        };
        assertThatThrownBy(() -> OutputPlace.make(silent, new Path(file + "/out"), OUTPUT))
                .isInstanceOf(OutputException.class)
                .hasMessageContaining(file.toString());
    }

    @Test
    void directoriesAreMade() throws IOException {
        FileSystem fs = FileSystem.getLocal(new Configuration());
        OutputPlace.make(fs, new Path(dir + "/a/b"), OUTPUT);
        OutputPlace.make(fs, new Path(dir + "/a/b"), OUTPUT);
        assertThat(dir.resolve("a/b")).isDirectory();
    }
}
