import { type GatewayProcess } from '@facet/testing/gateway';
import { type UpstreamReport } from '@facet/upstream';
import { type Family, type FamilyMember } from './family.ts';
import { until } from './until.ts';

type Managed = Pick<GatewayProcess, 'managementUrl'>;

/** Asks a gateway's management port. */
export async function manage(
  { managementUrl }: Managed,
  path: string,
  options: { readonly method?: string; readonly body?: unknown } = {},
): Promise<Response> {
  const { method = 'GET', body } = options;
  return await fetch(managementUrl + path, {
    method,
    headers: { connection: 'close' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

/** Sum of a metric's series that carry all these labels. */
export async function metric(
  gateway: Managed,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): Promise<number> {
  const text = await (await manage(gateway, '/metrics')).text();
  return text
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
    .filter((line) => Object.entries(labels).every(([key, value]) => line.includes(`${key}="${value}"`)))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
}

/**
 * Ends a gateway as every test under faults ends: nothing is under way any more, it leaves by itself with exit code 0
 * on SIGTERM, and its log tells of no fault of its own.
 */
export async function endQuietly(gateway: GatewayProcess): Promise<void> {
  await until(async () => (await metric(gateway, 'gateway_requests_in_flight')) === 0);
  await until(async () => {
    const { breakers } = (await (await manage(gateway, '/breakers')).json()) as {
      breakers: UpstreamReport[];
    };
    return breakers.every(({ active, queued, retrying }) => active + queued + retrying === 0);
  });
  const code = await gateway.stop();
  const faults = gateway.log
    .filter(({ level, status, unparsed }) => level === 'fatal' || status === 500 || unparsed !== undefined)
    .map((line) => JSON.stringify(line));
  if (code !== 0) faults.push(`exit code ${code}, signal ${gateway.child.signalCode}`);
  if (gateway.stderr() !== '') faults.push(gateway.stderr());
  if (faults.length > 0) throw new Error(`the gateway did not leave in order:\n${faults.join('\n')}`);
}

/** The same for gateways of a family, with no socket left at its dev stack. */
export async function endFamily(family: Family, ...members: readonly FamilyMember[]): Promise<void> {
  for (const { client, gateway } of members) {
    await client.close();
    await endQuietly(gateway);
  }
  const services = Object.values(family.stack.services);
  await until(() => services.every((service) => service.stats().openSockets === 0));
  await family.stop();
}
