package io.textloom.spark.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.EtagSource;
import org.apache.hadoop.fs.FileStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InputFingerprintTest {
    @TempDir
    Path dir;

    private static final IntakeOptions OPTIONS = options("", 0);

    private static IntakeOptions options(String where, long limit) {
        return options(where, limit, LimitOptions.DEFAULT);
    }

    private static IntakeOptions options(String where, long limit, LimitOptions limits) {
        return new IntakeOptions(
                List.of("in"),
                InputFormat.AUTO,
                DocumentUnit.LINE,
                "text",
                "",
                DuplicateIds.ERROR,
                List.of(),
                where,
                limit,
                0,
                limits);
    }

    private InputFingerprint fingerprint(IntakeOptions options) {
        List<FileStatus> files = SourceFiles.list(List.of(dir.toString()), new Configuration());
        return InputFingerprint.of(files, InputFormat.TEXT, options, "UTC");
    }

    @Test
    void namesSizesTimesAndOptionsCountAndTheOrderOfListingDoesNot() throws IOException {
        Files.writeString(dir.resolve("a.txt"), "one");
        Files.writeString(dir.resolve("b.txt"), "two");
        InputFingerprint first = fingerprint(OPTIONS);
        assertThat(fingerprint(OPTIONS)).isEqualTo(first);
        List<FileStatus> files = SourceFiles.list(
                List.of(dir.resolve("b.txt").toString(), dir.resolve("a.txt").toString()), new Configuration());
        assertThat(InputFingerprint.of(files, InputFormat.TEXT, OPTIONS, "UTC")).isEqualTo(first);

        assertThat(fingerprint(options("x > 1", 0)).sha256()).isNotEqualTo(first.sha256());
        assertThat(fingerprint(options("", 7)).sha256()).isNotEqualTo(first.sha256());
        assertThat(fingerprint(options("", 0, new LimitOptions(BadFiles.FAIL, 9)))
                        .sha256())
                .isNotEqualTo(first.sha256());
        assertThat(InputFingerprint.of(files, InputFormat.TEXT, OPTIONS, "CET").sha256())
                .isNotEqualTo(first.sha256());
        Files.setLastModifiedTime(dir.resolve("b.txt"), FileTime.from(Instant.ofEpochSecond(1)));
        assertThat(fingerprint(OPTIONS).sha256()).isNotEqualTo(first.sha256());
        InputFingerprint second = fingerprint(OPTIONS);
        Files.move(dir.resolve("b.txt"), dir.resolve("c.txt"));
        assertThat(fingerprint(OPTIONS).sha256()).isNotEqualTo(second.sha256());
        Files.writeString(dir.resolve("d.txt"), "");
        assertThat(fingerprint(OPTIONS).sha256()).isNotEqualTo(second.sha256());
    }

    @Test
    void aTimeIsSettledOnceNoFileSystemCouldGiveItTwice() {
        InputFingerprint fingerprint = new InputFingerprint("", 10_000);
        assertThat(fingerprint.isSettled(Instant.ofEpochMilli(12_000))).isTrue();
        assertThat(fingerprint.isSettled(Instant.ofEpochMilli(11_999))).isFalse();
        assertThat(fingerprint.isSettled(Instant.ofEpochMilli(9_000)))
                .as("a time ahead")
                .isFalse();
    }

    @Test
    void aTimeThatWasSetBackDoesNotSettleAFile() throws IOException {
        Path file = Files.writeString(dir.resolve("a.txt"), "one");
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofDays(30))));
        assertThat(fingerprint(OPTIONS).changedAtMillis())
                .isGreaterThan(Instant.now().minus(Duration.ofDays(1)).toEpochMilli());
    }

    @Test
    void aTagOfTheStoreTellsFilesOfOneSizeAndTimeApart() {
        assertThat(InputFingerprint.of(List.of(new Tagged("v1")), InputFormat.TEXT, OPTIONS, "UTC"))
                .isNotEqualTo(InputFingerprint.of(List.of(new Tagged("v2")), InputFormat.TEXT, OPTIONS, "UTC"))
                .isEqualTo(InputFingerprint.of(List.of(new Tagged("v1")), InputFormat.TEXT, OPTIONS, "UTC"));
    }

    private static final class Tagged extends FileStatus implements EtagSource {
        private static final long serialVersionUID = 1;

        private final String tag;

        Tagged(String tag) {
            super(5, false, 1, 1, 1000, new org.apache.hadoop.fs.Path("s3a://bucket/a.txt"));
            this.tag = tag;
        }

        @Override
        public String getEtag() {
            return tag;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Tagged tagged && tagged.tag.equals(tag);
        }

        @Override
        public int hashCode() {
            return tag.hashCode();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "lang = 'en' AND (year > 2020 OR year IN (1, 2))", "a LIKE 'x%' AND NOT(b <=> 3)"})
    void conditionsOnColumnsAloneGiveTheSameRows(String where) {
        assertThat(InputFingerprint.isRepeatable(options(where, 0))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "day > current_date",
                "day > CURRENT_DATE()",
                "x < rand()",
                "my_udf (x)",
                "day = DATE 'today'",
                "id IN (SELECT id FROM other)",
                "owner = user",
                "x = ${y}"
            })
    void conditionsThatMayChangeTheirMindAreReadEveryTime(String where) {
        assertThat(InputFingerprint.isRepeatable(options(where, 0))).isFalse();
    }
}
