package io.textloom.spark.commit;

import static org.assertj.core.api.Assertions.assertThat;

import io.textloom.spark.commit.TaskReport.Kind;
import io.textloom.spark.commit.TaskReport.StagedFile;
import io.textloom.spark.stage.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SmallFilesTest {
    private final SmallFiles files = new SmallFiles(1000, 2);

    @Test
    void aSmallOutputKeepsAFilePerCore() {
        assertThat(files.groups(files(10, 20))).isEmpty();
        assertThat(files.groups(files(10, 20, 30))).containsExactly(files(10, 20, 30));
    }

    @Test
    void withoutASizeAskedForEveryTaskKeepsItsFile() {
        assertThat(new SmallFiles(Stage.ANY_FILE_SIZE, 2).groups(files(10, 20, 30, 40)))
                .isEmpty();
    }

    @Test
    void onlySmallFilesOfALargeOutputAreWrittenAgain() {
        assertThat(files.groups(files(900, 1100, 240, 30, 800))).containsExactly(pick(3, 30, 2, 240));
        assertThat(files.groups(files(900, 1100, 250))).isEmpty();
    }

    @Test
    void theLastSmallFileGoesToTheSmallestOtherIfThatHasRoom() {
        assertThat(files.groups(files(900, 100, 300))).containsExactly(pick(1, 100, 2, 300));
        assertThat(files.groups(files(1090, 100))).isEmpty();
    }

    @Property
    void noGroupIsTooLargeAndAtMostOneSmallFileIsLeft(
            @ForAll @Size(min = 1, max = 60) List<@LongRange(min = 1, max = 1100) Long> sizes) {
        List<StagedFile> all = files(sizes.stream().mapToLong(Long::longValue).toArray());
        List<List<StagedFile>> groups = files.groups(all);
        List<StagedFile> grouped = groups.stream().flatMap(List::stream).toList();
        assertThat(grouped).doesNotHaveDuplicates();
        for (List<StagedFile> group : groups) {
            assertThat(group.stream().mapToLong(StagedFile::tokens).sum()).isLessThanOrEqualTo(1100);
        }
        if (sizes.stream().mapToLong(Long::longValue).sum() >= 1000) {
            List<Long> after = new ArrayList<>(groups.stream()
                    .map(g -> g.stream().mapToLong(StagedFile::tokens).sum())
                    .toList());
            all.stream().filter(f -> !grouped.contains(f)).forEach(f -> after.add(f.tokens()));
            assertThat(after.stream().filter(t -> t < 250).count()).isLessThanOrEqualTo(1);
        }
    }

    private static List<StagedFile> files(long... tokens) {
        return IntStream.range(0, tokens.length)
                .mapToObj(i -> file(i, tokens[i]))
                .toList();
    }

    private static List<StagedFile> pick(long... numbersAndTokens) {
        return LongStream.range(0, numbersAndTokens.length / 2)
                .mapToObj(i -> file(numbersAndTokens[2 * (int) i], numbersAndTokens[2 * (int) i + 1]))
                .toList();
    }

    private static StagedFile file(long number, long tokens) {
        return new StagedFile(Kind.ROWS, "f" + number, "", 1, tokens);
    }
}
