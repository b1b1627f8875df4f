import { beforeEach, describe, expect, it } from '@jest/globals';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { KnownTiers, type Tier } from '@facet/context';
import { FakeClock } from '@facet/testing';
import { FrontDoor } from './front-door.ts';
import { Traffic } from './traffic.ts';

/** How many are let in before anybody waits. */
const perTurn = 16;

describe('FrontDoor', () => {
  let clock: FakeClock;
  let traffic: Traffic;
  let door: FrontDoor;
  let server: Server;
  let served: string[];
  let arrivals: (number | undefined)[];
  let nextTurn: (() => void) | undefined;

  beforeEach(() => {
    clock = new FakeClock();
    traffic = new Traffic();
    served = [];
    arrivals = [];
    const knownTiers = new KnownTiers();
    knownTiers.add(({ authorization }) => (authorization === 'new' ? undefined : (authorization as Tier)));
    door = new FrontDoor({ clock, knownTiers, traffic }, { maxWaitMs: 500 }, (turn) => {
      nextTurn = turn;
    });
    server = createServer(({ url = '' }) => {
      arrivals.push(door.arrivedAtMs);
      served.push(door.refusedAs === undefined ? url : `${url} refused as ${door.refusedAs}`);
    });
    door.guard(server);
  });

  /** @param tier `new`: a credential not seen before; absent: none */
  function arrive(url: string, tier?: Tier | 'new', isLeaving = false): void {
    const headers = tier === undefined ? {} : { authorization: tier };
    server.emit(
      'request',
      { url, headers, socket: { destroyed: isLeaving } } as unknown as IncomingMessage,
      {} as ServerResponse,
    );
  }

  function turn(): string[] {
    served = [];
    const run = nextTurn;
    nextTurn = undefined;
    run?.();
    return served;
  }

  /** A line of the same kind, longer than one turn can serve. */
  function crowd(count: number, name: string, tier?: Tier | 'new'): void {
    for (let n = 0; n < count; n++) arrive(`/${name}-${n}`, tier);
  }

  /** A line that has lasted, so that those in it have waited for this long. */
  async function pressed(waitedMs: number): Promise<void> {
    crowd(perTurn, 'first');
    crowd(1, 'line', 'enterprise');
    await clock.advance(1000 - waitedMs);
  }

  it('lets everybody in at once while a turn has room', () => {
    crowd(perTurn, 'a');
    expect([served.length, traffic.waiting]).toEqual([perTurn, 0]);
    turn();
    expect(nextTurn).toBeUndefined();
    arrive('/b');
    expect(served).toEqual(['/b']);
  });

  it('keeps the rest for the next turns, in order of arrival whoever they are', async () => {
    crowd(perTurn, 'first');
    crowd(perTurn, 'a');
    await clock.advance(1);
    arrive('/later', 'enterprise');
    expect(traffic.waiting).toBe(perTurn + 1);
    expect(turn()).toEqual(Array.from({ length: perTurn }, (_, n) => `/a-${n}`));
    expect(turn()).toEqual(['/later']);
    expect(traffic.waiting).toBe(0);
  });

  it('lets nobody overtake those who wait', () => {
    crowd(perTurn, 'first');
    crowd(perTurn, 'a');
    turn();
    served = [];
    crowd(1, 'b');
    expect(served).toEqual([]);
    expect(turn()).toEqual(['/b-0']);
  });

  it('never keeps health waiting', () => {
    crowd(perTurn + 5, 'a');
    served = [];
    arrive('/health');
    expect(served).toEqual(['/health']);
  });

  it('tells when a request came that has waited', async () => {
    await clock.advance(70);
    crowd(perTurn, 'first');
    expect(arrivals.every((arrivedAtMs) => arrivedAtMs === undefined)).toBe(true);
    arrive('/late');
    await clock.advance(30);
    turn();
    expect([arrivals.at(-1), door.arrivedAtMs]).toEqual([70, undefined]);
  });

  it('forgets who has left', () => {
    crowd(perTurn, 'first');
    arrive('/gone', undefined, true);
    arrive('/here');
    expect(turn()).toEqual(['/here']);
  });

  it('makes nothing of a burst, however long it waits', async () => {
    crowd(perTurn, 'first');
    crowd(100, 'a');
    await clock.advance(900);
    expect(turn()).toEqual(Array.from({ length: perTurn }, (_, n) => `/a-${n}`));
  });

  it('serves the highest tier first once the line lasts, and turns the longest waiting of the lowest away, a few a turn', async () => {
    await pressed(500);
    crowd(20, 'anonymous');
    crowd(10, 'free', 'free');
    crowd(10, 'premium', 'premium');
    await clock.advance(500);
    const answers = turn();
    expect(answers.slice(0, 11)).toEqual([
      '/line-0',
      ...Array.from({ length: 10 }, (_, n) => `/premium-${n}`),
    ]);
    expect(answers.slice(11, perTurn)).toEqual(['/free-0', '/free-1', '/free-2', '/free-3', '/free-4']);
    expect(answers.slice(perTurn)).toEqual([
      '/anonymous-0 refused as anonymous',
      '/anonymous-1 refused as anonymous',
    ]);
  });

  it.each([
    [500, 'anonymous', undefined],
    [625, 'free', 'free'],
    [750, 'paid', 'paid'],
    [1000, 'premium', 'premium'],
    [1500, 'enterprise', 'enterprise'],
  ] as const)('after %d ms it is the turn of %s to be turned away', async (waitedMs, name, tier) => {
    crowd(perTurn, 'first');
    crowd(1, 'line');
    await clock.advance(1000);
    crowd(100, name, tier);
    await clock.advance(waitedMs - 1);
    expect(turn()).not.toContainEqual(expect.stringContaining(`as ${name}`));
    await clock.advance(1);
    expect(turn()).toContainEqual(expect.stringContaining(`refused as ${name}`));
  });

  it('keeps one place a turn for credentials it has not seen yet', async () => {
    await pressed(500);
    crowd(50, 'premium', 'premium');
    arrive('/anybody', 'new');
    arrive('/anybody-else', 'new');
    await clock.advance(500);
    expect(turn().slice(0, 2)).toEqual(['/anybody', '/line-0']);
  });

  it('is idle only when nobody waits', async () => {
    crowd(perTurn, 'first');
    arrive('/a');
    let isIdle = false;
    const idle = traffic.idle().then(() => (isIdle = true));
    await clock.advance(0);
    expect(isIdle).toBe(false);
    turn();
    await idle;
  });

  it('refuses to stand before a server that serves twice', () => {
    server.on('request', () => undefined);
    expect(() => door.guard(server)).toThrow('one listener');
  });
});
