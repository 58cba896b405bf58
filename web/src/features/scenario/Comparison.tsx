import { useQuery } from '@tanstack/react-query';
import { comparisonQuery, scenarioQuery } from '../../api/scenarios';
import type { Result } from '../../api/types';
import { Failure } from '../../components/Failure';
import { Loading } from '../../components/Loading';
import { StateMark } from '../../components/StateMark';
import { formatNumber } from '../../lib/format';
import { codeText } from '../../locales/codes';
import type { Shell } from '../shell/shell';
import { useTexts } from '../texts';

interface Props {
  shell: Shell;
  results: readonly Result[];
  /** The revision of the scenario at hand, so that an edit is compared anew. */
  revision: number;
}

const number = (value: number | null) => (value === null ? '—' : formatNumber(value, 2));

/** Two scenarios beside the baseline: every number that one of them changes here. */
export function Comparison({ shell, results, revision }: Props) {
  const { t, name, unit, error: errorText } = useTexts();
  const { scenario, compare, area } = shell.state;
  const a = useQuery(scenarioQuery(scenario));
  const b = useQuery(scenarioQuery(compare));
  const { data, error, refetch } = useQuery(comparisonQuery(scenario, compare, `${revision} ${b.data?.revision ?? 0}`));
  if (error !== null) return <Failure message={errorText(error)} retryLabel={t('status.retry')} onRetry={() => { void refetch(); }} />;
  if (data === undefined) return <Loading label={t('status.loading')} />;
  const here = data.results.filter((row) => row.area === area);
  const titleOf = (indicator: string, variant: string) => {
    const result = results.find((known) => known.indicator === indicator && known.variant === variant);
    return result ? [result.clause, name(result.name), name(result.variant_name)].filter(Boolean).join(' ') : indicator;
  };
  const cell = (value: number | null, state: string) => (
    <>
      {number(value)} <StateMark state={state} label={codeText(t, 'state', state)} />
    </>
  );
  return (
    <section className="card comparison" aria-labelledby="comparison-title">
      <h3 id="comparison-title">{t('scenario.comparison')}</h3>
      <div className="table-scroll">
        <table className="plain">
          <thead>
            <tr>
              <th scope="col">{t('try.indicator')}</th>
              <th scope="col" className="number">{t('scenario.baseline')}</th>
              <th scope="col" className="number">{a.data?.name ?? scenario}</th>
              <th scope="col" className="number">{b.data?.name ?? compare}</th>
              <th scope="col">{t('scenario.unit')}</th>
            </tr>
          </thead>
          <tbody>
            {here.map((row) => (
              <tr key={`${row.indicator} ${row.variant}`}>
                <th scope="row" className="wrap">{titleOf(row.indicator, row.variant)}</th>
                <td className="number">{cell(row.before, row.state_before)}</td>
                <td className="number">{cell(row.a, row.state_a)}</td>
                <td className="number">{cell(row.b, row.state_b)}</td>
                <td>{unit(row.unit)}</td>
              </tr>
            ))}
            <tr>
              <th scope="row">{t('scenario.gained')}</th>
              <td className="number">0</td>
              <td className="number">{formatNumber(data.a.people.gained)}</td>
              <td className="number">{formatNumber(data.b.people.gained)}</td>
              <td>{t('scenario.persons')}</td>
            </tr>
            <tr>
              <th scope="row">{t('scenario.lost')}</th>
              <td className="number">0</td>
              <td className="number">{formatNumber(data.a.people.lost)}</td>
              <td className="number">{formatNumber(data.b.people.lost)}</td>
              <td>{t('scenario.persons')}</td>
            </tr>
          </tbody>
        </table>
      </div>
      {here.length === 0 && <p className="muted">{t('try.nothing')}</p>}
    </section>
  );
}
