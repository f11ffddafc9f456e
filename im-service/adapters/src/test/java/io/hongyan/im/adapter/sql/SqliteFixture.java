package io.hongyan.im.adapter.sql;

import io.hongyan.im.core.contract.Storage;
import io.hongyan.im.core.inbox.Devices;
import io.hongyan.im.core.inbox.Inbox;
import io.hongyan.im.core.inbox.InboxTrimmer;
import io.hongyan.im.core.send.MessageLog;
import io.hongyan.im.core.session.Users;
import io.hongyan.im.core.sync.ConversationList;
import io.hongyan.im.core.sync.History;
import io.hongyan.im.core.sync.Marks;
import java.nio.file.Path;

/** A SQLite storage for the contract kit. */
final class SqliteFixture implements Storage {
    private final SqliteSettings settings;
    private final int keysInMemoryMax;
    private SqliteStorage open;

    SqliteFixture(Path directory) {
        this(SqliteSettings.defaults(directory), 1_000);
    }

    SqliteFixture(SqliteSettings settings, int keysInMemoryMax) {
        this.settings = settings;
        this.keysInMemoryMax = keysInMemoryMax;
        this.open = SqliteStorage.open(settings, keysInMemoryMax, System::nanoTime);
    }

    @Override
    public MessageLog log() {
        return open.log();
    }

    @Override
    public Inbox inbox() {
        return open.inbox();
    }

    @Override
    public Devices devices() {
        return open.devices();
    }

    @Override
    public Users users() {
        return open.users();
    }

    @Override
    public History history() {
        return open.history();
    }

    @Override
    public Marks marks() {
        return open.marks();
    }

    @Override
    public ConversationList conversations() {
        return open.conversations();
    }

    @Override
    public InboxTrimmer trimmer() {
        return open.trimmer();
    }

    @Override
    public void reopen() {
        open.close();
        open = SqliteStorage.open(settings, keysInMemoryMax, System::nanoTime);
    }

    @Override
    public void close() {
        open.close();
    }
}
