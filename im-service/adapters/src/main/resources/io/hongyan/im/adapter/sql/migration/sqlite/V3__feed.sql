-- What happened and is no message, in the order of commits. The newest row is never deleted: the next id follows it.
CREATE TABLE im_event (
    id           INTEGER PRIMARY KEY,
    partition_no INTEGER NOT NULL,
    kind         INTEGER NOT NULL,
    at           INTEGER NOT NULL,
    -- The fields of the kind as a JSON object.
    payload      BLOB    NOT NULL
);

-- How far the feed was sent. The partition of a message is conversation_id & 15.
CREATE TABLE im_feed_partition (
    partition_no INTEGER PRIMARY KEY,
    message_id   INTEGER NOT NULL DEFAULT 0,
    event_id     INTEGER NOT NULL DEFAULT 0,
    -- Null where nobody holds it.
    holder       TEXT,
    lease_until  INTEGER NOT NULL DEFAULT 0,
    fence        INTEGER NOT NULL DEFAULT 0
);

INSERT INTO im_feed_partition (partition_no)
VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9), (10), (11), (12), (13), (14), (15);
