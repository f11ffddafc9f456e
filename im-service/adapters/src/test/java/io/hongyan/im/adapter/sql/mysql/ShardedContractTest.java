package io.hongyan.im.adapter.sql.mysql;

import io.hongyan.im.core.contract.Storage;
import io.hongyan.im.core.group.GroupLimits;
import io.hongyan.starters.MariaDb;
import io.hongyan.starters.SqlServer;
import org.junit.jupiter.api.Tag;

/** The contract kit on two databases. */
@Tag("servers")
class ShardedContractTest extends MysqlContracts {
    @Override
    SqlServer server() {
        return MariaDb.shared();
    }

    @Override
    Storage newStorage(GroupLimits limits) {
        return new ShardedFixture(ShardedFixture.settings(server(), "kit_shard_a", "kit_shard_b"), limits);
    }
}
