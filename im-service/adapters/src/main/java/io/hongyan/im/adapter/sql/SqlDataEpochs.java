package io.hongyan.im.adapter.sql;

import io.hongyan.im.core.data.DataEpoch;
import io.hongyan.im.core.data.DataEpochs;
import io.hongyan.im.core.message.StorageException;
import java.security.SecureRandom;
import java.util.Locale;

/** The epoch of the data: a row, whatever the engine. */
public final class SqlDataEpochs implements DataEpochs {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final ReadExecutor reads;
    private final WriteExecutor writes;
    private final boolean shared;

    /** @param shared whether other processes use the database */
    public SqlDataEpochs(ReadExecutor reads, WriteExecutor writes, boolean shared) {
        this.reads = reads;
        this.writes = writes;
        this.shared = shared;
    }

    @Override
    public DataEpoch current() {
        return found(reads.readOne(
                connection -> connection.mapper(DataEpochMapper.class).find()));
    }

    @Override
    public DataEpoch begin(DataEpoch over, long nowMillis) {
        // Random: a number that is counted in the database would be given twice, as those that it warns of.
        DataEpoch next = new DataEpoch(random(), Math.max(nowMillis, over.sinceMillis() + 1));
        return writes.write(transaction -> {
            DataEpochMapper epochs = transaction.mapper(DataEpochMapper.class);
            epochs.replace(over.id(), next);
            return found(epochs.find());
        });
    }

    @Override
    public long newest() {
        return reads.readOne(
                connection -> connection.mapper(DataEpochMapper.class).newest());
    }

    private static DataEpoch found(DataEpoch epoch) {
        if (epoch == null) {
            throw new StorageException("the table im_data_epoch is empty", null);
        }
        return epoch;
    }

    private static String random() {
        return String.format(Locale.ROOT, "%016x", RANDOM.nextLong());
    }

    @Override
    public boolean isShared() {
        return shared;
    }
}
