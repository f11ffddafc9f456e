package io.hongyan.im.adapter.sql;

import io.hongyan.starters.MariaDb;
import io.hongyan.starters.SqlServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract kit on a MariaDB whose default collation takes no notice of case. */
class CaseInsensitiveMariaDbContractTest extends MysqlContracts {
    private static SqlServer server;

    @BeforeAll
    static void startServer() {
        server = MariaDb.started("--collation-server=utf8mb4_general_ci");
    }

    @AfterAll
    static void endServer() {
        server.close();
    }

    @Override
    SqlServer server() {
        return server;
    }
}
