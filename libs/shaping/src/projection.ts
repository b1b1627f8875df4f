import { type Static, type TSchema } from 'typebox';

type Copy = (value: unknown) => unknown;

/** The keywords a projection reads. */
interface Shape {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly patternProperties?: Readonly<Record<string, Shape>>;
  readonly items?: Shape;
}

/**
 * Makes a view out of its response schema: a deep copy of exactly the members the schema names, in its order. A member
 * the upstream adds later is left behind. Compiled once; values are not checked, that is the upstream client's part.
 * @throws TypeError at once where an object or array in the schema doesn't say what is in it
 */
export function projection<S extends TSchema>(schema: S): <T extends Static<S>>(value: T) => Static<S> {
  return compile(schema as Shape) as (value: unknown) => Static<S>;
}

function compile(shape: Shape): Copy {
  if (shape.type === 'array') return copyArray(shape);
  if (shape.type !== 'object') return (value) => value;
  if (shape.properties) return copyObject(shape.properties);
  if (shape.patternProperties) return copyRecord(Object.values(shape.patternProperties));
  throw new TypeError('projection: an object must name its members');
}

function copyArray({ items }: Shape): Copy {
  if (items === undefined) throw new TypeError('projection: an array must name its items');
  const copy = compile(items);
  return (value) => (Array.isArray(value) ? value.map(copy) : value);
}

function copyObject(properties: Readonly<Record<string, Shape>>): Copy {
  const members = Object.entries(properties).map(([name, shape]) => [name, compile(shape)] as const);
  return (value) => {
    if (!isObject(value)) return value;
    const result: Record<string, unknown> = {};
    for (const [name, copy] of members) {
      const member = value[name];
      if (member !== undefined) result[name] = copy(member);
    }
    return result;
  };
}

/** A record has free names, all with values of one shape. */
function copyRecord(shapes: readonly Shape[]): Copy {
  const [shape, second] = shapes;
  if (shape === undefined || second) throw new TypeError('projection: a record must have one kind of value');
  const copy = compile(shape);
  return (value) =>
    isObject(value)
      ? Object.fromEntries(Object.entries(value).map(([name, member]) => [name, copy(member)]))
      : value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
