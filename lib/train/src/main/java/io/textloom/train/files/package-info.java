/** What trainings keep on the way. */
@NullMarked
package io.textloom.train.files;

import org.jspecify.annotations.NullMarked;
