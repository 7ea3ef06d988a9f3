package io.textloom.spark.intake;

import com.github.luben.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionInputStream;
import org.apache.hadoop.io.compress.CompressionOutputStream;
import org.apache.hadoop.io.compress.Compressor;
import org.apache.hadoop.io.compress.Decompressor;
import org.jspecify.annotations.Nullable;

/** Reads {@code .zst} files with the zstd library that Spark brings; Hadoop's own codec needs a native libhadoop that most machines lack. */
public final class ZstdCodec implements CompressionCodec {
    @Override
    public CompressionInputStream createInputStream(InputStream in) throws IOException {
        ZstdInputStream zstd = new ZstdInputStream(in).setContinuous(false);
        return new CompressionInputStream(in) {
            @Override
            public int read() throws IOException {
                return zstd.read();
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                return zstd.read(bytes, offset, length);
            }

            @Override
            public void resetState() {
                throw new UnsupportedOperationException("A zstd stream is read once, from its start");
            }

            @Override
            public void close() throws IOException {
                zstd.close();
            }
        };
    }

    @Override
    public CompressionInputStream createInputStream(InputStream in, Decompressor decompressor) throws IOException {
        return createInputStream(in);
    }

    @Override
    public String getDefaultExtension() {
        return ".zst";
    }

    @Override
    public @Nullable Decompressor createDecompressor() {
        return null;
    }

    @Override
    public @Nullable Class<? extends Decompressor> getDecompressorType() {
        return null;
    }

    @Override
    public CompressionOutputStream createOutputStream(OutputStream out) {
        throw new UnsupportedOperationException("This codec only reads");
    }

    @Override
    public CompressionOutputStream createOutputStream(OutputStream out, Compressor compressor) {
        throw new UnsupportedOperationException("This codec only reads");
    }

    @Override
    public Class<? extends Compressor> getCompressorType() {
        throw new UnsupportedOperationException("This codec only reads");
    }

    @Override
    public Compressor createCompressor() {
        throw new UnsupportedOperationException("This codec only reads");
    }
}
