-- How far each device has come in the streams of large groups.
CREATE TABLE im_group_cursor (
    user_id          INTEGER NOT NULL,
    device           TEXT    NOT NULL,
    group_name       TEXT    NOT NULL,
    acknowledged_seq INTEGER NOT NULL,
    PRIMARY KEY (user_id, device, group_name)
) WITHOUT ROWID;

CREATE TRIGGER im_group_cursor_goes_with_device AFTER DELETE ON im_device
BEGIN
    DELETE FROM im_group_cursor WHERE user_id = OLD.user_id AND device = OLD.device;
END;
