-- Servers that use this database, by the clock of the database. The one without name is nobody: who looks at the others, or
-- adds one, holds its lock.
CREATE TABLE im_node (
    node        VARBINARY(64) NOT NULL PRIMARY KEY,
    -- Of one start: two processes with one name are told apart by it.
    start       VARBINARY(64) NOT NULL,
    -- Whether it meets other nodes in Redis.
    meets       TINYINT       NOT NULL,
    lease_until BIGINT        NOT NULL
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

INSERT INTO im_node (node, start, meets, lease_until) VALUES ('', '', 0, 0);

-- Work that one node does for all, by name.
CREATE TABLE im_lease (
    name        VARBINARY(64)  NOT NULL PRIMARY KEY,
    holder      VARBINARY(160) NOT NULL,
    lease_until BIGINT         NOT NULL
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
