-- One row: which history of the data this is. Another one begins where numbers may be given a second time, as after an older
-- backup was restored. began_at: milliseconds; 0 = with the installation. Of several databases that of home counts.
CREATE TABLE im_data_epoch (
    id       TINYINT       NOT NULL PRIMARY KEY,
    epoch    VARBINARY(64) NOT NULL,
    began_at BIGINT        NOT NULL
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

INSERT INTO im_data_epoch (id, epoch, began_at) VALUES (1, LEFT(MD5(CONCAT(UUID(), RAND())), 16), 0);
