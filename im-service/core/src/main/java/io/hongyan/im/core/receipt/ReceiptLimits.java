package io.hongyan.im.core.receipt;

import io.hongyan.settings.Defaults;
import io.hongyan.settings.Fixed;
import io.hongyan.settings.Setting;

/**
 * Bounds of marks, and of what is told about them.
 *
 * @param readersMax readers of an own message that are named; of more only the number is told
 * @param recipientsMax in groups with more members nobody is told how far a message has come: all of them would be read
 */
public record ReceiptLimits(
        @Setting(
                value = "Delivered and read marks that wait in memory to be written.",
                defaultValue = "200_000",
                min = 1)
        int marksMax,

        @Fixed("200") int readersMax,

        @Fixed("5_000") int recipientsMax) {
    public static final ReceiptLimits DEFAULT = Defaults.of(ReceiptLimits.class);

    public ReceiptLimits(int marksMax) {
        this(marksMax, DEFAULT.readersMax, DEFAULT.recipientsMax);
    }
}
