package io.hongyan.im.adapter.sql.mysql;

import io.hongyan.starters.MySql8;
import io.hongyan.starters.SqlServer;
import org.junit.jupiter.api.Tag;

/** The contract kit on Oracle MySQL 8, whose default collation takes no notice of case. */
@Tag("servers")
class MySql8ContractTest extends MysqlContracts {
    @Override
    SqlServer server() {
        return MySql8.shared();
    }
}
