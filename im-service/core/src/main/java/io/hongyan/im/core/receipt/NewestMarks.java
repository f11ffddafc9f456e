package io.hongyan.im.core.receipt;

import io.hongyan.im.core.receipt.Marks.Mark;

/** Knows of marks what is not stored yet. Any thread; does not block. */
@FunctionalInterface
public interface NewestMarks {
    /** The mark with what has moved since it was stored. */
    Mark current(Mark stored);
}
