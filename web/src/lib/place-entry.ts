/** A typed number of degrees between −max and max, or null. */
export function parseDegrees(text: string, max: number): number | null {
  const trimmed = text.trim().replace('−', '-');
  if (!/^-?\d+(\.\d+)?$/.test(trimmed)) return null;
  const degrees = Number(trimmed);
  return Math.abs(degrees) <= max ? degrees : null;
}
