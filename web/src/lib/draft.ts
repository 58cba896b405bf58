export type Draft = Readonly<Record<string, string | boolean>>;

/** Reads a kept draft over its initial values; unknown fields and other types are left out. */
export function parseDraft<D extends Draft>(kept: string | null, initial: D): D {
  if (kept === null) return initial;
  let stored: unknown;
  try {
    stored = JSON.parse(kept);
  } catch {
    return initial;
  }
  if (typeof stored !== 'object' || stored === null) return initial;
  const draft: Record<string, string | boolean> = { ...initial };
  for (const [name, value] of Object.entries(initial)) {
    const found: unknown = Reflect.get(stored, name);
    if ((typeof found === 'string' || typeof found === 'boolean') && typeof found === typeof value) {
      draft[name] = found;
    }
  }
  return draft as D;
}
