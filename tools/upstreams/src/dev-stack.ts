import { Service } from './http/service.ts';
import { type ServiceName } from './model.ts';
import { createDefinitions, defaultPorts, serviceNames } from './services/definitions.ts';

export interface DevStackOptions<Name extends ServiceName = ServiceName> {
  /** 127.0.0.1 when absent. */
  host?: string;
  /** `default` is 4001 to 4006, `ephemeral` any free ones; `ephemeral` when absent. */
  ports?: 'default' | 'ephemeral' | Readonly<Record<ServiceName, number>>;
  /** Only these; all six when absent. */
  services?: readonly Name[];
  /** `iss` of the tokens; the auth service's own URL when absent. */
  issuer?: string;
}

export interface DevStack<Name extends ServiceName = ServiceName> {
  /** Known once started. */
  readonly urls: Record<Name, string>;
  readonly services: Record<Name, Service>;
  /** Again after a stop, on the same ports; rejects with `EADDRINUSE`, none left running, when one is taken. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

const NO_PORTS: Readonly<Record<ServiceName, number>> = {
  auth: 0,
  orders: 0,
  payments: 0,
  shipping: 0,
  catalog: 0,
  users: 0,
};

const portsOf = (ports: DevStackOptions['ports']): Readonly<Record<ServiceName, number>> => {
  if (ports === 'default') return defaultPorts;
  return ports === undefined || ports === 'ephemeral' ? NO_PORTS : ports;
};

const mapNames = <Name extends ServiceName, Value>(
  names: readonly Name[],
  valueOf: (name: Name) => Value,
): Record<Name, Value> =>
  Object.fromEntries(names.map((name) => [name, valueOf(name)])) as Record<Name, Value>;

const stopAll = async (services: readonly Service[]): Promise<void> => {
  await Promise.all(services.map((service) => service.stop()));
};

/** One after the other, auth first: whoever has auth's port may take the rest, so two stacks never share them out. */
const startAll = async (services: readonly Service[]): Promise<void> => {
  try {
    for (const service of services) await service.start();
  } catch (error) {
    await stopAll(services);
    throw error;
  }
};

/** A stack over fresh data that does not listen yet. */
export const createDevStack = async <Name extends ServiceName = ServiceName>(
  options: DevStackOptions<Name> = {},
): Promise<DevStack<Name>> => {
  const { host = '127.0.0.1', services: wanted = serviceNames as Name[] } = options;
  const ports = portsOf(options.ports);
  const names = serviceNames.filter((name): name is Name =>
    (wanted as readonly ServiceName[]).includes(name),
  );
  const definitions = await createDefinitions(() => options.issuer ?? services['auth' as Name].url);
  const services = mapNames(names, (name) => new Service(definitions[name], host, ports[name]));
  const inOrder = names.map((name) => services[name]);
  return {
    get urls() {
      return mapNames(names, (name) => services[name].url);
    },
    services,
    start: () => startAll(inOrder),
    stop: () => stopAll(inOrder),
  };
};

/** A stack over fresh data that listens. */
export const startDevStack = async <Name extends ServiceName = ServiceName>(
  options: DevStackOptions<Name> = {},
): Promise<DevStack<Name>> => {
  const stack = await createDevStack(options);
  await stack.start();
  return stack;
};
