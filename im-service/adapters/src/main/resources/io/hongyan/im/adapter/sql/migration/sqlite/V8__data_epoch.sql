-- One row: which history of the data this is. Another one begins where numbers may be given a second time, as after an older
-- backup was restored. began_at: milliseconds; 0 = with the installation.
CREATE TABLE im_data_epoch (
    id       INTEGER PRIMARY KEY,
    epoch    TEXT    NOT NULL,
    began_at INTEGER NOT NULL
);

INSERT INTO im_data_epoch (id, epoch, began_at) VALUES (1, lower(hex(randomblob(8))), 0);
