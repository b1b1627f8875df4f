import { type TSchema } from 'typebox';

/** What of a JSON value is wanted: made of a schema once, at start. */
export interface Plan {
  /** Of an object these members, each by its own plan. Undefined: all of it. */
  readonly members: ReadonlyMap<string, Plan> | undefined;
  /** Of an array all items, each by this plan. Undefined: all of it. */
  readonly items: Plan | undefined;
}

/** The keywords a plan is made of. */
interface Shape {
  readonly type?: unknown;
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly additionalProperties?: unknown;
  readonly items?: Shape;
}

const whole: Plan = { members: undefined, items: undefined };

/** With one of these an object's schema looks at members it does not name. */
const widening = ['patternProperties', 'allOf', 'anyOf', 'oneOf', 'not', 'if', '$ref'];

/** Objects by the members their schema names, arrays by their items, anything else whole. */
export function planOf(schema: TSchema): Plan {
  return plan(schema as Shape);
}

function plan(shape: Shape): Plan {
  if (widening.some((keyword) => keyword in shape) || isObject(shape.additionalProperties)) return whole;
  const { type, properties, items } = shape;
  if (type === 'object' && properties !== undefined) {
    const members = Object.entries(properties).map(([name, member]) => [name, plan(member)] as const);
    return { members: new Map(members), items: undefined };
  }
  if (type === 'array' && items !== undefined && !Array.isArray(items)) {
    const each = plan(items);
    return each === whole ? whole : { members: undefined, items: each };
  }
  return whole;
}

/** Names a plan in one line, another for every other plan: `(items[(id,total(amount))],nextCursor)`. */
export function keyOf({ members, items }: Plan): string {
  if (items !== undefined) return `[${keyOf(items)}]`;
  if (members === undefined) return '';
  const names = Array.from(members, ([name, member]) => written(name) + keyOf(member));
  return `(${names.sort().join()})`;
}

function written(name: string): string {
  return /^\w+$/.test(name) ? name : JSON.stringify(name);
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}
