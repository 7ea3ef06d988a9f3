package io.textloom.train.word2vec;

import io.textloom.spark.train.TrainWord2VecOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.deeplearning4j.models.embeddings.inmemory.InMemoryLookupTable;
import org.deeplearning4j.models.embeddings.learning.impl.elements.BatchSequences;
import org.deeplearning4j.models.embeddings.learning.impl.elements.SkipGram;
import org.deeplearning4j.models.embeddings.loader.VectorsConfiguration;
import org.deeplearning4j.models.sequencevectors.sequence.Sequence;
import org.deeplearning4j.models.word2vec.VocabWord;
import org.deeplearning4j.models.word2vec.wordstore.inmemory.AbstractCache;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Deeplearning4j's skip-gram, many pairs in one native call. It measures no loss. */
final class Dl4jLearner implements Learner {
    /** That go to the native library in one call. */
    private static final int BATCH_PAIRS = 4096;

    private final VectorTable table;
    private final List<VocabWord> words;
    private final InMemoryLookupTable<VocabWord> lookup;
    private final SkipGram<VocabWord> algorithm;

    private Dl4jLearner(
            VectorTable table,
            List<VocabWord> words,
            InMemoryLookupTable<VocabWord> lookup,
            SkipGram<VocabWord> algorithm) {
        this.table = table;
        this.words = words;
        this.lookup = lookup;
        this.algorithm = algorithm;
    }

    static Dl4jLearner open(VectorTable table, Prepared prepared, TrainWord2VecOptions options) {
        List<VocabWord> words = new ArrayList<>(prepared.words());
        AbstractCache<VocabWord> cache = new AbstractCache.Builder<VocabWord>().build();
        for (int id = 0; id < prepared.words(); id++) {
            VocabWord word = new VocabWord(prepared.counts[id], prepared.texts[id]);
            word.setIndex(id);
            cache.addToken(word);
            cache.addWordToIndex(id, prepared.texts[id]);
            words.add(word);
        }
        cache.setTotalDocCount(1);
        InMemoryLookupTable<VocabWord> lookup = new InMemoryLookupTable.Builder<VocabWord>()
                .cache(cache)
                .vectorLength(options.dimensions())
                .negative(options.negative())
                .useHierarchicSoftmax(false)
                .useAdaGrad(false)
                .lr(options.learningRate())
                .seed(options.seed())
                .build();
        lookup.resetWeights(true);
        copy(table.input, lookup.getSyn0());
        copy(table.output, lookup.getSyn1Neg());
        VectorsConfiguration configuration = new VectorsConfiguration();
        configuration.setWindow(options.window());
        configuration.setNegative(options.negative());
        configuration.setUseHierarchicSoftmax(false);
        configuration.setSampling(options.sample());
        configuration.setLayersSize(options.dimensions());
        configuration.setSeed(options.seed());
        configuration.setLearningRate(options.learningRate());
        configuration.setBatchSize(BATCH_PAIRS);
        configuration.setPreciseMode(options.threads() == 1);
        SkipGram<VocabWord> algorithm = new SkipGram<>();
        algorithm.configure(cache, lookup, configuration);
        return new Dl4jLearner(table, words, lookup, algorithm);
    }

    private static void copy(float[] from, INDArray to) {
        to.assign(Nd4j.createFromArray(from).reshape(to.shape()));
    }

    @Override
    public BlockLoss learn(SentenceBlock block, float rate, long seed) {
        AtomicLong random = new AtomicLong(seed & Long.MAX_VALUE);
        int[] ids = block.ids();
        BatchSequences<VocabWord> batch = new BatchSequences<>(BATCH_PAIRS);
        for (int s = 0; s < block.size(); s++) {
            Sequence<VocabWord> sentence = new Sequence<>();
            for (int i = block.start(s); i < block.end(s); i++) {
                sentence.addElement(words.get(ids[i]));
            }
            algorithm.learnSequence(sentence, random, rate, batch);
        }
        for (int from = 0; from < batch.size(); from += BATCH_PAIRS) {
            algorithm.iterateSample(batch.get(from / BATCH_PAIRS));
        }
        return BlockLoss.NONE;
    }

    @Override
    public void flush() {
        read(lookup.getSyn0(), table.input);
        read(lookup.getSyn1Neg(), table.output);
    }

    private static void read(INDArray from, float[] to) {
        System.arraycopy(from.dup('c').data().asFloat(), 0, to, 0, to.length);
    }

    @Override
    public void close() {}
}
