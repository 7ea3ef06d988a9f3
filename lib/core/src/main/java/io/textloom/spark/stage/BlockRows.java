package io.textloom.spark.stage;

import io.textloom.table.TokenTable;
import io.textloom.token.BlockPacker;
import io.textloom.token.Remainder;
import io.textloom.token.TokenizeOptions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Rows of so many tokens, documents laid end to end, each with the separator behind it. A block's id is that of its first document and where in that
 * document's tokens the block begins.
 */
final class BlockRows implements TokenizeWork.TokenRows {
    private final List<Packing> packings = new ArrayList<>();
    private final Remainder remainder;
    private final TokenTable table;
    private final ArrayDeque<Outcome> full = new ArrayDeque<>();
    private long tokens;
    private long paddedTokens;
    private long truncated;
    private long dropped;

    BlockRows(List<LeasedEncoder> encoders, TokenizeOptions options, TokenTable table) {
        this.table = table;
        remainder = options.remainder();
        for (LeasedEncoder encoder : encoders) {
            BlockPacker packer = new BlockPacker(options.maxTokens(), block -> full.add(row(encoder, block)));
            int separator = encoder.separator(options).orElse(-1);
            packings.add(new Packing(encoder, packer, separator, remainder == Remainder.PAD ? encoder.padding() : 0));
        }
    }

    /** @param separator the id behind each document; -1 for none */
    private record Packing(LeasedEncoder encoder, BlockPacker packer, int separator, int padding) {}

    @Override
    public void add(Document document, ArrayDeque<Outcome> out) {
        String id = document.id();
        for (Packing packing : packings) {
            LeasedEncoder encoder = packing.encoder();
            if (packing.separator() >= 0) {
                encoder.tokens.add(packing.separator());
            }
            encoder.lengths.add(encoder.tokens.size());
            packing.packer().add(id, encoder.tokens.ids(), encoder.tokens.size());
        }
        out.add(new Outcome.Taken(document));
        drain(out);
    }

    @Override
    public void end(ArrayDeque<Outcome> out) {
        Set<String> cut = new HashSet<>();
        for (Packing packing : packings) {
            for (BlockPacker.Piece piece : packing.packer().finish(remainder, packing.padding())) {
                dropped += piece.length();
                if (piece.length() > 0) {
                    cut.add(piece.document());
                }
            }
        }
        truncated += cut.size();
        drain(out);
    }

    private void drain(ArrayDeque<Outcome> out) {
        out.addAll(full);
        full.clear();
    }

    private Outcome row(LeasedEncoder encoder, BlockPacker.Block block) {
        tokens += block.tokens();
        paddedTokens += block.ids().length;
        BlockPacker.Piece first = block.pieces().get(0);
        UTF8String id = UTF8String.fromString(first.document() + "@" + first.offset());
        return new Outcome.Packed(
                table.block(
                        id,
                        encoder.nameUtf8,
                        UnsafeArrayData.fromPrimitiveArray(block.ids()),
                        block.tokens(),
                        pieces(block)),
                block.ids().length);
    }

    private static ArrayData pieces(BlockPacker.Block block) {
        Object[] rows = new Object[block.pieces().size()];
        for (int i = 0; i < rows.length; i++) {
            BlockPacker.Piece piece = block.pieces().get(i);
            rows[i] = new GenericInternalRow(
                    new Object[] {UTF8String.fromString(piece.document()), piece.start(), piece.length(), piece.offset()
                    });
        }
        return new GenericArrayData(rows);
    }

    @Override
    public long tokens() {
        return tokens;
    }

    @Override
    public long paddedTokens() {
        return paddedTokens;
    }

    @Override
    public long truncated() {
        return truncated;
    }

    @Override
    public long dropped() {
        return dropped;
    }
}
