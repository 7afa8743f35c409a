// The one script through which this program touches a shared bucket. Any thread.
#pragma once

namespace dashstream::limit {

/// KEYS[1]: the hash rate_limit:{tenant}:bucket with the fields tokens and last_refill (seconds since the epoch), as
/// all DashStream producers have it. ARGV: tokens a second, burst, wanted, given back.
/// Answers {granted, tokens left}. Grants what there is, up to `wanted`. The time is the server's, so that the clock of
/// this machine does not matter; elapsed time counts from 0 and last_refill never goes back, so that no clock mints
/// tokens. What is given back never makes more than a burst and never makes a bucket. Tokens that are there expire 3600
/// s after the last grant.
inline constexpr const char* kBudgetScript = R"lua(
local rate, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local wanted, back = tonumber(ARGV[3]), tonumber(ARGV[4])
local time = redis.call('TIME')
local now = tonumber(time[1]) + tonumber(time[2]) / 1000000
local stored = redis.call('HMGET', KEYS[1], 'tokens', 'last_refill')
local tokens, last = burst, now
if stored[1] or stored[2] then
  tokens, last = tonumber(stored[1] or ''), tonumber(stored[2] or '')
  if not tokens or not last or tokens ~= tokens or last ~= last then
    return redis.error_reply('BADBUCKET tokens or last_refill is no number')
  end
  tokens = tokens + math.max(0, now - last) * rate + back
  tokens = math.max(0, math.min(burst, tokens))
  last = math.max(last, now)
else
  back = 0
end
local granted = math.min(wanted, math.floor(tokens))
tokens = tokens - granted
if granted > 0 or back > 0 then
  redis.call('HSET', KEYS[1], 'tokens', string.format('%.17g', tokens), 'last_refill', string.format('%.17g', last))
end
if granted > 0 then
  redis.call('EXPIRE', KEYS[1], 3600)
end
return {granted, string.format('%.17g', tokens)}
)lua";

} // namespace dashstream::limit
