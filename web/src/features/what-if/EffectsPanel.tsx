import type { ReactNode } from 'react';
import type { Effect, Result, WhatIf } from '../../api/types';
import { formatNumber, formatValue } from '../../lib/format';
import { codeText } from '../../locales/codes';
import { StateMark } from '../../components/StateMark';
import { useTexts } from '../texts';

interface Props {
  whatIf: WhatIf;
  area: string;
  results: readonly Result[];
  children: ReactNode;
}

/** What a trial would change here, before and after. */
export function EffectsPanel({ whatIf, area, results, children }: Props) {
  const { t, name, unit } = useTexts();
  const effects = whatIf.results;
  const here = effects.filter((effect) => effect.area === area);
  const resultOf = (effect: Effect) =>
    results.find((result) => result.indicator === effect.indicator && result.variant === effect.variant);
  const show = (effect: Effect, value: number | null) => {
    const result = resultOf(effect);
    if (value === null) return '—';
    return formatValue(
      { value, target: result?.target ?? null, bound: result?.target_bound ?? '' },
      result?.display ?? '',
    );
  };
  const label = (effect: Effect) => {
    const result = resultOf(effect);
    return result ? [result.clause, name(result.name), name(result.variant_name)].filter(Boolean).join(' ') : effect.indicator;
  };
  return (
    <div className="effects" role="status">
      <p>
        <b>{t('try.gained', { people: formatNumber(whatIf.people.gained) })}</b>
        {whatIf.people.lost > 0 && <> · {t('try.lost', { people: formatNumber(whatIf.people.lost) })}</>}
        <span className="muted"> · {t('try.engine', { ms: formatNumber(whatIf.engine_ms, 1) })}</span>
      </p>
      {effects.length === 0 ? (
        <p>{t('try.nothing')}</p>
      ) : (
        <table className="plain">
          <caption className="visually-hidden">{t('try.effects')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('try.indicator')}</th>
              <th scope="col" className="number">
                {t('try.before')}
              </th>
              <th scope="col" className="number">
                {t('try.after')}
              </th>
              <th scope="col">{t('table.state')}</th>
            </tr>
          </thead>
          <tbody>
            {here.map((effect) => (
              <tr key={`${effect.indicator} ${effect.variant}`}>
                <th scope="row" className="wrap">
                  {label(effect)}
                </th>
                <td className="number">{show(effect, effect.before)}</td>
                <td className="number">
                  {show(effect, effect.after)} <span className="unit">{unit(effect.unit)}</span>
                </td>
                <td>
                  <StateMark state={effect.state_after} label={codeText(t, 'state', effect.state_after)} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {effects.length > here.length && <p className="muted">{t('try.other', { count: effects.length - here.length })}</p>}
      {children}
    </div>
  );
}
