/**
 * Decides on all limits of one request, on the server's clock. A bucket is kept as the units in use and the time they
 * were counted at, `"<level> <us>"`: the numbers of the memory engine, all whole and below 2^53, so that Lua's doubles
 * hold them exactly and both engines answer alike.
 *
 * KEYS    one bucket per limit
 * ARGV[1] time to decide at, us; below 0: the server's own
 * ARGV[2] 1: take, 0: only look
 * ARGV[3..] per bucket: cost, refill, capacity, units owed from an outage, us since they were taken
 * returns 1 or 0 for admitted, then the free units per bucket
 */
export const takeLua = `
local now = tonumber(ARGV[1])
if now < 0 then
  local time = redis.call('TIME')
  now = time[1] * 1000000 + time[2]
end
local buckets = redis.call('MGET', unpack(KEYS))
local levels, stale, admitted = {}, {}, 1
for i, bucket in ipairs(buckets) do
  local a = 5 * i - 2
  local cost, refill, capacity = tonumber(ARGV[a]), tonumber(ARGV[a + 1]), tonumber(ARGV[a + 2])
  local owed, owedAt = tonumber(ARGV[a + 3]), now - tonumber(ARGV[a + 4])
  local level, at = 0, 0
  if bucket then
    local space = string.find(bucket, ' ', 1, true)
    level, at = tonumber(string.sub(bucket, 1, space - 1)), tonumber(string.sub(bucket, space + 1))
  end
  -- A clock that was set back: the bucket goes on from here instead of waiting for the old time.
  if at > now then at = now; stale[i] = true end
  if owed > 0 then
    local since = math.max(at, owedAt)
    level = math.min(capacity, math.max(0, level - (since - at) * refill) + owed)
    at = since
    stale[i] = true
  end
  levels[i] = math.max(0, level - (now - at) * refill)
  if levels[i] + cost > capacity then admitted = 0 end
end
local reply = { admitted }
for i, level in ipairs(levels) do
  local a = 5 * i - 2
  local cost, refill, capacity = tonumber(ARGV[a]), tonumber(ARGV[a + 1]), tonumber(ARGV[a + 2])
  local taken = admitted == 1 and ARGV[2] == '1'
  if taken then level = level + cost end
  if taken or stale[i] then
    -- Kept until it is full again, and 10 s more in case a clock is set back.
    local ttl = math.ceil(level / refill / 1000) + 10000
    redis.call('SET', KEYS[i], string.format('%.0f %.0f', level, now), 'PX', string.format('%.0f', ttl))
  end
  reply[i + 1] = capacity - level
end
return reply
`;
