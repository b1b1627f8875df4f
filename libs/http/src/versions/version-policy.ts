/** An API version as written in paths and `API-Version`: `v1`. */
export type ApiVersion = `v${number}`;

/** When a version ends. All dates are ISO 8601. */
export interface LegacyVersion {
  readonly deprecatedAt: string;
  readonly sunsetAt: string;
  /** Where clients read what to do: an absolute URL or path of documentation. */
  readonly link: string;
  /** Rehearsals of the end: in these times the version answers as it will after its sunset. Default: none. */
  readonly brownOuts?: readonly BrownOut[];
}

export interface BrownOut {
  readonly from: string;
  readonly to: string;
}

export interface VersionPolicy {
  /** Answered when nobody asks for another. */
  readonly current: ApiVersion;
  readonly legacy: Readonly<Partial<Record<ApiVersion, LegacyVersion>>>;
  readonly preview: readonly ApiVersion[];
}

/**
 * Checks a version policy: dates are dates, a sunset is never before its deprecation (RFC 9745, section 4), and no
 * version is two things at once.
 * @throws Error naming every fault
 */
export function defineVersions(policy: VersionPolicy): VersionPolicy {
  const faults = [...legacyFaults(policy), ...nameFaults(policy)];
  if (faults.length > 0) throw new Error(`version policy: ${faults.join('; ')}`);
  return Object.freeze(policy);
}

function legacyFaults(policy: VersionPolicy): string[] {
  return Object.entries(policy.legacy).flatMap(([version, legacy]) => {
    if (legacy === undefined) return [];
    const deprecatedMs = Date.parse(legacy.deprecatedAt);
    const sunsetMs = Date.parse(legacy.sunsetAt);
    if (Number.isNaN(deprecatedMs)) return [`${version}: deprecatedAt is no date`];
    if (Number.isNaN(sunsetMs)) return [`${version}: sunsetAt is no date`];
    const faults = (legacy.brownOuts ?? []).flatMap((brownOut) =>
      brownOutFaults(version, brownOut, deprecatedMs),
    );
    return sunsetMs < deprecatedMs ? [`${version}: its sunset is before its deprecation`, ...faults] : faults;
  });
}

function brownOutFaults(version: string, { from, to }: BrownOut, deprecatedMs: number): string[] {
  const [fromMs, toMs] = [Date.parse(from), Date.parse(to)];
  if (Number.isNaN(fromMs) || Number.isNaN(toMs)) return [`${version}: a brown-out has no date`];
  if (toMs <= fromMs) return [`${version}: the brown-out from ${from} ends before it begins`];
  return fromMs < deprecatedMs ? [`${version}: the brown-out from ${from} is before its deprecation`] : [];
}

function nameFaults({ current, legacy, preview }: VersionPolicy): string[] {
  const all = [current, ...Object.keys(legacy), ...preview];
  return [
    ...all.filter((name) => !isVersionName(name)).map((name) => `${name}: is not written as v1`),
    ...all.filter((name, i) => all.indexOf(name) !== i).map((name) => `${name}: is named twice`),
  ];
}

/** `v` and a number without leading zeros, up to `v999`. */
export function isVersionName(text: string): text is ApiVersion {
  return /^v[1-9]\d{0,2}$/.test(text);
}
