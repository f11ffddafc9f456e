package io.hongyan.im.adapter.sql;

import io.hongyan.metrics.Counter;

/** What the storage counts; the names are those of the metrics page, where nanoseconds are shown as seconds. */
public enum StorageCounter implements Counter {
    COMMITS("storage_commits_total", "Transactions that are durable; with SQLite each is one fsync"),
    COMMIT_FAILURES("storage_commit_failures_total", "Transactions that failed"),
    WRITES("storage_writes_total", "Writes in transactions"),
    WRITE_FAILURES("storage_write_failures_total", "Writes to the storage that failed"),
    WRITE_WAIT_NANOS("storage_write_wait_nanos_total", "Time that writes waited for their turn"),
    WRITES_REFUSED("storage_writes_refused_total", "Writes to the storage refused: too many wait"),
    TRANSACTION_RETRIES(
            "storage_transaction_retries_total", "Transactions tried again after an error that may be temporary"),
    DEADLOCKS("storage_deadlocks_total", "Transactions tried again after a deadlock"),
    LOCK_TIMEOUTS("storage_lock_timeouts_total", "Transactions tried again as another one held rows for too long"),
    DRAFTS("storage_drafts_total", "Messages passed to the storage"),
    MESSAGES("storage_messages_total", "Messages stored"),
    INBOX_ROWS("storage_inbox_rows_total", "Inbox rows stored with messages"),
    FAN_OUT_STEPS("storage_fan_out_steps_total", "Steps of the fan-out"),
    REPEATS("storage_repeats_total", "Messages that had been stored before"),
    READS("storage_reads_total", "Reads of the storage"),
    READ_WAIT_NANOS("storage_read_wait_nanos_total", "Time that reads waited for a connection"),
    READS_REFUSED("storage_reads_refused_total", "Reads refused: no connection in time"),
    CHECKPOINTS("storage_checkpoints_total", "SQLite: checkpoints (the write-ahead log is moved into the database)"),
    CHECKPOINT_NANOS("storage_checkpoint_nanos_total", "SQLite: time of checkpoints"),
    CHECKPOINT_FAILURES("storage_checkpoint_failures_total", "SQLite: checkpoints that failed"),
    WRITER_PAUSES("storage_writer_pauses_total", "SQLite: pauses of the writer for a checkpoint"),
    ARRIVALS_LEFT("storage_arrivals_left_total", "Several databases: batches whose rows were left to a worker");

    private final String metric;
    private final String help;

    StorageCounter(String metric, String help) {
        this.metric = metric;
        this.help = help;
    }

    @Override
    public String metric() {
        return metric;
    }

    @Override
    public String help() {
        return help;
    }
}
