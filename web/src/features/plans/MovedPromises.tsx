import type { Effect } from '../../api/types';
import { formatNumber } from '../../lib/format';
import { promisesMoved } from '../../lib/plan-numbers';
import { codeText } from '../../locales/codes';
import { ScrollRegion } from '../../components/ScrollRegion';
import { StateMark } from '../../components/StateMark';
import type { Shell } from '../shell/shell';
import { useTexts } from '../texts';

/** So many areas of a promise are listed; the number of all stands above. */
const mostRows = 60;

/** Which promises a number moves, in which areas: values and states before and after. */
export function MovedPromises({ effects, shell }: { effects: readonly Effect[]; shell: Shell }) {
  const { t, name, unit } = useTexts();
  const moved = promisesMoved(effects);
  if (moved.length === 0) return <p>{t('try.nothing')}</p>;
  const areas = new Map(shell.areas.map((area) => [area.code, area]));
  const objects = new Map(shell.plan.clauses.flatMap((clause) => clause.objects.map((object) => [object.id, { clause: clause.id, name: object.name }] as const)));
  const label = (id: string) => {
    const object = objects.get(id);
    return object === undefined ? id : `${object.clause} ${name(object.name)}`;
  };
  const shown = (effect: Effect, value: number | null) =>
    value === null ? '—' : `${formatNumber(value, 2)} ${unit(effect.unit)}`;
  return (
    <>
      {moved.map(({ indicator, effects: of, restated }) => (
        <ScrollRegion key={indicator} label={label(indicator)}>
          <table className="plain plan-effects">
            <caption>{t('plans.moved', { promise: label(indicator), areas: of.length, restated })}</caption>
            <thead>
              <tr>
                <th scope="col">{t('plans.area')}</th>
                <th scope="col" className="number">{t('try.before')}</th>
                <th scope="col" className="number">{t('try.after')}</th>
                <th scope="col">{t('table.state')}</th>
              </tr>
            </thead>
            <tbody>
              {of.slice(0, mostRows).map((effect) => (
                <tr key={effect.area}>
                  <th scope="row">{name(areas.get(effect.area)?.name ?? { zh: effect.area, en: effect.area })}</th>
                  <td className="number">{shown(effect, effect.before)}</td>
                  <td className="number">{shown(effect, effect.after)}</td>
                  <td>
                    {effect.state_before !== effect.state_after && (
                      <>
                        <StateMark state={effect.state_before} label={codeText(t, 'state', effect.state_before)} /> →{' '}
                      </>
                    )}
                    <StateMark state={effect.state_after} label={codeText(t, 'state', effect.state_after)} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          {of.length > mostRows && <p className="muted">{t('plans.more', { count: of.length - mostRows })}</p>}
        </ScrollRegion>
      ))}
    </>
  );
}
