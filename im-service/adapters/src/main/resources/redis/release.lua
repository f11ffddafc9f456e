-- Takes out a session that has ended at a node, unless another node holds the connection by now.
-- KEYS[1]  the user's sessions, see claim.lua
-- ARGV     connection, node
local value = redis.call('HGET', KEYS[1], 's:' .. ARGV[1])
if value then
  local one = cjson.decode(string.sub(value, string.find(value, '|', 1, true) + 1))
  if one.n ~= ARGV[2] then
    return 0
  end
end
redis.call('HDEL', KEYS[1], 's:' .. ARGV[1], 'h:' .. ARGV[1])
if redis.call('HLEN', KEYS[1]) <= 1 then
  redis.call('DEL', KEYS[1])
  return 1
end
for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
  if string.sub(field, 1, 2) == 's:' then
    return 1
  end
end
-- Only devices that were displaced are left: they are remembered for ten minutes, and a pause of five.
redis.call('PEXPIRE', KEYS[1], 900000)
return 1
