-- Made by version 8 of the tables.
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE IF NOT EXISTS "im_schema_history" (
    "installed_rank" INT NOT NULL PRIMARY KEY,
    "version" VARCHAR(50),
    "description" VARCHAR(200) NOT NULL,
    "type" VARCHAR(20) NOT NULL,
    "script" VARCHAR(1000) NOT NULL,
    "checksum" INT,
    "installed_by" VARCHAR(100) NOT NULL,
    "installed_on" TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f','now')),
    "execution_time" INT NOT NULL,
    "success" BOOLEAN NOT NULL
);
INSERT INTO im_schema_history VALUES(1,'1','users log and inboxes','SQL','V1__users_log_and_inboxes.sql',1096603524,'','2026-12-01 11:44:50.707',3,1);
INSERT INTO im_schema_history VALUES(2,'2','groups','SQL','V2__groups.sql',1281972928,'','2026-12-01 11:44:50.848',111,1);
INSERT INTO im_schema_history VALUES(3,'3','feed','SQL','V3__feed.sql',-242943842,'','2026-12-01 11:44:50.927',7,1);
INSERT INTO im_schema_history VALUES(4,'4','pushes and hints','SQL','V4__pushes_and_hints.sql',857517358,'','2026-12-01 11:44:50.952',2,1);
INSERT INTO im_schema_history VALUES(5,'5','group cursors','SQL','V5__group_cursors.sql',36430020,'','2026-12-01 11:44:50.960',0,1);
INSERT INTO im_schema_history VALUES(6,'6','standing of users','SQL','V6__standing_of_users.sql',1668584143,'','2026-12-01 11:44:50.999',35,1);
INSERT INTO im_schema_history VALUES(7,'7','ordinals','SQL','V7__ordinals.sql',382165397,'','2026-12-01 11:44:51.030',13,1);
INSERT INTO im_schema_history VALUES(8,'8','data epoch','SQL','V8__data_epoch.sql',-1530836451,'','2026-12-01 11:44:51.041',0,1);
CREATE TABLE im_user (
    id          INTEGER PRIMARY KEY,
    uid         TEXT    NOT NULL UNIQUE,
    -- Inbox entries up to here are no longer kept. The inbox head is the highest entry, or this where none is left.
    trimmed_seq INTEGER NOT NULL DEFAULT 0
, hinted_seq INTEGER NOT NULL DEFAULT 0, state INTEGER NOT NULL DEFAULT 0, revoked_at INTEGER NOT NULL DEFAULT 0, revoked_devices TEXT, standing_at INTEGER);
INSERT INTO im_user VALUES(0,'$system',0,0,0,0,NULL,NULL);
INSERT INTO im_user VALUES(1,'u0',0,0,0,0,NULL,NULL);
INSERT INTO im_user VALUES(2,'u1',0,2,0,0,NULL,NULL);
INSERT INTO im_user VALUES(3,'u2',0,0,0,0,NULL,NULL);
INSERT INTO im_user VALUES(4,'u3',0,0,0,0,NULL,NULL);
INSERT INTO im_user VALUES(5,'u4',0,0,0,0,NULL,NULL);
INSERT INTO im_user VALUES(6,'u5',0,0,0,0,NULL,NULL);
INSERT INTO im_user VALUES(7,'u6',0,0,0,0,NULL,NULL);
INSERT INTO im_user VALUES(8,'u7',0,0,0,0,NULL,NULL);
INSERT INTO im_user VALUES(9,'u8',0,0,0,0,NULL,NULL);
INSERT INTO im_user VALUES(10,'u9',0,0,0,0,NULL,NULL);
INSERT INTO im_user VALUES(11,'u10',0,0,1,0,NULL,1800000000000);
INSERT INTO im_user VALUES(12,'u11',0,0,0,0,'android:phone 1799999999',1800000000000);
CREATE TABLE im_conversation (
    id           INTEGER PRIMARY KEY,
    kind         INTEGER NOT NULL,
    name         TEXT    NOT NULL,
    -- The two users of a direct conversation; equal for the one with oneself.
    low_user_id  INTEGER REFERENCES im_user (id),
    high_user_id INTEGER REFERENCES im_user (id),
    UNIQUE (kind, name)
);
INSERT INTO im_conversation VALUES(1,1,'u0|u1',1,2);
INSERT INTO im_conversation VALUES(2,2,'small',NULL,NULL);
INSERT INTO im_conversation VALUES(3,2,'big',NULL,NULL);
INSERT INTO im_conversation VALUES(4,2,'large',NULL,NULL);
INSERT INTO im_conversation VALUES(5,4,'orders|u2',3,3);
CREATE TABLE im_message (
    id                INTEGER PRIMARY KEY,
    conversation_id   INTEGER NOT NULL,
    seq               INTEGER NOT NULL,
    sender_id         INTEGER NOT NULL,
    sender_device     TEXT    NOT NULL,
    client_message_id TEXT    NOT NULL,
    sent_at           INTEGER NOT NULL,
    -- Where it stands in the sender's inbox: part of the answer that a repeat gets.
    sender_inbox_seq  INTEGER NOT NULL,
    content           BLOB    NOT NULL
, ordinal INTEGER NOT NULL DEFAULT 0);
INSERT INTO im_message VALUES(1,1,1,1,'android:phone','m0',1799999940001,1,X'746578742030',1);
INSERT INTO im_message VALUES(2,1,2,1,'android:phone','m1',1799999940002,2,X'746578742031',2);
INSERT INTO im_message VALUES(3,1,3,2,'android:phone','m2',1799999940003,3,X'746578742032',3);
INSERT INTO im_message VALUES(4,2,1,1,'android:phone','m3',1799999940004,4,X'1200',0);
INSERT INTO im_message VALUES(5,2,2,2,'android:phone','m4',1799999940005,5,X'746578742034',1);
INSERT INTO im_message VALUES(6,2,3,4,'android:phone','m5',1799999940006,1,X'1200',1);
INSERT INTO im_message VALUES(7,2,4,3,'android:phone','m6',1799999940007,4,X'746578742036',2);
INSERT INTO im_message VALUES(8,2,5,2,'android:phone','m7',1799999940008,8,X'1200',2);
INSERT INTO im_message VALUES(9,2,6,1,'android:phone','m8',1799999940009,9,X'1200',2);
INSERT INTO im_message VALUES(10,2,7,1,'android:phone','m9',1799999940010,10,X'746578742039',3);
INSERT INTO im_message VALUES(11,3,1,2,'android:phone','m10',1799999940011,0,X'1200',0);
INSERT INTO im_message VALUES(12,3,2,2,'android:phone','m11',1799999940012,0,X'74657874203131',1);
INSERT INTO im_message VALUES(13,3,3,3,'android:phone','m12',1799999940013,0,X'74657874203132',2);
INSERT INTO im_message VALUES(14,4,1,4,'android:phone','m13',1799999940014,0,X'1200',0);
INSERT INTO im_message VALUES(15,4,2,4,'android:phone','m14',1799999940015,0,X'74657874203134',1);
INSERT INTO im_message VALUES(16,4,3,0,'android:phone','m15',1799999940016,0,X'1200',1);
INSERT INTO im_message VALUES(17,4,4,5,'android:phone','m16',1799999940017,0,X'74657874203136',2);
INSERT INTO im_message VALUES(18,4,5,6,'android:phone','m17',1799999940018,0,X'74657874203137',3);
INSERT INTO im_message VALUES(19,5,1,0,'android:phone','m18',1799999940019,0,X'74657874203138',1);
INSERT INTO im_message VALUES(20,3,4,2,'android:phone','m19',1799999940020,0,X'74657874203139',3);
CREATE TABLE im_message_key (
    slot       INTEGER PRIMARY KEY,
    message_id INTEGER NOT NULL
);
CREATE TABLE im_message_key_state (
    secret   BLOB    NOT NULL,
    keyed_id INTEGER NOT NULL
);
INSERT INTO im_message_key_state VALUES(X'c6093835787baa0fd880bd0c2b505e2b',0);
CREATE TABLE im_inbox (
    user_id         INTEGER NOT NULL,
    seq             INTEGER NOT NULL,
    kind            INTEGER NOT NULL,
    conversation_id INTEGER NOT NULL,
    ref_seq         INTEGER NOT NULL,
    PRIMARY KEY (user_id, seq)
) WITHOUT ROWID;
INSERT INTO im_inbox VALUES(1,1,1,1,1);
INSERT INTO im_inbox VALUES(1,2,1,1,2);
INSERT INTO im_inbox VALUES(1,3,1,1,3);
INSERT INTO im_inbox VALUES(1,4,1,2,1);
INSERT INTO im_inbox VALUES(1,5,1,2,2);
INSERT INTO im_inbox VALUES(1,6,1,2,3);
INSERT INTO im_inbox VALUES(1,7,1,2,4);
INSERT INTO im_inbox VALUES(1,8,1,2,5);
INSERT INTO im_inbox VALUES(1,9,1,2,6);
INSERT INTO im_inbox VALUES(1,10,1,2,7);
INSERT INTO im_inbox VALUES(1,11,2,1,3);
INSERT INTO im_inbox VALUES(2,1,1,1,1);
INSERT INTO im_inbox VALUES(2,2,1,1,2);
INSERT INTO im_inbox VALUES(2,3,1,1,3);
INSERT INTO im_inbox VALUES(2,4,1,2,1);
INSERT INTO im_inbox VALUES(2,5,1,2,2);
INSERT INTO im_inbox VALUES(2,6,1,2,3);
INSERT INTO im_inbox VALUES(2,7,1,2,4);
INSERT INTO im_inbox VALUES(2,8,1,2,5);
INSERT INTO im_inbox VALUES(2,9,1,3,1);
INSERT INTO im_inbox VALUES(2,10,1,3,2);
INSERT INTO im_inbox VALUES(2,11,1,3,3);
INSERT INTO im_inbox VALUES(3,1,1,2,1);
INSERT INTO im_inbox VALUES(3,2,1,2,2);
INSERT INTO im_inbox VALUES(3,3,1,2,3);
INSERT INTO im_inbox VALUES(3,4,1,2,4);
INSERT INTO im_inbox VALUES(3,5,1,2,5);
INSERT INTO im_inbox VALUES(3,6,1,2,6);
INSERT INTO im_inbox VALUES(3,7,1,2,7);
INSERT INTO im_inbox VALUES(3,8,1,3,1);
INSERT INTO im_inbox VALUES(3,9,1,3,2);
INSERT INTO im_inbox VALUES(3,10,1,3,3);
INSERT INTO im_inbox VALUES(3,11,1,5,1);
INSERT INTO im_inbox VALUES(3,12,2,2,2);
INSERT INTO im_inbox VALUES(4,1,1,2,3);
INSERT INTO im_inbox VALUES(4,2,1,2,4);
INSERT INTO im_inbox VALUES(4,3,1,2,5);
INSERT INTO im_inbox VALUES(4,4,1,2,6);
INSERT INTO im_inbox VALUES(4,5,1,2,7);
INSERT INTO im_inbox VALUES(4,6,1,3,1);
INSERT INTO im_inbox VALUES(4,7,1,3,2);
INSERT INTO im_inbox VALUES(4,8,1,3,3);
INSERT INTO im_inbox VALUES(4,9,1,4,1);
INSERT INTO im_inbox VALUES(4,10,1,4,2);
INSERT INTO im_inbox VALUES(4,11,1,4,3);
INSERT INTO im_inbox VALUES(5,1,1,3,1);
INSERT INTO im_inbox VALUES(5,2,1,3,2);
INSERT INTO im_inbox VALUES(5,3,1,3,3);
INSERT INTO im_inbox VALUES(5,4,1,4,1);
INSERT INTO im_inbox VALUES(5,5,1,4,2);
INSERT INTO im_inbox VALUES(5,6,1,4,3);
INSERT INTO im_inbox VALUES(6,1,1,3,1);
INSERT INTO im_inbox VALUES(6,2,1,3,2);
INSERT INTO im_inbox VALUES(6,3,1,3,3);
INSERT INTO im_inbox VALUES(6,4,1,4,1);
INSERT INTO im_inbox VALUES(6,5,1,4,2);
INSERT INTO im_inbox VALUES(6,6,1,4,3);
INSERT INTO im_inbox VALUES(7,1,1,3,1);
INSERT INTO im_inbox VALUES(7,2,1,3,2);
INSERT INTO im_inbox VALUES(7,3,1,3,3);
INSERT INTO im_inbox VALUES(7,4,1,4,1);
INSERT INTO im_inbox VALUES(7,5,1,4,2);
INSERT INTO im_inbox VALUES(7,6,1,4,3);
INSERT INTO im_inbox VALUES(8,1,1,4,1);
INSERT INTO im_inbox VALUES(8,2,1,4,2);
INSERT INTO im_inbox VALUES(8,3,1,4,3);
INSERT INTO im_inbox VALUES(9,1,1,4,1);
INSERT INTO im_inbox VALUES(9,2,1,4,2);
INSERT INTO im_inbox VALUES(9,3,1,4,3);
INSERT INTO im_inbox VALUES(10,1,1,4,1);
INSERT INTO im_inbox VALUES(10,2,1,4,2);
INSERT INTO im_inbox VALUES(10,3,1,4,3);
INSERT INTO im_inbox VALUES(11,1,1,4,1);
INSERT INTO im_inbox VALUES(11,2,1,4,2);
INSERT INTO im_inbox VALUES(11,3,1,4,3);
INSERT INTO im_inbox VALUES(12,1,1,4,1);
INSERT INTO im_inbox VALUES(12,2,1,4,2);
INSERT INTO im_inbox VALUES(12,3,1,4,3);
CREATE TABLE im_mark (
    user_id         INTEGER NOT NULL,
    conversation_id INTEGER NOT NULL,
    delivered_seq   INTEGER NOT NULL DEFAULT 0,
    read_seq        INTEGER NOT NULL DEFAULT 0, read_ordinal INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (user_id, conversation_id)
) WITHOUT ROWID;
INSERT INTO im_mark VALUES(1,1,0,3,3);
INSERT INTO im_mark VALUES(1,2,0,0,0);
INSERT INTO im_mark VALUES(2,1,2,1,1);
INSERT INTO im_mark VALUES(2,2,0,0,0);
INSERT INTO im_mark VALUES(2,3,0,0,0);
INSERT INTO im_mark VALUES(3,2,0,2,1);
INSERT INTO im_mark VALUES(3,3,0,0,0);
INSERT INTO im_mark VALUES(3,5,0,0,0);
INSERT INTO im_mark VALUES(4,2,3,0,0);
INSERT INTO im_mark VALUES(4,3,0,0,0);
INSERT INTO im_mark VALUES(4,4,0,0,0);
INSERT INTO im_mark VALUES(5,3,0,0,0);
INSERT INTO im_mark VALUES(5,4,4,2,1);
INSERT INTO im_mark VALUES(6,3,0,0,0);
INSERT INTO im_mark VALUES(6,4,0,0,0);
INSERT INTO im_mark VALUES(7,3,0,0,0);
INSERT INTO im_mark VALUES(7,4,0,0,0);
INSERT INTO im_mark VALUES(8,4,0,0,0);
INSERT INTO im_mark VALUES(9,4,0,0,0);
INSERT INTO im_mark VALUES(10,4,0,0,0);
INSERT INTO im_mark VALUES(11,4,0,0,0);
INSERT INTO im_mark VALUES(12,4,0,0,0);
CREATE TABLE im_device (
    user_id          INTEGER NOT NULL,
    device           TEXT    NOT NULL,
    acknowledged_seq INTEGER NOT NULL,
    last_used_at     INTEGER NOT NULL,
    -- The session kept between connections: granted filters as a JSON array, null where none is kept.
    session_filters    TEXT,
    session_expires_at INTEGER,
    PRIMARY KEY (user_id, device)
) WITHOUT ROWID;
INSERT INTO im_device VALUES(1,'android:phone',2,1800000000000,NULL,NULL);
INSERT INTO im_device VALUES(1,'web:tab',0,1800000000000,NULL,NULL);
INSERT INTO im_device VALUES(2,'android:phone',0,1800000000000,'[{"filter":"u/u1/inbox","qos":1,"subscriptionId":7}]',1800001000000);
INSERT INTO im_device VALUES(5,'android:phone',0,1800000000000,NULL,NULL);
CREATE TABLE im_group (
    conversation_id INTEGER PRIMARY KEY,
    name            TEXT    NOT NULL,
    announcement    TEXT    NOT NULL,
    owner           TEXT    NOT NULL,
    open            INTEGER NOT NULL,
    all_muted       INTEGER NOT NULL,
    member_count    INTEGER NOT NULL,
    members_max     INTEGER NOT NULL,
    members_version INTEGER NOT NULL,
    large_seq       INTEGER NOT NULL,
    dissolved       INTEGER NOT NULL,
    created_at      INTEGER NOT NULL
);
INSERT INTO im_group VALUES(2,'Small 小','','u0',1,0,3,100,6,0,0,1799999940004);
INSERT INTO im_group VALUES(3,'Big','','u1',0,0,6,100,1,0,0,1799999940011);
INSERT INTO im_group VALUES(4,'Large','','u3',0,0,9,100,1,3,0,1799999940014);
CREATE TABLE im_group_member (
    conversation_id INTEGER NOT NULL,
    uid             TEXT    NOT NULL,
    joined_seq      INTEGER NOT NULL,
    left_seq        INTEGER,
    user_id         INTEGER NOT NULL,
    role            INTEGER NOT NULL,
    muted_until     INTEGER NOT NULL, joined_ordinal INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (conversation_id, uid, joined_seq)
) WITHOUT ROWID;
INSERT INTO im_group_member VALUES(2,'u0',1,NULL,1,3,0,0);
INSERT INTO im_group_member VALUES(2,'u1',1,5,2,1,0,0);
INSERT INTO im_group_member VALUES(2,'u2',1,NULL,3,1,1800000001000,0);
INSERT INTO im_group_member VALUES(2,'u3',3,NULL,4,1,0,1);
INSERT INTO im_group_member VALUES(3,'u1',1,NULL,2,3,0,0);
INSERT INTO im_group_member VALUES(3,'u2',1,NULL,3,1,0,0);
INSERT INTO im_group_member VALUES(3,'u3',1,NULL,4,1,0,0);
INSERT INTO im_group_member VALUES(3,'u4',1,NULL,5,1,0,0);
INSERT INTO im_group_member VALUES(3,'u5',1,NULL,6,1,0,0);
INSERT INTO im_group_member VALUES(3,'u6',1,NULL,7,1,0,0);
INSERT INTO im_group_member VALUES(4,'u10',1,NULL,11,1,0,0);
INSERT INTO im_group_member VALUES(4,'u11',1,NULL,12,1,0,0);
INSERT INTO im_group_member VALUES(4,'u3',1,NULL,4,3,0,0);
INSERT INTO im_group_member VALUES(4,'u4',1,NULL,5,1,0,0);
INSERT INTO im_group_member VALUES(4,'u5',1,NULL,6,1,0,0);
INSERT INTO im_group_member VALUES(4,'u6',1,NULL,7,1,0,0);
INSERT INTO im_group_member VALUES(4,'u7',1,NULL,8,1,0,0);
INSERT INTO im_group_member VALUES(4,'u8',1,NULL,9,1,0,0);
INSERT INTO im_group_member VALUES(4,'u9',1,NULL,10,1,0,0);
CREATE TABLE im_fanout (
    conversation_id INTEGER NOT NULL,
    seq             INTEGER NOT NULL,
    progress        TEXT    NOT NULL DEFAULT '',
    worker          TEXT,
    lease_until     INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (conversation_id, seq)
) WITHOUT ROWID;
INSERT INTO im_fanout VALUES(3,4,'',NULL,0);
CREATE TABLE im_event (
    id           INTEGER PRIMARY KEY,
    partition_no INTEGER NOT NULL,
    kind         INTEGER NOT NULL,
    at           INTEGER NOT NULL,
    -- The fields of the kind as a JSON object.
    payload      BLOB    NOT NULL
);
INSERT INTO im_event VALUES(1,0,1,1800000000000,X'7b22646576696365223a7b22756964223a227530222c22646576696365223a22616e64726f69643a70686f6e65227d2c22706c6174666f726d223a22616e64726f6964222c22636f6e6e656374696f6e223a7b2267617465223a226e6f6465222c226e756d626572223a317d2c2261744d696c6c6973223a313830303030303030303030307d');
INSERT INTO im_event VALUES(2,0,3,1800000000001,X'7b22646576696365223a7b22756964223a227530222c22646576696365223a22616e64726f69643a70686f6e65227d2c22636f6e6e656374696f6e223a7b2267617465223a226e6f6465222c226e756d626572223a317d2c226279446576696365223a227765623a746162227d');
CREATE TABLE im_feed_partition (
    partition_no INTEGER PRIMARY KEY,
    message_id   INTEGER NOT NULL DEFAULT 0,
    event_id     INTEGER NOT NULL DEFAULT 0,
    -- Null where nobody holds it.
    holder       TEXT,
    lease_until  INTEGER NOT NULL DEFAULT 0,
    fence        INTEGER NOT NULL DEFAULT 0
);
INSERT INTO im_feed_partition VALUES(0,0,0,'relay',1800000000001,1);
INSERT INTO im_feed_partition VALUES(1,0,0,'relay',1800000000001,1);
INSERT INTO im_feed_partition VALUES(2,0,0,'relay',1800000000001,1);
INSERT INTO im_feed_partition VALUES(3,0,0,'relay',1800000000001,1);
INSERT INTO im_feed_partition VALUES(4,0,0,'relay',1800000000001,1);
INSERT INTO im_feed_partition VALUES(5,0,0,'relay',1800000000001,1);
INSERT INTO im_feed_partition VALUES(6,0,0,'relay',1800000000001,1);
INSERT INTO im_feed_partition VALUES(7,0,0,'relay',1800000000001,1);
INSERT INTO im_feed_partition VALUES(8,0,0,'relay',1800000000001,1);
INSERT INTO im_feed_partition VALUES(9,0,0,'relay',1800000000001,1);
INSERT INTO im_feed_partition VALUES(10,0,0,'relay',1800000000001,1);
INSERT INTO im_feed_partition VALUES(11,0,0,'relay',1800000000001,1);
INSERT INTO im_feed_partition VALUES(12,0,0,'relay',1800000000001,1);
INSERT INTO im_feed_partition VALUES(13,0,0,'relay',1800000000001,1);
INSERT INTO im_feed_partition VALUES(14,0,0,'relay',1800000000001,1);
INSERT INTO im_feed_partition VALUES(15,0,0,'relay',1800000000001,1);
CREATE TABLE im_push (
    id            INTEGER PRIMARY KEY,
    push_id       TEXT    NOT NULL UNIQUE,
    digest        BLOB    NOT NULL,
    channel       TEXT    NOT NULL,
    online_only   INTEGER NOT NULL,
    -- Null for everybody, and once it is finished.
    recipients    TEXT,
    -- Null once it is finished.
    content       BLOB,
    -- The next of the recipients by index; of everybody the last im_user.id gone through.
    place         INTEGER NOT NULL DEFAULT 0,
    gone_through  INTEGER NOT NULL DEFAULT 0,
    stored        INTEGER NOT NULL DEFAULT 0,
    online        INTEGER NOT NULL DEFAULT 0,
    offline       INTEGER NOT NULL DEFAULT 0,
    unknown       INTEGER NOT NULL DEFAULT 0,
    offline_uids  TEXT    NOT NULL DEFAULT '',
    unknown_uids  TEXT    NOT NULL DEFAULT '',
    worker        TEXT,
    lease_until   INTEGER NOT NULL DEFAULT 0,
    submitted_at  INTEGER NOT NULL,
    finished_at   INTEGER
);
INSERT INTO im_push VALUES(1,'done',X'0102','orders',0,NULL,NULL,0,0,0,0,0,0,'','',NULL,1800000001000,1800000000000,1800000000001);
INSERT INTO im_push VALUES(2,'open',X'0103','orders',0,replace('u2\nu3','\n',char(10)),X'08',0,0,0,0,0,0,'','',NULL,0,1800000000000,NULL);
CREATE TABLE im_group_cursor (
    user_id          INTEGER NOT NULL,
    device           TEXT    NOT NULL,
    group_name       TEXT    NOT NULL,
    acknowledged_seq INTEGER NOT NULL,
    PRIMARY KEY (user_id, device, group_name)
) WITHOUT ROWID;
INSERT INTO im_group_cursor VALUES(5,'android:phone','large',4);
CREATE TABLE im_data_epoch (
    id       INTEGER PRIMARY KEY,
    epoch    TEXT    NOT NULL,
    began_at INTEGER NOT NULL
);
INSERT INTO im_data_epoch VALUES(1,'7649f732229a5514',0);
CREATE INDEX "im_schema_history_s_idx" ON "im_schema_history" ("success");
CREATE UNIQUE INDEX im_message_seq ON im_message (conversation_id, seq);
CREATE INDEX im_group_member_of_user ON im_group_member (user_id, conversation_id) WHERE left_seq IS NULL;
CREATE INDEX im_group_member_joined ON im_group_member (conversation_id, joined_seq);
CREATE INDEX im_group_member_left ON im_group_member (conversation_id, left_seq) WHERE left_seq IS NOT NULL;
CREATE INDEX im_push_open ON im_push (id) WHERE finished_at IS NULL;
CREATE INDEX im_push_finished ON im_push (finished_at) WHERE finished_at IS NOT NULL;
CREATE TRIGGER im_group_cursor_goes_with_device AFTER DELETE ON im_device
BEGIN
    DELETE FROM im_group_cursor WHERE user_id = OLD.user_id AND device = OLD.device;
END;
CREATE INDEX im_user_standing ON im_user (standing_at) WHERE standing_at IS NOT NULL;
COMMIT;
