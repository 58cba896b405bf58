import type { Plan, Result } from '../../api/types';
import { matches } from '../../lib/scoreboard';
import { codeText } from '../../locales/codes';
import { ChoiceFilter } from '../../components/ChoiceFilter';
import { StateMark } from '../../components/StateMark';
import { StepLink } from '../../components/StepLink';
import { Tag } from '../../components/Tag';
import { WordsFilter } from '../../components/WordsFilter';
import { Downloads } from '../reports/Downloads';
import type { Shell } from '../shell/shell';
import { useTexts } from '../texts';

type Clause = Plan['clauses'][number];

interface Props {
  results: readonly Result[];
  shell: Shell;
}

/** Every clause in its order: how it binds, who answers for it, where it stands. */
export function Ledger({ results, shell }: Props) {
  const { t, name } = useTexts();
  const { plan, state, go } = shell;
  const counting = new Map(results.filter((result) => result.chosen).map((result) => [result.indicator, result]));
  const clauses = plan.clauses.filter((clause) => !clause.heading);
  const owners = [...new Map(clauses.map(({ owner }) => [owner.zh, owner])).values()].filter(({ zh }) => zh !== '');
  const filtered = state.words !== '' || state.owner !== '';
  const shown = plan.clauses.filter((clause) =>
    clause.heading
      ? !filtered
      : (state.owner === '' || clause.owner.zh === state.owner) &&
        matches(state.words, [clause.id, clause.name.zh, clause.name.en, clause.text.zh, clause.text.en]),
  );
  const measured = clauses.filter((clause) => clause.objects.some((object) => object.measured)).length;
  const carried = clauses.filter((clause) => clause.objects.length > 0).length;
  return (
    <>
      <div className="scoreboard-head">
        <h2 className="headline">{t('ledger.sentence', { clauses: clauses.length, carried, measured })}</h2>
        <form className="filters" role="search" onSubmit={(event) => { event.preventDefault(); }}>
          <WordsFilter value={state.words} onChange={(words) => { go({ words }, 'replace'); }} />
          <ChoiceFilter
            name="owner"
            label={t('detail.owner')}
            value={state.owner}
            choices={owners.map((owner) => ({ value: owner.zh, label: name(owner) }))}
            onChange={(owner) => { go({ owner }, 'replace'); }}
          />
        </form>
      </div>
      <Downloads question={{ report: 'annual', area: state.area, period: state.period }} title={t('reports.annual')} formats={['docx', 'pdf', 'html', 'xlsx']} />
      <Downloads question={{ report: 'ledger', area: state.area, period: state.period }} title={t('nav.ledger')} formats={['xlsx', 'csv']} />
      <section className="card table-scroll" aria-label={t('nav.ledger')}>
        <table className="plain ledger">
          <thead>
            <tr>
              <th scope="col">{t('table.clause')}</th>
              <th scope="col">{t('ledger.text')}</th>
              <th scope="col">{t('detail.force')}</th>
              <th scope="col">{t('detail.owner')}</th>
              <th scope="col">{t('ledger.stands')}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((clause) => (
              <ClauseRow key={clause.id} clause={clause} counting={counting} shell={shell} />
            ))}
          </tbody>
        </table>
        {shown.length === 0 && <p className="empty">{t('table.nothing')}</p>}
      </section>
    </>
  );
}

function ClauseRow({ clause, counting, shell }: { clause: Clause; counting: ReadonlyMap<string, Result>; shell: Shell }) {
  const { t, name } = useTexts();
  if (clause.heading) {
    return (
      <tr className="ledger-heading">
        <td className="clause">{clause.id}</td>
        <th scope="colgroup" colSpan={4} className="wrap">
          {name(clause.name)}
        </th>
      </tr>
    );
  }
  return (
    <tr>
      <td className="clause">{clause.id}</td>
      <th scope="row" className="wrap">
        {name(clause.name)}{' '}
        {clause.status === 'source_truncated' && <Tag kind="unverified" label={t('ledger.truncated')} />}
        {name(clause.text) !== '' && <p className="muted">{name(clause.text)}</p>}
        {clause.note && <p className="muted">{t('ledger.note', { note: name(clause.note) })}</p>}
      </th>
      <td>{codeText(t, 'force', clause.force)}</td>
      <td className="wrap">
        {name(clause.owner) || '—'} {clause.owner_status === 'proposed' && <Tag kind="unverified" label={t('ledger.proposed')} />}
      </td>
      <td>
        <ul>
          {clause.objects.map(({ id }) => {
            const result = counting.get(id);
            return result && <li key={id}><Standing result={result} shell={shell} /></li>;
          })}
          <Unmeasured objects={clause.objects.filter(({ id }) => !counting.has(id))} />
          {clause.objects.length === 0 && <li className="muted wrap">{clause.reason ? name(clause.reason) : t('ledger.nothing')}</li>}
        </ul>
      </td>
    </tr>
  );
}

const fewObjects = 3;

/** What carries a clause without a value here, by kind; many of one kind are folded. */
function Unmeasured({ objects }: { objects: Clause['objects'] }) {
  const { t, name } = useTexts();
  return [...new Set(objects.map(({ kind }) => kind))].map((kind) => {
    const all = objects.filter((object) => object.kind === kind);
    const of = codeText(t, 'kind', kind);
    return all.length <= fewObjects ? (
      all.map((object) => <li key={object.id} className="muted wrap">{t('ledger.one', { kind: of, name: name(object.name) })}</li>)
    ) : (
      <li key={kind} className="muted">
        <details>
          <summary>{t('ledger.several', { kind: of, number: all.length })}</summary>
          <ul>{all.map((object) => <li key={object.id} className="wrap">{name(object.name)}</li>)}</ul>
        </details>
      </li>
    );
  });
}

/** Where a measured clause stands, as a link to the reasons. */
function Standing({ result, shell }: { result: Result; shell: Shell }) {
  const { t, name, value, unitOf } = useTexts();
  const step = { screen: 'indicator', indicator: result.indicator, variant: result.variant } as const;
  return (
    <StepLink href={shell.linkTo(step)} onFollow={() => { shell.go(step); }} current={false} className="standing">
      <StateMark state={result.state} label={codeText(t, 'state', result.state)} />
      {result.value !== null && (
        <span className="number">
          {value(result)} {unitOf(result)}
        </span>
      )}
      {result.provenance === 'generated' && <Tag kind="generated" label={codeText(t, 'provenance', 'generated')} />}
      <span className="visually-hidden">{name(result.name)}</span>
    </StepLink>
  );
}
