-- Enters a session of a user and takes out those that it displaces, or finds that it is displaced itself.
-- KEYS[1]  the user's sessions: s:CONNECTION = STAMP|JSON, h:CONNECTION = last packet, last = highest stamp; d:DEVICE = a
--          device that another one has displaced: when, its pause, issue of its token, its first return, when it was let
--          in, and the last of these, times in ms, see ReturnPause
-- ARGV     connection, json, stamp (0 = a new login, which gets the highest; below 0 = the connection has come from
--          another node: the stamp it has, or this one without its sign), sessions per class (0 = any number), time to
--          live in ms, the time in ms, and the nodes that live (* = all)
-- returns  stamp, 1 if the session stays, connection and json of the newest that displaces it (empty if it stays),
--          then connection and json of each it displaces, oldest first
local key = KEYS[1]
local connection, json, given = ARGV[1], ARGV[2], tonumber(ARGV[3])
local class_max = tonumber(ARGV[4])
local resumed = given < 0
given = math.abs(given)
local me = cjson.decode(json)
local live = {}
local now = tonumber(ARGV[6])
for i = 7, #ARGV do
  live[ARGV[i]] = true
end

local sessions, last, moved = {}, 0, nil
local pauses, pause_count = {}, 0
local fields = redis.call('HGETALL', key)
for i = 1, #fields, 2 do
  local field, value = fields[i], fields[i + 1]
  if field == 'last' then
    last = math.max(last, tonumber(value))
  elseif string.sub(field, 1, 2) == 'd:' then
    local p = {}
    for number in string.gmatch(value, '%d+') do
      p[#p + 1] = tonumber(number)
    end
    if now - p[6] > 600000 then
      redis.call('HDEL', key, field)
    else
      pauses[string.sub(field, 3)] = p
      pause_count = pause_count + 1
    end
  elseif string.sub(field, 1, 2) == 's:' then
    local bar = string.find(value, '|', 1, true)
    local one = cjson.decode(string.sub(value, bar + 1))
    one.stamp = tonumber(string.sub(value, 1, bar - 1))
    one.json = string.sub(value, bar + 1)
    one.connection = string.sub(field, 3)
    one.dead = not live['*'] and not live[one.n]
    last = math.max(last, one.stamp)
    if one.connection ~= connection then
      sessions[#sessions + 1] = one
    elseif resumed then
      -- Higher by nothing: so that the node before sees that it has gone.
      given = one.stamp + 1
    elseif one.n ~= me.n and given > 0 and one.stamp > given then
      moved = one
    end
  end
end

if moved then
  -- A gate has gone over to another node with its clients, and that node has entered them since.
  return { string.format('%.0f', given), '0', connection, moved.json }
end

local stamp = given
if stamp == 0 then
  local time = redis.call('TIME')
  stamp = math.max(tonumber(time[1]) * 1000000 + tonumber(time[2]), last + 1)
end
me.stamp, me.connection, me.json, me.dead = stamp, connection, json, false
sessions[#sessions + 1] = me

-- Those of dead nodes go first, then the oldest.
table.sort(sessions, function(a, b)
  if a.dead ~= b.dead then
    return a.dead
  end
  if a.stamp ~= b.stamp then
    return a.stamp < b.stamp
  end
  return a.connection < b.connection
end)

local of_class, newest_of_device = 0, nil
for _, one in ipairs(sessions) do
  if one.c == me.c then
    of_class = of_class + 1
  end
  if one.d == me.d then
    newest_of_device = one
  end
end

local staying, displaced = {}, {}
for _, one in ipairs(sessions) do
  if one.d == me.d and one ~= newest_of_device then
    displaced[#displaced + 1] = one
    if one.c == me.c then
      of_class = of_class - 1
    end
  else
    staying[#staying + 1] = one
  end
end
local surplus = class_max > 0 and of_class - class_max or 0
for _, one in ipairs(staying) do
  if one.c == me.c and surplus > 0 then
    displaced[#displaced + 1] = one
    one.gone = true
    surplus = surplus - 1
  elseif one.dead then
    one.gone = true
    redis.call('HDEL', key, 's:' .. one.connection, 'h:' .. one.connection)
  end
end

local stays, winner = '1', nil
local answer = {}
table.sort(displaced, function(a, b)
  return a.stamp < b.stamp or (a.stamp == b.stamp and a.connection < b.connection)
end)
for _, one in ipairs(displaced) do
  redis.call('HDEL', key, 's:' .. one.connection, 'h:' .. one.connection)
  if one == me then
    stays = '0'
  else
    answer[#answer + 1] = one.connection
    answer[#answer + 1] = one.json
  end
end
-- Of new logins only: what is put in order afterwards is nobody's return.
if given == 0 then
  for _, one in ipairs(displaced) do
    if one ~= me and one.d ~= me.d and not one.dead then
      local p, pause = pauses[one.d], 5000
      if p then
        -- Came back by itself, and this is the answer of another one that does so too.
        if p[4] > 0 and p[4] - p[1] <= 60000 and p[5] > 0 and now - p[5] <= 60000 + 2 * p[2] then
          pause = math.min(300000, 2 * p[2])
        end
      elseif pause_count >= 32 then
        local oldest
        for device, other in pairs(pauses) do
          if not oldest or other[6] < pauses[oldest][6] then
            oldest = device
          end
        end
        redis.call('HDEL', key, 'd:' .. oldest)
        pauses[oldest] = nil
      else
        pause_count = pause_count + 1
      end
      pauses[one.d] = { now, pause, one.i or 0, 0, 0, now }
      redis.call('HSET', key, 'd:' .. one.d, string.format('%.0f %.0f %.0f 0 0 %.0f', now, pause, one.i or 0, now))
    end
  end
end

if stays == '1' then
  redis.call('HSET', key, 's:' .. connection, string.format('%.0f', stamp) .. '|' .. json)
else
  for _, one in ipairs(sessions) do
    if one ~= me and (one.d == me.d or one.c == me.c) then
      winner = one
    end
  end
end
redis.call('HSET', key, 'last', string.format('%.0f', math.max(last, stamp)))
redis.call('PEXPIRE', key, ARGV[5])
table.insert(answer, 1, string.format('%.0f', stamp))
table.insert(answer, 2, stays)
table.insert(answer, 3, winner and winner.connection or '')
table.insert(answer, 4, winner and winner.json or '')
return answer
