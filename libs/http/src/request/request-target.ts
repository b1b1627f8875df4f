import { type IncomingMessage } from 'node:http';
import { type TargetFault, targetFault } from '../refusal/target.ts';
import { type VersionPaths } from '../versions/version-paths.ts';

const faultOf = Symbol('target fault');
type JudgedRequest = IncomingMessage & { [faultOf]?: TargetFault | undefined };

/** What the look at the request target found, before routing. */
export function faultOfTarget(raw: IncomingMessage): TargetFault | undefined {
  return (raw as JudgedRequest)[faultOf];
}

/**
 * The path to route a request by: absolute-form reduced to its path (RFC 9112, section 3.2.2), the version segment
 * taken out. A target that can't be routed is noted as a fault and routed as `/`; the first hook refuses it.
 */
export function routedUrl(raw: IncomingMessage, versions: VersionPaths): string {
  const url = originForm(raw);
  const fault = targetFault(url);
  (raw as JudgedRequest)[faultOf] = fault;
  return fault === undefined || fault === 'ambiguous' ? versions.strip(raw, url) : '/';
}

function originForm(raw: IncomingMessage): string {
  const url = raw.url ?? '';
  if (url.charCodeAt(0) === 0x2f) return url;
  const match = /^https?:\/\/([^/?#@]+)(\/[^#]*|\?[^#]*)?$/i.exec(url);
  if (match === null) return url;
  // The target's authority replaces Host, whatever that said.
  raw.headers.host = match[1] ?? '';
  const path = match[2] ?? '/';
  return path.startsWith('?') ? `/${path}` : path;
}
