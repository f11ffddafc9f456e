-- For data over several databases. Where there is one, these tables are empty and the column is 0.

-- One row: which of the databases this is, and of which installation.
CREATE TABLE im_shard (
    id           TINYINT       NOT NULL PRIMARY KEY,
    installation VARBINARY(64) NOT NULL,
    name         VARBINARY(64) NOT NULL,
    home         TINYINT       NOT NULL
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- The slots of this database. state 0: here; 1: here and frozen until then; 2: moved to another database; 3: coming from one.
-- mover: who moves it, or did last.
CREATE TABLE im_slot (
    slot         INT           NOT NULL PRIMARY KEY,
    state        TINYINT       NOT NULL,
    frozen_until DATETIME(3),
    mover        VARBINARY(64),
    moved_to     VARBINARY(64)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- The messages of all databases in the order of the feed. The partition is conversation_id & 15.
CREATE TABLE im_shard_feed (
    feed_seq        BIGINT NOT NULL PRIMARY KEY,
    conversation_id BIGINT NOT NULL,
    seq             BIGINT NOT NULL,
    UNIQUE KEY im_shard_feed_message (conversation_id, seq)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- Entries of the conversation up to this number stand in the user's inbox, as far as they are for this user.
ALTER TABLE im_mark ADD COLUMN inbox_seq BIGINT NOT NULL DEFAULT 0;
