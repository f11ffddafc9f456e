package io.hongyan.im.adapter.sql;

import io.hongyan.starters.MariaDb;
import io.hongyan.starters.SqlServer;

/** The contract kit on MariaDB. */
class MariaDbContractTest extends MysqlContracts {
    @Override
    SqlServer server() {
        return MariaDb.shared();
    }
}
