/**
 * Decides on all limits of one request, on the server's clock. A bucket is kept as the units in use and the time they
 * were counted at, `"<level> <us>"`: the numbers of the memory engine, all whole and below 2^53, so that Lua's doubles
 * hold them exactly and both engines answer alike.
 *
 * KEYS      one bucket per limit
 * ARGV[1]   `take` or `look`, then, for another time than the server's own, the time to decide at, us
 * ARGV[2..] per bucket: cost, refill, capacity; then, if any, units owed from an outage, us since they were taken
 * returns for one bucket its free units, or, refused, -1 less those: a number costs the client less than a list;
 * for several 1 or 0 for admitted, then the free units per bucket
 */
export const takeLua = `
local mode, now = string.match(ARGV[1], '^(%a+) ?(%S*)$')
now = tonumber(now)
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000000 + time[2]
end
local buckets = redis.call('MGET', unpack(KEYS))
local costs, refills, capacities, levels, stale, admitted = {}, {}, {}, {}, {}, 1
for i, bucket in ipairs(buckets) do
  local cost, refill, capacity, owed, age = string.match(ARGV[i + 1], '^(%S+) (%S+) (%S+) ?(%S*) ?(%S*)$')
  cost, refill, capacity = tonumber(cost), tonumber(refill), tonumber(capacity)
  owed = tonumber(owed) or 0
  costs[i], refills[i], capacities[i] = cost, refill, capacity
  local owedAt = now - (tonumber(age) or 0)
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
  local taken = admitted == 1 and mode == 'take'
  if taken then level = level + costs[i] end
  if taken or stale[i] then
    -- Kept until it is full again, and 10 s more in case a clock is set back.
    local ttl = math.ceil(level / refills[i] / 1000) + 10000
    redis.call('SET', KEYS[i], string.format('%.0f %.0f', level, now), 'PX', string.format('%.0f', ttl))
  end
  reply[i + 1] = capacities[i] - level
end
if #KEYS == 1 then return admitted == 1 and reply[2] or -1 - reply[2] end
return reply
`;
