import { gatewayEnv, type GatewayProcess, HttpClient, startGateway } from '@facet/testing/gateway';
import { type DevStack, startDevStack } from '@facet/tools-upstreams';

type Kind = 'web' | 'mobile' | 'admin';

export interface FamilyMember {
  readonly gateway: GatewayProcess;
  readonly client: HttpClient;
  /** `/api/mobile` */
  readonly prefix: string;
}

/** A dev stack on free ports and built gateways in front of it. */
export interface Family {
  readonly stack: DevStack;
  readonly web: FamilyMember;
  readonly mobile: FamilyMember;
  readonly admin: FamilyMember;
  stop(): Promise<void>;
}

/** Starts the named gateways; asking for another one throws. `env` adds to or replaces what they all get. */
export async function startFamily(kinds: readonly Kind[], env: Record<string, string> = {}): Promise<Family> {
  const stack = await startDevStack({ ports: 'ephemeral' });
  const started = new Map<Kind, FamilyMember>();
  await Promise.all(
    kinds.map(async (kind) => {
      const gateway = await startGateway({
        app: `gateway-${kind}`,
        env: { ...gatewayEnv(stack.urls), ...env },
      });
      started.set(kind, { gateway, client: new HttpClient(gateway.url), prefix: `/api/${kind}` });
    }),
  );
  const member = (kind: Kind): FamilyMember => {
    const found = started.get(kind);
    if (!found) throw new Error(`gateway-${kind} was not started`);
    return found;
  };
  return {
    stack,
    get web() {
      return member('web');
    },
    get mobile() {
      return member('mobile');
    },
    get admin() {
      return member('admin');
    },
    stop: async () => {
      await Promise.all([...started.values()].map(({ client }) => client.close()));
      await Promise.all([...started.values()].map(({ gateway }) => gateway.stop()));
      await stack.stop();
    },
  };
}
