package io.textloom.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SummaryTest {
    @Test
    void aReportIsAlignedText() {
        assertThat(Summary.of(Reports.embed(false))).isEqualTo("""
                        embed
                          rows in     1,200
                          rows out    1,210 from 1,197 rows in
                          rejected    3 (EMPTY_TEXT 2, MALFORMED 1)
                          tokens      40,000, 5,000 per second
                          padding     80.0% of the computed tokens are real
                          arithmetic  200.0 GFLOP/s
                          truncated   4 rows, 17 tokens dropped
                          lengths     half up to 30 tokens, 90% 60, 99% 90, longest 300
                          files       2, tokens each: least 19,000, median 19,000, most 21,000
                          time        8.0 s, of it in the model 6.5 s
                          device      2 × Some CPU, 8 cores
                          cost        0.2500 EUR, 0.50 core hours
                          model       all-MiniLM-L6-v2 0123456789ab
                          output      out/embeddings
                        """);
    }
}
