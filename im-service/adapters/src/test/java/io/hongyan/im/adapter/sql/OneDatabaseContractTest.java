package io.hongyan.im.adapter.sql;

import io.hongyan.im.core.contract.Storage;
import io.hongyan.im.core.group.GroupLimits;
import io.hongyan.starters.MariaDb;
import io.hongyan.starters.SqlServer;
import org.junit.jupiter.api.Tag;

/** The contract kit on a list of one database. */
@Tag("servers")
class OneDatabaseContractTest extends MysqlContracts {
    @Override
    SqlServer server() {
        return MariaDb.shared();
    }

    @Override
    Storage newStorage(GroupLimits limits) {
        return new ShardedFixture(ShardedFixture.settings(server(), "kit_shard_alone"), limits);
    }
}
