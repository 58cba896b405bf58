import type { WaysFrom } from '../../api/types';
import { formatNumber } from '../../lib/format';
import { beyondText, withinText } from '../../lib/nearness';
import { nameOfWord, type Word } from '../../lib/names';
import { groupOfCell, verdictOf } from '../../lib/surface';
import { codeText } from '../../locales/codes';
import { GroupSymbol } from '../../map/MapLegend';
import { useTexts } from '../texts';

interface Props {
  from: WaysFrom;
  kinds: readonly Word[];
}

/** The nearest places of what is selected, the minutes there, and why that is or is not enough. */
export function WaysCard({ from, kinds }: Props) {
  const { t, name } = useTexts();
  const group = groupOfCell(from.class);
  const [nearest] = from.ways;
  const far = nearest?.metres ?? nearest?.seconds ?? null;
  return (
    <section className="ways" aria-labelledby="ways-title">
      <h3 id="ways-title">{t('ways.title')}</h3>
      <p className="verdict">
        {group !== null && (
          <>
            <GroupSymbol group={group} />
            {codeText(t, 'verdict', verdictOf(from.class))}
          </>
        )}
      </p>
      <p>
        {from.state !== 'ok' && t(`ways.${from.state}`)}
        {far !== null && from.reach !== null && (far > from.reach ? beyondText : withinText)(t, far, from.reach, from.timed)}
      </p>
      {from.ways.length > 0 && (
        <table className="plain">
          <thead>
            <tr>
              <th scope="col">{t('ways.place')}</th>
              <th scope="col">{t('points.kind')}</th>
              {!from.timed && <th scope="col" className="number">{t('points.metres')}</th>}
              <th scope="col" className="number">{t('ways.minutes')}</th>
            </tr>
          </thead>
          <tbody>
            {from.ways.map((way, i) => (
              <tr key={way.facility}>
                <th scope="row">
                  <span className={i === 0 ? 'way-first' : 'way-second'} aria-hidden="true" />
                  {t(i === 0 ? 'ways.first' : 'ways.second', { name: way.name || way.facility })}
                </th>
                <td>{nameOfWord(kinds, way.kind, name)}</td>
                {way.metres !== null && <td className="number">{formatNumber(way.metres, 1)}</td>}
                <td className="number">{way.minutes === null ? '—' : formatNumber(way.minutes, 1)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
