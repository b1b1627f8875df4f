import { normalizeIp } from '@nestjs/throttler/dist/ip.js';

/**
 * What an address is counted as: IPv4 whole, also when written as IPv4-mapped IPv6; IPv6 by its /64, of which one
 * subscriber commands every address.
 */
export function clientKey(address: string): string {
  return address.includes(':') ? normalizeIp(address, 64) : address;
}
