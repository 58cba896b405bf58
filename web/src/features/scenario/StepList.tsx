import { nameOfWord } from '../../lib/names';
import { otherKinds, stepKinds } from '../../lib/steps';
import type { Step } from '../../api/scenarios';
import type { Shell } from '../shell/shell';
import { useTexts } from '../texts';
import type { ScenarioWork } from './useScenario';

/** The steps of the scenario in their order; what is only tried says so. */
export function StepList({ work, shell }: { work: ScenarioWork; shell: Shell }) {
  const { t, name } = useTexts();
  if (work.steps.length === 0) return work.scenario === undefined ? null : <p className="muted">{t('scenario.empty')}</p>;
  const kept = new Set((work.scenario?.steps ?? []).map(({ key }) => key));
  const label = (op: string) => {
    const known = [...stepKinds, ...otherKinds].find((kind) => kind === op);
    return known === undefined ? op : t(`scenario.op.${known}`);
  };
  const what = (step: Step) =>
    [
      step.name,
      step.kind === undefined ? undefined : nameOfWord(shell.plan.kinds, step.kind, name),
      step.ids?.length ? `${step.ids.join(', ')} → ${step.id ?? ''}` : step.id,
      step.at?.map((degrees) => degrees.toFixed(5)).join(', '),
      step.to?.map((degrees) => degrees.toFixed(5)).join(', '),
      step.object === undefined ? undefined : [step.object, step.variant, step.parameter, step.area].filter(Boolean).join(' '),
      step.value,
      step.people === undefined ? undefined : `${String(step.people)} ${t('scenario.persons')}`,
      ...Object.entries(step.fields ?? {}).map(([field, value]) => `${field} ${String(value)}`),
    ]
      .filter(Boolean)
      .join(' · ');
  return (
    <table className="plain steps">
      <caption className="visually-hidden">{t('scenario.steps')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('scenario.what')}</th>
          <th scope="col">{t('scenario.object')}</th>
          <th scope="col"><span className="visually-hidden">{t('scenario.remove')}</span></th>
        </tr>
      </thead>
      <tbody>
        {work.steps.map((step, i) => (
          <tr key={step.key ?? `tried ${i}`}>
            <th scope="row">{label(step.op)}</th>
            <td className="wrap">{what(step)}</td>
            <td>
              {step.key !== undefined && kept.has(step.key) && work.writable ? (
                <button
                  type="button"
                  className="link"
                  aria-label={`${t('scenario.remove')} ${label(step.op)} ${what(step)}`}
                  onClick={() => { work.write({ do: 'edit', edits: [{ do: 'remove', key: step.key ?? '' }] }); }}
                >
                  {t('scenario.remove')}
                </button>
              ) : (
                <span className="muted">{step.key === undefined || !kept.has(step.key) ? t('scenario.tried') : ''}</span>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
