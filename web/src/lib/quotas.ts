// Quotas of new places by area, as a draft keeps them: "640104=2..5;640105=..0".

export interface Quota {
  area: string;
  least: string;
  most: string;
}

export function readQuotas(text: string): Quota[] {
  return text
    .split(';')
    .filter(Boolean)
    .map((part) => {
      const [area = '', bounds = ''] = part.split('=');
      const [least = '', most = ''] = bounds.split('..');
      return { area, least, most };
    });
}

const write = (quotas: readonly Quota[]) => quotas.map(({ area, least, most }) => `${area}=${least}..${most}`).join(';');

/** The quotas with those of one area as they are typed; both left empty is none. */
export function withQuota(text: string, quota: Quota): string {
  const others = readQuotas(text).filter(({ area }) => area !== quota.area);
  return write(quota.least === '' && quota.most === '' ? others : [...others, quota]);
}

export type QuotaFault = 'number' | 'order';

/** What is wrong with a quota; the server says what it is impossible for. */
export function faultOfQuota({ least, most }: Quota): QuotaFault | undefined {
  if (![least, most].every((bound) => /^\s*\d*\s*$/.test(bound))) return 'number';
  return least.trim() !== '' && most.trim() !== '' && Number(least) > Number(most) ? 'order' : undefined;
}

/** As the server takes them. */
export const quotasAsked = (text: string) =>
  readQuotas(text).map(({ area, least, most }) => ({
    area,
    ...(least.trim() === '' ? {} : { least: Number(least) }),
    ...(most.trim() === '' ? {} : { most: Number(most) }),
  }));

interface PartOfRegion {
  code: string;
  parent: string;
  level: string;
}

const partOf: Readonly<Record<string, string>> = { region: 'county', prefecture: 'county', county: 'township', township: 'village' };

/** The areas that places in an area are counted by: counties, of a county its townships, of a township its villages. */
export function quotaAreas<A extends PartOfRegion>(areas: readonly A[], of: string): A[] {
  const known = new Map(areas.map((area) => [area.code, area]));
  const level = partOf[known.get(of)?.level ?? ''];
  const below = (area: PartOfRegion): boolean => {
    for (let up: PartOfRegion | undefined = area; up !== undefined; up = known.get(up.parent)) if (up.parent === of) return true;
    return false;
  };
  return areas.filter((area) => area.level === level && below(area));
}
