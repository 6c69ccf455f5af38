// Which of the declared services are on: those without profiles, and those with one that is asked for.

export interface DeclaredServices {
  /** Those that are on, sorted. */
  readonly services: readonly string[];
  /** Those that are not, each with its profiles. */
  readonly behindProfile: ReadonlyMap<string, readonly string[]>;
}

/**
 * @param all each service with its profiles, once for every file that has it
 * @param asked the value of COMPOSE_PROFILES
 */
export function divideServices(
  all: readonly (readonly [service: string, profiles: readonly string[]])[],
  asked: string | undefined,
): DeclaredServices {
  const merged = new Map<string, readonly string[]>();
  for (const [service, profiles] of all) merged.set(service, [...(merged.get(service) ?? []), ...profiles]);
  const active = (asked ?? '').split(',').map((profile) => profile.trim());
  const isOn = (profiles: readonly string[]): boolean =>
    profiles.length === 0 || active.includes('*') || profiles.some((profile) => active.includes(profile));
  return {
    services: [...merged].flatMap(([service, profiles]) => (isOn(profiles) ? [service] : [])).toSorted(),
    behindProfile: new Map([...merged].filter(([, profiles]) => !isOn(profiles))),
  };
}
