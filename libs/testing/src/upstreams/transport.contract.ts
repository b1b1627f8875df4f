import { GatewayError } from '@facet/errors';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Readable } from 'node:stream';
import { hang, json, large, raw, reset, text } from './answers.ts';
import { ScriptedUpstream } from './scripted-upstream.ts';
import { wholeBody } from './whole-body.ts';

/** What is asked of a `Transport`, in the shapes of `@facet/upstream`, which uses this suite and so can't be used here. */
interface Transport {
  exchange(request: Request, attempt: Trial): Promise<{ readonly status: number; readonly body: Buffer }>;
  stream(request: Request, attempt: Trial): Promise<{ readonly body: Readable | Buffer }>;
  close(): Promise<void>;
}

interface Request {
  readonly method: string;
  readonly path: string;
  readonly headers: string[];
  readonly body: string | null;
  wants(status: number): boolean;
}

/** An attempt nobody has given up yet. */
class Trial {
  answered = false;
  #abort: (reason: GatewayError) => void = () => undefined;

  bind(exchange: { abort(reason: GatewayError): void }): void {
    this.#abort = (reason) => exchange.abort(reason);
  }

  abort(): void {
    this.#abort(new GatewayError('client_closed_request'));
  }
}

/**
 * What every `Transport` promises.
 * @param make a transport to this origin whose buffered answers are cut off at 1,000 bytes
 */
export function describeTransport(name: string, make: (origin: string) => Transport): void {
  describe(`${name} as a Transport`, () => {
    let upstream: ScriptedUpstream;
    let transport: Transport;

    beforeEach(async () => {
      upstream = await ScriptedUpstream.start(json({ ok: true }));
      transport = make(upstream.url);
    });

    afterEach(async () => {
      await transport.close();
      await upstream.closedDownTo(0);
      await upstream[Symbol.asyncDispose]();
    });

    const get = (overrides: Partial<Request> = {}): Request => ({
      method: 'GET',
      path: '/a%2Fb?c=&d',
      headers: ['x-b', '1', 'x-a', '2'],
      body: null,
      wants: () => true,
      ...overrides,
    });

    it('sends what it is given, in order', async () => {
      await transport.exchange(get({ method: 'PUT', body: 'abc' }), new Trial());
      expect(upstream.requests[0]).toMatchObject({ method: 'PUT', target: '/a%2Fb?c=&d' });
      expect(upstream.requests[0]?.headers.filter(([field]) => field.startsWith('x-'))).toEqual([
        ['x-b', '1'],
        ['x-a', '2'],
      ]);
      expect(upstream.requests[0]?.body.toString()).toBe('abc');
    });

    it.each([200, 302, 404, 500])('takes status %i for an answer and follows nothing', async (status) => {
      upstream.always(text('words', { status, headers: { location: 'http://127.0.0.1:1/' } }));
      const attempt = new Trial();
      const answer = await transport.exchange(get(), attempt);
      expect([answer.status, answer.body.toString(), attempt.answered]).toEqual([status, 'words', true]);
    });

    it('reads no body that is not wanted, and none over its cap', async () => {
      upstream.always(text('x'.repeat(1_001), { status: 503 }));
      const refused = await transport.exchange(get({ wants: (status) => status < 300 }), new Trial());
      expect(refused.body).toHaveLength(0);
      await expect(transport.exchange(get(), new Trial())).rejects.toMatchObject({
        reason: 'upstream_body_too_large',
      });
    });

    it('streams, and ends a stream only where the message ended', async () => {
      const { body } = await transport.stream(get(), new Trial());
      expect((await wholeBody(body)).toString()).toBe('{"ok":true}');
      upstream.always(raw('HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nab', 'end'));
      const broken = await transport.stream(get(), new Trial());
      await expect(wholeBody(broken.body)).rejects.toBeInstanceOf(GatewayError);
    });

    it('fails at once and closes the socket when the attempt is given up, before and in the body', async () => {
      upstream.next(hang, large(100_000_000));
      const [first, second] = [new Trial(), new Trial()];
      const waiting = transport.exchange(get(), first).catch((error: unknown) => error);
      await upstream.received(1);
      first.abort();
      expect(await waiting).toMatchObject({ reason: 'client_closed_request' });
      const { body } = await transport.stream(get(), second);
      second.abort();
      await expect(wholeBody(body)).rejects.toMatchObject({ reason: 'client_closed_request' });
      await upstream.closedDownTo(0);
    });

    it("says what went wrong in the family's words", async () => {
      upstream.next(reset, raw('garbage\r\n\r\n'));
      const reasons: unknown[] = [];
      for (let n = 0; n < 2; n++) {
        await transport
          .exchange(get(), new Trial())
          .catch((error: GatewayError) => reasons.push(error.reason));
      }
      expect(reasons).toEqual(['connection_terminated', 'upstream_protocol_error']);
    });
  });
}
