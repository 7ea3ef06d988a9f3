/** What training jobs do on Spark: counting the words of a corpus, and the files that come of it. */
@NullMarked
package io.textloom.spark.train;

import org.jspecify.annotations.NullMarked;
