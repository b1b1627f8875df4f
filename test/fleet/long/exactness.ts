import { setTimeout as delay } from 'node:timers/promises';
import { Admissions, type CountedTier } from '../admissions.ts';
import { Fleet } from '../fleet.ts';
import { outcomes, runLoad } from '../load.ts';
import { getProducts, getUser } from '../requests.ts';
import { type User } from '../services.ts';
import { type Finding } from './finding.ts';

/** As shipped. */
const tiers: readonly CountedTier[] = [
  { name: 'anonymous', perMinute: 60, burst: 60 },
  { name: 'free', perMinute: 100, burst: 100 },
  { name: 'paid', perMinute: 1000, burst: 1000 },
  { name: 'premium', perMinute: 10_000, burst: 10_000 },
];
const clients = 50;

/** Each tier, three instances at once, beginning at a random moment with a bucket used up to a random part. */
export async function exactness(requestsPerClient: number): Promise<Finding[]> {
  await using fleet = await Fleet.start();
  const findings: Finding[] = [];
  for (const tier of tiers) findings.push(await admittedOf(fleet, tier, clients * requestsPerClient));
  return findings;
}

async function admittedOf(fleet: Fleet, tier: CountedTier, count: number): Promise<Finding> {
  const { name, burst } = tier;
  const isAnonymous = name === 'anonymous';
  const request = isAnonymous ? getProducts : getUser(await fleet.services.accessToken(name as User));
  const admissions = new Admissions(fleet, tier, isAnonymous ? '\x00127.0.0.1' : `usr_${name}`);
  const send = (requests: number) =>
    runLoad({ urls: fleet.urls, requests: [request], clients, count: requests, forMs: 300_000 });

  await delay(Math.random() * 3000);
  await send(Math.round(burst * (0.5 + Math.random() * 0.3)));
  const first = await admissions.bucket();
  const { 'GET 200': admitted = 0 } = outcomes(await send(Math.max(count, burst * 2)));
  const allowed = admissions.allowed(first, await admissions.bucket());
  return {
    what: `3 instances, ${clients} clients, ${count} requests of ${name}: admitted`,
    figure: `${admitted} of ${allowed} allowed`,
    mustBe: '+ 0',
    holds: admitted === allowed,
  };
}
