-- Made by version 4 of the tables.
SET foreign_key_checks = 0;
SET SESSION sql_mode = 'NO_AUTO_VALUE_ON_ZERO';
CREATE TABLE `im_conversation` (
  `id` bigint(20) NOT NULL AUTO_INCREMENT,
  `kind` tinyint(4) NOT NULL,
  `name` varbinary(160) NOT NULL,
  `low_user_id` bigint(20) DEFAULT NULL,
  `high_user_id` bigint(20) DEFAULT NULL,
  `head` bigint(20) NOT NULL DEFAULT 0,
  PRIMARY KEY (`id`),
  UNIQUE KEY `im_conversation_name` (`kind`,`name`)
) ENGINE=InnoDB AUTO_INCREMENT=6 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
INSERT INTO im_conversation VALUES (1, 2, 'small', NULL, NULL, 3);
INSERT INTO im_conversation VALUES (2, 2, 'big', NULL, NULL, 3);
INSERT INTO im_conversation VALUES (3, 2, 'large', NULL, NULL, 3);
INSERT INTO im_conversation VALUES (4, 1, 'u0|u1', 2, 3, 2);
INSERT INTO im_conversation VALUES (5, 4, 'orders|u2', 4, 4, 2);
CREATE TABLE `im_device` (
  `user_id` bigint(20) NOT NULL,
  `device` varbinary(160) NOT NULL,
  `acknowledged_seq` bigint(20) NOT NULL,
  `last_used_at` bigint(20) NOT NULL,
  `session_filters` mediumtext DEFAULT NULL,
  `session_expires_at` bigint(20) DEFAULT NULL,
  PRIMARY KEY (`user_id`,`device`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
INSERT INTO im_device VALUES (6, 'android:phone', 0, 1800000000000, NULL, NULL);
CREATE TABLE `im_event` (
  `id` bigint(20) NOT NULL AUTO_INCREMENT,
  `feed_seq` bigint(20) DEFAULT NULL,
  `partition_no` int(11) NOT NULL,
  `kind` int(11) NOT NULL,
  `at` bigint(20) NOT NULL,
  `payload` longblob NOT NULL,
  PRIMARY KEY (`id`),
  KEY `im_event_seq` (`feed_seq`)
) ENGINE=InnoDB AUTO_INCREMENT=2 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
INSERT INTO im_event VALUES (1, NULL, 1, 5, 1800000000000, 0x7b22756964223a227531222c22646576696365223a22616e64726f69643a70686f6e65222c2264657374696e6174696f6e223a227365656e222c227061796c6f6164223a2241513d3d227d);
CREATE TABLE `im_fanout` (
  `conversation_id` bigint(20) NOT NULL,
  `seq` bigint(20) NOT NULL,
  `progress` varbinary(64) NOT NULL DEFAULT '',
  `worker` varbinary(160) DEFAULT NULL,
  `lease_until` bigint(20) NOT NULL DEFAULT 0,
  PRIMARY KEY (`conversation_id`,`seq`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
INSERT INTO im_fanout VALUES (2, 3, 'u3', 'worker', 1800000000000);
INSERT INTO im_fanout VALUES (3, 3, '', NULL, 0);
CREATE TABLE `im_feed` (
  `id` bigint(20) NOT NULL AUTO_INCREMENT,
  `feed_seq` bigint(20) DEFAULT NULL,
  `conversation_id` bigint(20) NOT NULL,
  `seq` bigint(20) NOT NULL,
  PRIMARY KEY (`id`),
  KEY `im_feed_seq` (`feed_seq`)
) ENGINE=InnoDB AUTO_INCREMENT=14 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
INSERT INTO im_feed VALUES (1, 1, 1, 1);
INSERT INTO im_feed VALUES (2, 2, 2, 1);
INSERT INTO im_feed VALUES (3, 3, 3, 1);
INSERT INTO im_feed VALUES (4, 4, 4, 1);
INSERT INTO im_feed VALUES (5, 5, 1, 2);
INSERT INTO im_feed VALUES (6, 6, 2, 2);
INSERT INTO im_feed VALUES (7, 7, 3, 2);
INSERT INTO im_feed VALUES (8, 8, 5, 1);
INSERT INTO im_feed VALUES (9, NULL, 4, 2);
INSERT INTO im_feed VALUES (10, NULL, 1, 3);
INSERT INTO im_feed VALUES (11, NULL, 2, 3);
INSERT INTO im_feed VALUES (12, NULL, 3, 3);
INSERT INTO im_feed VALUES (13, NULL, 5, 2);
CREATE TABLE `im_feed_partition` (
  `partition_no` int(11) NOT NULL,
  `message_id` bigint(20) NOT NULL DEFAULT 0,
  `event_id` bigint(20) NOT NULL DEFAULT 0,
  `holder` varbinary(160) DEFAULT NULL,
  `lease_until` bigint(20) NOT NULL DEFAULT 0,
  `fence` bigint(20) NOT NULL DEFAULT 0,
  PRIMARY KEY (`partition_no`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
INSERT INTO im_feed_partition VALUES (0, 0, 0, NULL, 0, 0);
INSERT INTO im_feed_partition VALUES (1, 0, 0, NULL, 0, 0);
INSERT INTO im_feed_partition VALUES (2, 0, 0, NULL, 0, 0);
INSERT INTO im_feed_partition VALUES (3, 0, 0, NULL, 0, 0);
INSERT INTO im_feed_partition VALUES (4, 0, 0, NULL, 0, 0);
INSERT INTO im_feed_partition VALUES (5, 0, 0, NULL, 0, 0);
INSERT INTO im_feed_partition VALUES (6, 0, 0, NULL, 0, 0);
INSERT INTO im_feed_partition VALUES (7, 0, 0, NULL, 0, 0);
INSERT INTO im_feed_partition VALUES (8, 0, 0, NULL, 0, 0);
INSERT INTO im_feed_partition VALUES (9, 0, 0, NULL, 0, 0);
INSERT INTO im_feed_partition VALUES (10, 0, 0, NULL, 0, 0);
INSERT INTO im_feed_partition VALUES (11, 0, 0, NULL, 0, 0);
INSERT INTO im_feed_partition VALUES (12, 0, 0, NULL, 0, 0);
INSERT INTO im_feed_partition VALUES (13, 0, 0, NULL, 0, 0);
INSERT INTO im_feed_partition VALUES (14, 0, 0, NULL, 0, 0);
INSERT INTO im_feed_partition VALUES (15, 0, 0, NULL, 0, 0);
CREATE TABLE `im_feed_sequence` (
  `id` tinyint(4) NOT NULL,
  `last_message` bigint(20) NOT NULL,
  `last_event` bigint(20) NOT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
INSERT INTO im_feed_sequence VALUES (1, 8, 0);
CREATE TABLE `im_group` (
  `conversation_id` bigint(20) NOT NULL,
  `name` varchar(1000) NOT NULL,
  `announcement` text NOT NULL,
  `owner` varbinary(64) NOT NULL,
  `open` tinyint(4) NOT NULL,
  `all_muted` tinyint(4) NOT NULL,
  `member_count` int(11) NOT NULL,
  `members_max` int(11) NOT NULL,
  `members_version` bigint(20) NOT NULL,
  `large_seq` bigint(20) NOT NULL,
  `dissolved` tinyint(4) NOT NULL,
  `created_at` bigint(20) NOT NULL,
  PRIMARY KEY (`conversation_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
INSERT INTO im_group VALUES (1, 'name', '', 'u0', 0, 0, 3, 100, 1, 0, 0, 1800000000000);
INSERT INTO im_group VALUES (2, 'name', '', 'u1', 0, 0, 7, 100, 1, 0, 0, 1800000000000);
INSERT INTO im_group VALUES (3, 'name', '', 'u3', 0, 0, 9, 100, 1, 0, 0, 1800000000000);
CREATE TABLE `im_group_cursor` (
  `user_id` bigint(20) NOT NULL,
  `device` varbinary(160) NOT NULL,
  `group_name` varbinary(64) NOT NULL,
  `acknowledged_seq` bigint(20) NOT NULL,
  PRIMARY KEY (`user_id`,`device`,`group_name`),
  CONSTRAINT `im_group_cursor_device` FOREIGN KEY (`user_id`, `device`) REFERENCES `im_device` (`user_id`, `device`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
INSERT INTO im_group_cursor VALUES (6, 'android:phone', 'large', 1);
CREATE TABLE `im_group_member` (
  `conversation_id` bigint(20) NOT NULL,
  `uid` varbinary(64) NOT NULL,
  `joined_seq` bigint(20) NOT NULL,
  `left_seq` bigint(20) DEFAULT NULL,
  `user_id` bigint(20) NOT NULL,
  `role` tinyint(4) NOT NULL,
  `muted_until` bigint(20) NOT NULL,
  PRIMARY KEY (`conversation_id`,`uid`,`joined_seq`),
  KEY `im_group_member_of_user` (`user_id`,`left_seq`,`conversation_id`),
  KEY `im_group_member_joined` (`conversation_id`,`joined_seq`),
  KEY `im_group_member_left` (`conversation_id`,`left_seq`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
INSERT INTO im_group_member VALUES (1, 'u0', 1, NULL, 2, 3, 0);
INSERT INTO im_group_member VALUES (1, 'u1', 1, NULL, 3, 1, 0);
INSERT INTO im_group_member VALUES (1, 'u2', 1, NULL, 4, 1, 0);
INSERT INTO im_group_member VALUES (2, 'u1', 1, NULL, 3, 3, 0);
INSERT INTO im_group_member VALUES (2, 'u2', 1, NULL, 4, 1, 0);
INSERT INTO im_group_member VALUES (2, 'u3', 1, NULL, 5, 1, 0);
INSERT INTO im_group_member VALUES (2, 'u4', 1, NULL, 6, 1, 0);
INSERT INTO im_group_member VALUES (2, 'u5', 1, NULL, 7, 1, 0);
INSERT INTO im_group_member VALUES (2, 'u6', 1, NULL, 8, 1, 0);
INSERT INTO im_group_member VALUES (2, 'u7', 1, NULL, 9, 1, 0);
INSERT INTO im_group_member VALUES (3, 'u10', 1, NULL, 12, 1, 0);
INSERT INTO im_group_member VALUES (3, 'u11', 1, NULL, 13, 1, 0);
INSERT INTO im_group_member VALUES (3, 'u3', 1, NULL, 5, 3, 0);
INSERT INTO im_group_member VALUES (3, 'u4', 1, NULL, 6, 1, 0);
INSERT INTO im_group_member VALUES (3, 'u5', 1, NULL, 7, 1, 0);
INSERT INTO im_group_member VALUES (3, 'u6', 1, NULL, 8, 1, 0);
INSERT INTO im_group_member VALUES (3, 'u7', 1, NULL, 9, 1, 0);
INSERT INTO im_group_member VALUES (3, 'u8', 1, NULL, 10, 1, 0);
INSERT INTO im_group_member VALUES (3, 'u9', 1, NULL, 11, 1, 0);
CREATE TABLE `im_inbox` (
  `user_id` bigint(20) NOT NULL,
  `seq` bigint(20) NOT NULL,
  `kind` tinyint(4) NOT NULL,
  `conversation_id` bigint(20) NOT NULL,
  `ref_seq` bigint(20) NOT NULL,
  PRIMARY KEY (`user_id`,`seq`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
INSERT INTO im_inbox VALUES (2, 1, 1, 1, 1);
INSERT INTO im_inbox VALUES (2, 2, 1, 4, 1);
INSERT INTO im_inbox VALUES (2, 3, 1, 1, 2);
INSERT INTO im_inbox VALUES (2, 4, 1, 4, 2);
INSERT INTO im_inbox VALUES (2, 5, 1, 1, 3);
INSERT INTO im_inbox VALUES (3, 1, 1, 1, 1);
INSERT INTO im_inbox VALUES (3, 2, 1, 2, 1);
INSERT INTO im_inbox VALUES (3, 3, 1, 4, 1);
INSERT INTO im_inbox VALUES (3, 4, 1, 1, 2);
INSERT INTO im_inbox VALUES (3, 5, 1, 2, 2);
INSERT INTO im_inbox VALUES (3, 6, 2, 1, 1);
INSERT INTO im_inbox VALUES (3, 7, 1, 4, 2);
INSERT INTO im_inbox VALUES (3, 8, 1, 1, 3);
INSERT INTO im_inbox VALUES (3, 9, 1, 2, 3);
INSERT INTO im_inbox VALUES (4, 1, 1, 1, 1);
INSERT INTO im_inbox VALUES (4, 2, 1, 2, 1);
INSERT INTO im_inbox VALUES (4, 3, 1, 1, 2);
INSERT INTO im_inbox VALUES (4, 4, 1, 5, 1);
INSERT INTO im_inbox VALUES (4, 5, 1, 2, 2);
INSERT INTO im_inbox VALUES (4, 6, 1, 1, 3);
INSERT INTO im_inbox VALUES (4, 7, 1, 5, 2);
INSERT INTO im_inbox VALUES (4, 8, 1, 2, 3);
INSERT INTO im_inbox VALUES (5, 1, 1, 2, 1);
INSERT INTO im_inbox VALUES (5, 2, 1, 3, 1);
INSERT INTO im_inbox VALUES (5, 3, 1, 2, 2);
INSERT INTO im_inbox VALUES (5, 4, 1, 3, 2);
INSERT INTO im_inbox VALUES (5, 5, 1, 2, 3);
INSERT INTO im_inbox VALUES (6, 1, 1, 2, 1);
INSERT INTO im_inbox VALUES (6, 2, 1, 3, 1);
INSERT INTO im_inbox VALUES (6, 3, 1, 2, 2);
INSERT INTO im_inbox VALUES (6, 4, 1, 3, 2);
INSERT INTO im_inbox VALUES (7, 1, 1, 2, 1);
INSERT INTO im_inbox VALUES (7, 2, 1, 3, 1);
INSERT INTO im_inbox VALUES (7, 3, 1, 2, 2);
INSERT INTO im_inbox VALUES (7, 4, 1, 3, 2);
INSERT INTO im_inbox VALUES (8, 1, 1, 2, 1);
INSERT INTO im_inbox VALUES (8, 2, 1, 3, 1);
INSERT INTO im_inbox VALUES (8, 3, 1, 2, 2);
INSERT INTO im_inbox VALUES (8, 4, 1, 3, 2);
INSERT INTO im_inbox VALUES (9, 1, 1, 2, 1);
INSERT INTO im_inbox VALUES (9, 2, 1, 3, 1);
INSERT INTO im_inbox VALUES (9, 3, 1, 2, 2);
INSERT INTO im_inbox VALUES (9, 4, 1, 3, 2);
INSERT INTO im_inbox VALUES (10, 1, 1, 3, 1);
INSERT INTO im_inbox VALUES (10, 2, 1, 3, 2);
INSERT INTO im_inbox VALUES (11, 1, 1, 3, 1);
INSERT INTO im_inbox VALUES (11, 2, 1, 3, 2);
INSERT INTO im_inbox VALUES (12, 1, 1, 3, 1);
INSERT INTO im_inbox VALUES (12, 2, 1, 3, 2);
INSERT INTO im_inbox VALUES (13, 1, 1, 3, 1);
INSERT INTO im_inbox VALUES (13, 2, 1, 3, 2);
CREATE TABLE `im_inbox_head` (
  `user_id` bigint(20) NOT NULL,
  `head` bigint(20) NOT NULL DEFAULT 0,
  PRIMARY KEY (`user_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
INSERT INTO im_inbox_head VALUES (0, 0);
INSERT INTO im_inbox_head VALUES (2, 5);
INSERT INTO im_inbox_head VALUES (3, 9);
INSERT INTO im_inbox_head VALUES (4, 8);
INSERT INTO im_inbox_head VALUES (5, 5);
INSERT INTO im_inbox_head VALUES (6, 4);
INSERT INTO im_inbox_head VALUES (7, 4);
INSERT INTO im_inbox_head VALUES (8, 4);
INSERT INTO im_inbox_head VALUES (9, 4);
INSERT INTO im_inbox_head VALUES (10, 2);
INSERT INTO im_inbox_head VALUES (11, 2);
INSERT INTO im_inbox_head VALUES (12, 2);
INSERT INTO im_inbox_head VALUES (13, 2);
CREATE TABLE `im_lease` (
  `name` varbinary(64) NOT NULL,
  `holder` varbinary(160) NOT NULL,
  `lease_until` bigint(20) NOT NULL,
  PRIMARY KEY (`name`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE TABLE `im_mark` (
  `user_id` bigint(20) NOT NULL,
  `conversation_id` bigint(20) NOT NULL,
  `delivered_seq` bigint(20) NOT NULL DEFAULT 0,
  `read_seq` bigint(20) NOT NULL DEFAULT 0,
  `inbox_seq` bigint(20) NOT NULL DEFAULT 0,
  PRIMARY KEY (`user_id`,`conversation_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
INSERT INTO im_mark VALUES (2, 1, 0, 0, 0);
INSERT INTO im_mark VALUES (2, 4, 1, 1, 0);
INSERT INTO im_mark VALUES (3, 1, 1, 1, 0);
INSERT INTO im_mark VALUES (3, 2, 0, 0, 0);
INSERT INTO im_mark VALUES (3, 4, 0, 0, 0);
INSERT INTO im_mark VALUES (4, 1, 0, 0, 0);
INSERT INTO im_mark VALUES (4, 2, 0, 0, 0);
INSERT INTO im_mark VALUES (4, 5, 0, 0, 0);
INSERT INTO im_mark VALUES (5, 2, 0, 0, 0);
INSERT INTO im_mark VALUES (5, 3, 0, 0, 0);
INSERT INTO im_mark VALUES (6, 2, 0, 0, 0);
INSERT INTO im_mark VALUES (6, 3, 1, 0, 0);
INSERT INTO im_mark VALUES (7, 2, 0, 0, 0);
INSERT INTO im_mark VALUES (7, 3, 0, 0, 0);
INSERT INTO im_mark VALUES (8, 2, 0, 0, 0);
INSERT INTO im_mark VALUES (8, 3, 0, 0, 0);
INSERT INTO im_mark VALUES (9, 2, 0, 0, 0);
INSERT INTO im_mark VALUES (9, 3, 0, 0, 0);
INSERT INTO im_mark VALUES (10, 3, 0, 0, 0);
INSERT INTO im_mark VALUES (11, 3, 0, 0, 0);
INSERT INTO im_mark VALUES (12, 3, 0, 0, 0);
INSERT INTO im_mark VALUES (13, 3, 0, 0, 0);
CREATE TABLE `im_message` (
  `conversation_id` bigint(20) NOT NULL,
  `seq` bigint(20) NOT NULL,
  `sender_id` bigint(20) NOT NULL,
  `sender_device` varbinary(160) NOT NULL,
  `client_message_id` varbinary(64) NOT NULL,
  `sent_at` bigint(20) NOT NULL,
  `sender_inbox_seq` bigint(20) NOT NULL,
  `content` longblob NOT NULL,
  PRIMARY KEY (`conversation_id`,`seq`),
  UNIQUE KEY `im_message_key` (`conversation_id`,`sender_id`,`client_message_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
INSERT INTO im_message VALUES (1, 1, 2, 'android:phone', 'small', 1800000000000, 1, 0x1200);
INSERT INTO im_message VALUES (1, 2, 2, 'android:phone', 'm1', 1800000000000, 3, 0x0102);
INSERT INTO im_message VALUES (1, 3, 2, 'android:phone', 'm6', 1800000000000, 5, 0x0102);
INSERT INTO im_message VALUES (2, 1, 3, 'android:phone', 'big', 1800000000000, 0, 0x1200);
INSERT INTO im_message VALUES (2, 2, 3, 'android:phone', 'm2', 1800000000000, 0, 0x0102);
INSERT INTO im_message VALUES (2, 3, 3, 'android:phone', 'm7', 1800000000000, 0, 0x0102);
INSERT INTO im_message VALUES (3, 1, 5, 'android:phone', 'large', 1800000000000, 0, 0x1200);
INSERT INTO im_message VALUES (3, 2, 5, 'android:phone', 'm3', 1800000000000, 0, 0x0102);
INSERT INTO im_message VALUES (3, 3, 5, 'android:phone', 'm8', 1800000000000, 0, 0x0102);
INSERT INTO im_message VALUES (4, 1, 3, 'android:phone', 'm0', 1800000000000, 3, 0x0102);
INSERT INTO im_message VALUES (4, 2, 3, 'android:phone', 'm5', 1800000000000, 7, 0x0102);
INSERT INTO im_message VALUES (5, 1, 0, 'android:phone', 'm4', 1800000000000, 0, 0x0102);
INSERT INTO im_message VALUES (5, 2, 0, 'android:phone', 'm9', 1800000000000, 0, 0x0102);
CREATE TABLE `im_node` (
  `node` varbinary(64) NOT NULL,
  `start` varbinary(64) NOT NULL,
  `meets` tinyint(4) NOT NULL,
  `lease_until` bigint(20) NOT NULL,
  PRIMARY KEY (`node`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
INSERT INTO im_node VALUES ('', '', 0, 0);
CREATE TABLE `im_push` (
  `id` bigint(20) NOT NULL AUTO_INCREMENT,
  `push_id` varbinary(64) NOT NULL,
  `digest` varbinary(64) NOT NULL,
  `channel` varbinary(64) NOT NULL,
  `online_only` tinyint(4) NOT NULL,
  `recipients` longtext DEFAULT NULL,
  `content` longblob DEFAULT NULL,
  `place` bigint(20) NOT NULL DEFAULT 0,
  `gone_through` bigint(20) NOT NULL DEFAULT 0,
  `stored` bigint(20) NOT NULL DEFAULT 0,
  `online` bigint(20) NOT NULL DEFAULT 0,
  `offline` bigint(20) NOT NULL DEFAULT 0,
  `unknown` bigint(20) NOT NULL DEFAULT 0,
  `offline_uids` longtext NOT NULL,
  `unknown_uids` longtext NOT NULL,
  `worker` varbinary(160) DEFAULT NULL,
  `lease_until` bigint(20) NOT NULL DEFAULT 0,
  `submitted_at` bigint(20) NOT NULL,
  `finished_at` bigint(20) DEFAULT NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `im_push_name` (`push_id`),
  KEY `im_push_finished` (`finished_at`,`id`)
) ENGINE=InnoDB AUTO_INCREMENT=2 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
INSERT INTO im_push VALUES (1, 'p', 0x01, 'news', 0, NULL, 0x01, 5, 5, 5, 0, 0, 0, '', '', NULL, 1800000000001, 1800000000000, NULL);
CREATE TABLE `im_schema_history` (
  `installed_rank` int(11) NOT NULL,
  `version` varchar(50) DEFAULT NULL,
  `description` varchar(200) NOT NULL,
  `type` varchar(20) NOT NULL,
  `script` varchar(1000) NOT NULL,
  `checksum` int(11) DEFAULT NULL,
  `installed_by` varchar(100) NOT NULL,
  `installed_on` timestamp NOT NULL DEFAULT current_timestamp(),
  `execution_time` int(11) NOT NULL,
  `success` tinyint(1) NOT NULL,
  PRIMARY KEY (`installed_rank`),
  KEY `im_schema_history_s_idx` (`success`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
INSERT INTO im_schema_history VALUES (1, '1', 'all tables', 'SQL', 'V1__all_tables.sql', 495369466, 'root', '2026-12-01 01:06:57', 1319, 1);
INSERT INTO im_schema_history VALUES (2, '2', 'nodes and leases', 'SQL', 'V2__nodes_and_leases.sql', -175997410, 'root', '2026-12-01 01:06:58', 136, 1);
INSERT INTO im_schema_history VALUES (3, '3', 'slots', 'SQL', 'V3__slots.sql', 701412303, 'root', '2026-12-01 01:06:59', 255, 1);
INSERT INTO im_schema_history VALUES (4, '4', 'standing of users', 'SQL', 'V4__standing_of_users.sql', -1985164335, 'root', '2026-12-01 01:07:00', 135, 1);
CREATE TABLE `im_shard` (
  `id` tinyint(4) NOT NULL,
  `installation` varbinary(64) NOT NULL,
  `name` varbinary(64) NOT NULL,
  `home` tinyint(4) NOT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE TABLE `im_shard_feed` (
  `feed_seq` bigint(20) NOT NULL,
  `conversation_id` bigint(20) NOT NULL,
  `seq` bigint(20) NOT NULL,
  PRIMARY KEY (`feed_seq`),
  UNIQUE KEY `im_shard_feed_message` (`conversation_id`,`seq`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE TABLE `im_slot` (
  `slot` int(11) NOT NULL,
  `state` tinyint(4) NOT NULL,
  `frozen_until` datetime(3) DEFAULT NULL,
  `mover` varbinary(64) DEFAULT NULL,
  `moved_to` varbinary(64) DEFAULT NULL,
  PRIMARY KEY (`slot`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE TABLE `im_user` (
  `id` bigint(20) NOT NULL AUTO_INCREMENT,
  `uid` varbinary(64) NOT NULL,
  `trimmed_seq` bigint(20) NOT NULL DEFAULT 0,
  `hinted_seq` bigint(20) NOT NULL DEFAULT 0,
  `state` tinyint(4) NOT NULL DEFAULT 0,
  `revoked_at` bigint(20) NOT NULL DEFAULT 0,
  `revoked_devices` text DEFAULT NULL,
  `standing_at` bigint(20) DEFAULT NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `im_user_uid` (`uid`),
  KEY `im_user_standing` (`standing_at`)
) ENGINE=InnoDB AUTO_INCREMENT=14 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
INSERT INTO im_user VALUES (0, '$system', 0, 0, 0, 0, NULL, NULL);
INSERT INTO im_user VALUES (2, 'u0', 0, 0, 0, 0, NULL, NULL);
INSERT INTO im_user VALUES (3, 'u1', 0, 0, 0, 0, NULL, NULL);
INSERT INTO im_user VALUES (4, 'u2', 0, 0, 0, 0, NULL, NULL);
INSERT INTO im_user VALUES (5, 'u3', 0, 0, 0, 0, NULL, NULL);
INSERT INTO im_user VALUES (6, 'u4', 0, 0, 0, 0, NULL, NULL);
INSERT INTO im_user VALUES (7, 'u5', 0, 0, 0, 0, NULL, NULL);
INSERT INTO im_user VALUES (8, 'u6', 0, 0, 0, 0, NULL, NULL);
INSERT INTO im_user VALUES (9, 'u7', 0, 0, 0, 0, NULL, NULL);
INSERT INTO im_user VALUES (10, 'u8', 0, 0, 0, 0, NULL, NULL);
INSERT INTO im_user VALUES (11, 'u9', 0, 0, 0, 0, NULL, NULL);
INSERT INTO im_user VALUES (12, 'u10', 0, 0, 0, 0, NULL, NULL);
INSERT INTO im_user VALUES (13, 'u11', 0, 0, 0, 0, NULL, NULL);
