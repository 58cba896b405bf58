import type { Ranking } from '../../api/types';
import type { Band } from '../../lib/area-scale';
import { formatNumber } from '../../lib/format';
import { fillings, type Tone } from '../../map/tones';
import { useTexts } from '../texts';

interface Props {
  ranking: Ranking;
  /** How many areas have each tone. */
  counts: ReadonlyMap<Tone, number>;
  unit: string;
}

const number = (value: number) => formatNumber(value, 6);

/** What the colours and textures of areas mean, with how many areas each holds. */
export function AreaLegend({ ranking, counts, unit }: Props) {
  const { t } = useTexts();
  const rangeOf = ({ from, to }: Band) => {
    if (from === null && to === null) return t('areaLegend.all');
    if (from === null) return t('areaLegend.below', { to: number(to ?? 0), unit });
    if (to === null) return t('areaLegend.above', { from: number(from), unit });
    return t('areaLegend.between', { from: number(from), to: number(to), unit });
  };
  const textOf = (band: Band) => {
    const range = ranking.scale.of === 'gap' ? t('areaLegend.gap', { range: rangeOf(band) }) : rangeOf(band);
    if (band.tone === 'best' || band.tone === 'met') return t('areaLegend.met', { range });
    if (band.tone === 'short' || band.tone === 'far_short') return t('areaLegend.short', { range });
    return range;
  };
  const entries: [Tone, string][] = [
    ...ranking.scale.bands.map((band): [Tone, string] => [band.tone, textOf(band)]),
    ['no_data', t('legend.no_data')],
    ['not_applicable', t('legend.not_applicable')],
  ];
  return (
    <ul className="legend area-legend">
      {entries
        .filter(([tone]) => counts.has(tone) || (tone !== 'no_data' && tone !== 'not_applicable'))
        .map(([tone, text]) => (
          <li key={tone}>
            <ToneSymbol tone={tone} />
            <span>{text}</span>
            <span className="number">{t('areaLegend.count', { count: counts.get(tone) ?? 0 })}</span>
          </li>
        ))}
    </ul>
  );
}

function ToneSymbol({ tone }: { tone: Tone }) {
  const { colour, texture } = fillings[tone];
  return (
    <svg viewBox="0 0 24 16" width="24" height="16" aria-hidden="true">
      <rect width="24" height="16" fill={colour} stroke="#98a4b1" />
      {texture &&
        [0, 8, 16].flatMap((x) =>
          [0, 8].map((y) => (
            <path key={`${x} ${y}`} d={texture.path} transform={`translate(${x} ${y})`} stroke={texture.colour} strokeWidth={texture.width} fill="none" />
          )),
        )}
    </svg>
  );
}
