/** The faults of cells in a refusal, by the column they are of. */
export function faultsOf(args: Readonly<Record<string, unknown>>): Record<string, string> {
  const faults = args['faults'];
  if (!Array.isArray(faults)) return {};
  const found: Record<string, string> = {};
  for (const fault of faults as unknown[]) {
    if (typeof fault !== 'object' || fault === null) continue;
    const read = (name: string): string => {
      const value: unknown = Reflect.get(fault, name);
      return typeof value === 'string' ? value : '';
    };
    found[read('column')] = [read('message'), read('remedy')].filter(Boolean).join(' — ');
  }
  return found;
}
