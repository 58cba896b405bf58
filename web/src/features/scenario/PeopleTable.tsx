import type { SurfaceChange } from '../../api/scenarios';
import type { Area } from '../../api/types';
import { formatNumber } from '../../lib/format';
import { useTexts } from '../texts';

const shift = (gained: number, lost: number) =>
  [gained > 0 ? `+${formatNumber(gained)}` : '', lost > 0 ? `−${formatNumber(lost)}` : ''].filter(Boolean).join(' ') || '0';

/** Who gains and who loses, by county and age, as numbers beside the difference map. */
export function PeopleTable({ change, areas }: { change: SurfaceChange; areas: readonly Area[] }) {
  const { t, name } = useTexts();
  if (change.parts.length === 0) return <p className="muted">{t('scenario.nobody')}</p>;
  const bands = change.parts.find(({ ages }) => ages.length > 0)?.ages ?? [];
  const band = (from: number, to: number) => (to < 0 ? t('scenario.ageOpen', { from }) : t('scenario.age', { from, to }));
  return (
    <div className="table-scroll">
      <table className="plain people-shift">
        <caption>{t('scenario.people')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('scenario.county')}</th>
            <th scope="col" className="number">{t('scenario.gained')}</th>
            <th scope="col" className="number">{t('scenario.lost')}</th>
            {bands.map(({ from, to }) => (
              <th key={from} scope="col" className="number">{band(from, to)}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {change.parts.map(({ area, gained, lost, ages }) => {
            const known = areas.find(({ code }) => code === area);
            return (
              <tr key={area}>
                <th scope="row">{known ? name(known.name) : area}</th>
                <td className="number">{formatNumber(gained)}</td>
                <td className="number">{formatNumber(lost)}</td>
                {bands.map(({ from }, i) => {
                  const part = ages[i];
                  return <td key={from} className="number">{part ? shift(part.gained, part.lost) : '—'}</td>;
                })}
              </tr>
            );
          })}
        </tbody>
      </table>
      {bands.length > 0 ? <p className="muted">{t('scenario.agesEstimated')}</p> : <p className="muted">{t('scenario.agesUnknown')}</p>}
    </div>
  );
}
