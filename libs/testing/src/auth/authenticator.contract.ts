import { type Principal, type StageRequest } from '@facet/context';
import { GatewayError } from '@facet/errors';
import { describe, expect, it } from '@jest/globals';
import { stageRequest } from './stage-request.ts';

type Fields = readonly (readonly [string, string])[];

/** An `Authenticator` as the suite sees it: by shape, so that the lib under test may import the suite. */
interface AuthenticatorUnderTest {
  readonly kind: string;
  authenticate(request: StageRequest): unknown;
}

export interface AuthenticatorCase {
  readonly authenticator: AuthenticatorUnderTest;
  /** The verdict for a request that carries no credential of its kind. */
  readonly notMine: symbol;
  /** Header fields with a good credential. */
  readonly good: Fields;
  /** Header fields with credentials of this kind that are bad: malformed, forged, expired. */
  readonly bad: readonly Fields[];
  /** Header fields with a credential of another kind. */
  readonly foreign: Fields;
}

/** What every `Authenticator` promises; `make` is called for each test. */
export function describeAuthenticator(
  name: string,
  make: () => AuthenticatorCase | Promise<AuthenticatorCase>,
): void {
  describe(`${name} as an Authenticator`, () => {
    const ask = async (subject: AuthenticatorCase, fields: Fields): Promise<unknown> =>
      subject.authenticator.authenticate(stageRequest(fields));

    it('leaves requests without its credential to others', async () => {
      const subject = await make();
      expect(await ask(subject, [])).toBe(subject.notMine);
      expect(await ask(subject, [['Accept', 'text/html']])).toBe(subject.notMine);
      expect(await ask(subject, subject.foreign)).toBe(subject.notMine);
    });

    it('says who it is, the same frozen principal each time', async () => {
      const subject = await make();
      const principal = (await ask(subject, subject.good)) as Principal;
      expect(principal).toMatchObject({ kind: subject.authenticator.kind });
      expect(principal.subject).not.toBe('');
      for (const part of [principal, principal.scopes, principal.roles])
        expect(Object.isFrozen(part)).toBe(true);
      expect(await ask(subject, subject.good)).toBe(principal);
    });

    it('refuses by value with 401, a challenge and nothing of the credential', async () => {
      const subject = await make();
      for (const fields of subject.bad) {
        const verdict = (await ask(subject, fields)) as GatewayError;
        expect(verdict).toBeInstanceOf(GatewayError);
        expect(verdict.status).toBe(401);
        expect(verdict.options.headers?.['WWW-Authenticate']).toMatch(/^\w+ realm="facet"/);
        const told = JSON.stringify([verdict.message, verdict.options.detail, verdict.options.headers]);
        for (const [, value] of fields) {
          const secret = value.split(' ').at(-1) ?? '';
          if (secret.length > 8) expect(told).not.toContain(secret.slice(0, 8));
        }
      }
    });
  });
}
