package io.hongyan.im.adapter.sql.mysql;

import io.hongyan.starters.MySql8;
import io.hongyan.starters.SqlServer;
import org.junit.jupiter.api.Tag;

/** The contract kit on two databases of Oracle MySQL 8. */
@Tag("servers")
class ShardedMySql8ContractTest extends ShardedContractTest {
    @Override
    SqlServer server() {
        return MySql8.shared();
    }
}
