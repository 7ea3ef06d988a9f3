/** Generation beside llama.cpp, Spark NLP and transformers. */
@NullMarked
package io.textloom.bench.generate;

import org.jspecify.annotations.NullMarked;
