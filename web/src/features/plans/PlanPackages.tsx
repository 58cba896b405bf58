import { useQuery } from '@tanstack/react-query';
import { planPackagesQuery, type PlanPackage } from '../../api/plans';
import { findNumbers, numberKey } from '../../lib/plan-numbers';
import { codeText } from '../../locales/codes';
import { Failure } from '../../components/Failure';
import { Loading } from '../../components/Loading';
import { ScrollRegion } from '../../components/ScrollRegion';
import { StepLink } from '../../components/StepLink';
import { Tag } from '../../components/Tag';
import { WordsFilter } from '../../components/WordsFilter';
import type { Shell } from '../shell/shell';
import { useTexts } from '../texts';
import { NumberTable } from './NumberTable';
import { NumberTrial } from './NumberTrial';

/** The plan and those above it as they are written, and what another number would change. */
export function PlanPackages({ shell }: { shell: Shell }) {
  const { t, name, error: errorText } = useTexts();
  const { data, error, refetch } = useQuery(planPackagesQuery);
  if (data === undefined) {
    return error === null ? (
      <Loading label={t('status.loading')} />
    ) : (
      <Failure message={errorText(error)} retryLabel={t('status.retry')} onRetry={() => { void refetch(); }} />
    );
  }
  const { packages } = data;
  const open = packages.find(({ id }) => id === shell.state.plan) ?? packages[packages.length - 1];
  if (open === undefined) return null;
  const numbers = findNumbers(open.numbers, shell.state.words);
  const tried = open.numbers.find((n) => numberKey(n) === shell.state.row);
  return (
    <>
      <p className="muted">{t('plans.cascade')}</p>
      <ol className="plan-cascade">
        {packages.map((p) => (
          <li key={p.id}>
            <StepLink
              href={shell.linkTo({ plan: p.id, row: '' })}
              onFollow={() => { shell.go({ plan: p.id, row: '' }); }}
              current={p === open}
              className="button"
            >
              {name(p.name)}
            </StepLink>
          </li>
        ))}
      </ol>
      <section className="card" aria-labelledby="plan-title">
        <h3 id="plan-title">{name(open.name)}</h3>
        <p>
          {t('plans.about', { id: open.id, version: open.version, year: open.year })}
          {open.source !== '' && <> · {open.source}</>}
          {open.areas.length > 0 && <> · {t('plans.areas', { areas: open.areas.join(t('table.comma')) })}</>} · <code>{open.hash.slice(0, 12)}</code>
        </p>
      </section>
      {tried !== undefined && <NumberTrial key={shell.state.row} number={tried} shell={shell} />}
      <section className="card" aria-labelledby="plan-numbers">
        <div className="scoreboard-head">
          <h3 id="plan-numbers">{t('plans.numbers', { count: open.numbers.length })}</h3>
          <form className="filters" role="search" onSubmit={(event) => { event.preventDefault(); }}>
            <WordsFilter value={shell.state.words} onChange={(words) => { shell.go({ words }, 'replace'); }} />
          </form>
        </div>
        <NumberTable numbers={numbers} shell={shell} />
      </section>
      <Findings open={open} />
      <Clauses open={open} />
    </>
  );
}

/** What checking the package says: what is open first, then what it accepts and why. */
function Findings({ open }: { open: PlanPackage }) {
  const { t, name } = useTexts();
  const accepted = open.findings.filter(({ reason }) => name(reason) !== '').length;
  return (
    <details className="card">
      <summary>{t('plans.findings', { open: open.findings.length - accepted, accepted })}</summary>
      {open.findings.length === 0 ? (
        <p className="empty">{t('plans.sound')}</p>
      ) : (
        <ScrollRegion label={t('plans.findings', { open: open.findings.length - accepted, accepted })}>
          <table className="plain">
            <thead>
              <tr>
                <th scope="col">{t('plans.severity')}</th>
                <th scope="col">{t('plans.finding')}</th>
                <th scope="col">{t('plans.acceptedWhy')}</th>
                <th scope="col">{t('plans.where')}</th>
              </tr>
            </thead>
            <tbody>
              {open.findings.map((f) => (
                <tr key={`${f.file}:${f.line}:${f.column} ${f.code} ${f.message}`}>
                  <td>{t(name(f.reason) !== '' ? 'plans.accepted' : f.severity === 'error' ? 'plans.error' : 'plans.warning')}</td>
                  <th scope="row" className="wrap">
                    {codeText(t, 'error', f.code, { fallback: f.code })}
                    <p className="muted" lang="en">
                      {f.message}; {f.repair}
                    </p>
                  </th>
                  <td className="wrap">{name(f.reason) || '—'}</td>
                  <td>
                    <code>
                      {f.file}:{f.line}
                    </code>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollRegion>
      )}
    </details>
  );
}

function Clauses({ open }: { open: PlanPackage }) {
  const { t, name } = useTexts();
  const clauses = open.clauses.filter(({ heading }) => !heading);
  return (
    <details className="card">
      <summary>{t('plans.clauses', { count: clauses.length })}</summary>
      {clauses.length === 0 ? (
        <p className="empty">{t('plans.noClauses')}</p>
      ) : (
        <ScrollRegion label={t('plans.clauses', { count: clauses.length })}>
          <table className="plain">
            <thead>
              <tr>
                <th scope="col">{t('table.clause')}</th>
                <th scope="col">{t('ledger.text')}</th>
                <th scope="col">{t('detail.force')}</th>
                <th scope="col">{t('plans.status')}</th>
                <th scope="col">{t('plans.carried')}</th>
              </tr>
            </thead>
            <tbody>
              {open.clauses.map((clause) => (
                <tr key={clause.id} className={clause.heading ? 'ledger-heading' : undefined}>
                  <td className="clause">{clause.id}</td>
                  <th scope="row" className="wrap">{name(clause.name)}</th>
                  <td>{clause.heading ? '' : codeText(t, 'force', clause.force)}</td>
                  <td>{clause.heading ? '' : <Tag kind={clause.status} label={codeText(t, 'targetStatus', clause.status)} />}</td>
                  <td className="wrap">{clause.objects.join(t('table.comma')) || (clause.heading ? '' : '—')}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollRegion>
      )}
    </details>
  );
}
