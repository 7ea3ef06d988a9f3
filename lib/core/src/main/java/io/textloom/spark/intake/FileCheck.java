package io.textloom.spark.intake;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hive.ql.exec.vector.VectorizedRowBatch;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;
import org.apache.orc.OrcFile;
import org.apache.orc.Reader;
import org.apache.orc.RecordReader;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import scala.Tuple2;

/**
 * Looks at input files before any row of them is taken. A compressed file tells only at its end that its bytes are not those that were written, so that rows that were read
 * before may be wrong: where a damaged file is to be left out, it has to be read once before.
 */
final class FileCheck {
    /** Parquet's own, off by default there. */
    static final String VERIFY_PAGES = "parquet.page.verify-checksum.enabled";

    private static final int MAX_TASKS = 1000;

    private FileCheck() {}

    /** Path → what is wrong with the file, for those that cannot be read to their end. */
    static Map<String, String> damaged(SparkSession spark, SourceFiles files) {
        SerializableConfiguration conf =
                new SerializableConfiguration(spark.sparkContext().hadoopConfiguration());
        Map<String, String> damaged = new TreeMap<>();
        JavaSparkContext.fromSparkContext(spark.sparkContext())
                .parallelize(files.paths(), Math.min(files.paths().size(), MAX_TASKS))
                .flatMap(new Check(files.format(), conf))
                .collect()
                .forEach(found -> damaged.put(found._1(), found._2()));
        return damaged;
    }

    /** Travels to executors. */
    private record Check(InputFormat format, SerializableConfiguration conf)
            implements FlatMapFunction<String, Tuple2<String, String>>, Serializable {
        @Override
        public Iterator<Tuple2<String, String>> call(String path) {
            try {
                if (format == InputFormat.PARQUET) {
                    readParquet(new Path(path), conf.value());
                } else if (format == InputFormat.ORC) {
                    readOrc(new Path(path), conf.value());
                } else {
                    drain(new Path(path), conf.value());
                }
                return Collections.emptyIterator();
            } catch (IOException | RuntimeException e) {
                return List.of(new Tuple2<>(path, String.valueOf(e.getMessage())))
                        .iterator();
            }
        }
    }

    private static void drain(Path path, Configuration conf) throws IOException {
        CompressionCodec codec = new CompressionCodecFactory(conf).getCodec(path);
        try (FSDataInputStream file = path.getFileSystem(conf).open(path)) {
            if (codec == null) {
                return;
            }
            byte[] buffer = new byte[1 << 16];
            try (InputStream in = codec.createInputStream(file)) {
                while (in.read(buffer) >= 0) {
                    // its checksums are what matters
                }
            } catch (IOException | RuntimeException e) {
                throw new IOException("at byte " + file.getPos() + " of the file as stored: " + e.getMessage(), e);
            }
        }
    }

    private static void readParquet(Path path, Configuration given) throws IOException {
        Configuration conf = new Configuration(given);
        conf.setBoolean(VERIFY_PAGES, true);
        long expected;
        try (ParquetFileReader reader = ParquetFileReader.open(HadoopInputFile.fromPath(path, conf))) {
            checkFooter(reader.getFooter(), path);
            expected = reader.getRecordCount();
        }
        long found = 0;
        try (ParquetReader<Group> reader = ParquetReader.builder(new GroupReadSupport(), path)
                .withConf(conf)
                .build()) {
            while (reader.read() != null) {
                found++;
            }
        }
        requireRows(found, expected);
    }

    private static void readOrc(Path path, Configuration conf) throws IOException {
        try (Reader file = OrcFile.createReader(path, OrcFile.readerOptions(conf))) {
            long found = 0;
            try (RecordReader rows = file.rows()) {
                VectorizedRowBatch batch = file.getSchema().createRowBatch();
                while (rows.nextBatch(batch)) {
                    found += batch.size;
                }
            }
            requireRows(found, file.getNumberOfRows());
        }
    }

    private static void requireRows(long found, long expected) throws IOException {
        if (found != expected) {
            throw new IOException("it has " + found + " rows, its footer says " + expected);
        }
    }

    /**
     * A footer has no checksum, so what it says twice is compared: columns that do not repeat have as many values as there are rows.
     *
     * @throws IOException if the footer contradicts itself
     */
    static void checkFooter(ParquetMetadata footer, Path path) throws IOException {
        MessageType schema = footer.getFileMetaData().getSchema();
        List<String> flat = new ArrayList<>();
        for (ColumnDescriptor column : schema.getColumns()) {
            if (column.getMaxRepetitionLevel() == 0) {
                flat.add(String.join(".", column.getPath()));
            }
        }
        for (BlockMetaData block : footer.getBlocks()) {
            for (ColumnChunkMetaData chunk : block.getColumns()) {
                if (flat.contains(chunk.getPath().toDotString()) && chunk.getValueCount() != block.getRowCount()) {
                    throw new IOException("the footer of " + path + " gives " + block.getRowCount() + " rows but "
                            + chunk.getValueCount() + " values of " + chunk.getPath());
                }
            }
        }
    }
}
