-- A device comes back that another one may have displaced; notes that it has come.
-- KEYS[1]  the user's sessions, see claim.lua
-- ARGV     device, issue of its token, the time in ms
-- returns  how long it has to wait, in ms; 0 = it may come in
local field, issued, now = 'd:' .. ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local value = redis.call('HGET', KEYS[1], field)
if not value then
  return '0'
end
local p = {}
for number in string.gmatch(value, '%d+') do
  p[#p + 1] = tonumber(number)
end
if now - p[6] > 600000 or issued > p[3] then
  redis.call('HDEL', KEYS[1], field)
  return '0'
end
local remaining = math.max(0, math.min(p[2], p[1] + p[2] - now))
local tried = p[4] > 0 and p[4] or now
local entered = (remaining == 0 and p[5] == 0) and now or p[5]
redis.call('HSET', KEYS[1], field, string.format('%.0f %.0f %.0f %.0f %.0f %.0f', p[1], p[2], p[3], tried, entered, now))
return string.format('%.0f', remaining)
