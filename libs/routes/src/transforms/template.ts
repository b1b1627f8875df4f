import { type Principal } from '@facet/context';

/** What templates may speak of while a request is served. */
export interface TemplateValues {
  readonly principal: Principal;
  /** A path parameter, decoded. */
  param(name: string): string;
}

/** What is known of templates when routes are loaded. */
export interface TemplateScope {
  readonly params: readonly string[];
  /** Values of `${config.…}`: constants, put in at load. */
  readonly config: Readonly<Record<string, string>>;
}

/** A compiled text: a constant, or what makes the text of one request. */
export type Template = string | ((values: TemplateValues) => string);

const principalFields: Readonly<Record<string, (principal: Principal) => string>> = {
  kind: (principal) => principal.kind,
  subject: (principal) => principal.subject,
  tier: (principal) => principal.tier,
  scopes: (principal) => principal.scopes.join(' '),
  roles: (principal) => principal.roles.join(' '),
  keyId: (principal) => principal.keyId ?? '',
};

const placeholder = /\$\{([^}]*)\}/g;

/** Compiles a text with `${principal.…}`, `${params.…}` and `${config.…}`; call `templateFaults` first. */
export function compileTemplate(text: string, scope: TemplateScope): Template {
  const parts = text.split(placeholder).map((part, index) => (index % 2 ? source(part, scope) : part));
  if (parts.every((part) => typeof part === 'string')) return parts.join('');
  return (values) => parts.map((part) => (typeof part === 'string' ? part : part(values))).join('');
}

/** The text of one request. */
export function render(template: Template, values: TemplateValues): string {
  return typeof template === 'string' ? template : template(values);
}

/** What is wrong with a text's placeholders, in words. */
export function templateFaults(text: string, scope: TemplateScope): string[] {
  return [...text.matchAll(placeholder)].flatMap(([, name = '']) => placeholderFault(name, scope) ?? []);
}

function placeholderFault(name: string, scope: TemplateScope): string | undefined {
  const [namespace, key = ''] = split(name);
  const known = {
    principal: Object.keys(principalFields),
    params: scope.params,
    config: Object.keys(scope.config),
  }[namespace];
  if (known === undefined) return `\${${name}}: templates know principal., params. and config.`;
  if (known.includes(key)) return undefined;
  return `\${${name}} is not known: ${namespace} has ${known.length === 0 ? 'nothing here' : known.join(', ')}`;
}

function source(name: string, scope: TemplateScope): Template {
  const [namespace, key = ''] = split(name);
  if (namespace === 'config') return scope.config[key] ?? '';
  if (namespace === 'params') return (values) => values.param(key);
  const read = principalFields[key];
  return (values) => read?.(values.principal) ?? '';
}

function split(name: string): [string, string?] {
  const dot = name.indexOf('.');
  return dot === -1 ? [name] : [name.slice(0, dot), name.slice(dot + 1)];
}
