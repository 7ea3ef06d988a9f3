package io.textloom.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class BlockPackerTest {
    private final List<BlockPacker.Block> blocks = new ArrayList<>();

    @Test
    void documentsLieEndToEnd() {
        BlockPacker packer = new BlockPacker(2, blocks::add);
        packer.add("a", new int[] {1, 2, 3, 99}, 3);
        packer.add("b", new int[] {4, 5}, 2);
        assertThat(packer.finish(Remainder.KEEP, 0)).isEmpty();
        assertThat(blocks).extracting(b -> Arrays.toString(b.ids())).containsExactly("[1, 2]", "[3, 4]", "[5]");
        assertThat(blocks.get(1).pieces())
                .containsExactly(new BlockPacker.Piece("a", 0, 1, 2), new BlockPacker.Piece("b", 1, 1, 0));
    }

    @Test
    void aLastBlockIsPaddedOrDroppedOnlyIfItIsNotFull() {
        BlockPacker padded = new BlockPacker(4, blocks::add);
        padded.add("a", new int[] {1}, 1);
        padded.finish(Remainder.PAD, 7);
        assertThat(blocks.get(0).ids()).containsExactly(1, 7, 7, 7);
        assertThat(blocks.get(0).tokens()).isEqualTo(1);

        BlockPacker full = new BlockPacker(1, blocks::add);
        full.add("a", new int[] {1}, 1);
        full.add("nothing", new int[0], 0);
        assertThat(full.finish(Remainder.DROP, 0)).isEmpty();
        assertThat(blocks).hasSize(2);
        assertThat(blocks.get(1).pieces()).hasSize(2);

        BlockPacker dropped = new BlockPacker(4, blocks::add);
        dropped.add("a", new int[] {1}, 1);
        assertThat(dropped.finish(Remainder.DROP, 0)).containsExactly(new BlockPacker.Piece("a", 0, 1, 0));
        assertThat(blocks).hasSize(2);
    }

    @Property
    void noTokenIsLostAndNoneIsThereTwice(
            @ForAll @Size(max = 30) List<@IntRange(max = 50) Integer> lengths,
            @ForAll @IntRange(min = 1, max = 20) int size) {
        blocks.clear();
        BlockPacker packer = new BlockPacker(size, blocks::add);
        int total = 0;
        for (int i = 0; i < lengths.size(); i++) {
            packer.add(
                    String.valueOf(i),
                    IntStream.range(total, total + lengths.get(i)).toArray(),
                    lengths.get(i));
            total += lengths.get(i);
        }
        packer.finish(Remainder.KEEP, 0);
        int[] all = blocks.stream().flatMapToInt(b -> Arrays.stream(b.ids())).toArray();
        assertThat(all).isEqualTo(IntStream.range(0, total).toArray());
        int[] offsets = new int[lengths.size()];
        for (int i = 0; i < blocks.size(); i++) {
            int start = 0;
            for (BlockPacker.Piece piece : blocks.get(i).pieces()) {
                assertThat(piece.start()).isEqualTo(start);
                int document = Integer.parseInt(piece.document());
                assertThat(piece.offset()).isEqualTo(offsets[document]);
                offsets[document] += piece.length();
                start += piece.length();
            }
            assertThat(start).isEqualTo(blocks.get(i).tokens());
            assertThat(i < blocks.size() - 1 ? size : start).isEqualTo(start);
        }
        assertThat(offsets).isEqualTo(lengths.stream().mapToInt(i -> i).toArray());
    }
}
