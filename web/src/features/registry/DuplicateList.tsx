import { useMutation, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { duplicatesQuery, withdrawRow, type RowsQuestion } from '../../api/registers';
import type { DuplicatePair, RegisterRow } from '../../api/types';
import { formatNumber } from '../../lib/format';
import { OnceKeys } from '../../lib/ids';
import { codeText } from '../../locales/codes';
import { Failure } from '../../components/Failure';
import { Loading } from '../../components/Loading';
import { Pager } from '../../components/Pager';
import { StepLink } from '../../components/StepLink';
import { Tag } from '../../components/Tag';
import type { Shell } from '../shell/shell';
import { useTexts } from '../texts';
import { useWords } from './useWords';

const pageSize = 20;

interface Props {
  question: RowsQuestion;
  shell: Shell;
}

/** Pairs of rows that may speak of one thing, with the reasons; people decide, and can take it back. */
export function DuplicateList({ question, shell }: Props) {
  const { t, error: errorText } = useTexts();
  const [page, setPage] = useState(0);
  const keys = useMemo(() => new OnceKeys(), []);
  const { data, error, refetch } = useQuery(duplicatesQuery(question, { offset: page * pageSize, limit: pageSize }));
  const withdraw = useMutation({
    mutationFn: (id: string) =>
      shell.commit('saved', () => withdrawRow({ register: question.register, id, area: question.area }, keys.keyFor(id))),
    onSuccess: () => { keys.done(); },
  });
  if (data === undefined) {
    return error === null ? (
      <Loading label={t('status.loading')} />
    ) : (
      <Failure message={errorText(error)} retryLabel={t('status.retry')} onRetry={() => { void refetch(); }} />
    );
  }
  return (
    <section className="card duplicates" aria-label={t('registry.duplicates')}>
      <p role="status">{data.total === 0 ? t('registry.noDuplicates') : t('registry.duplicateCount', { count: data.total, shown: formatNumber(data.total) })}</p>
      {withdraw.error && (
        <p className="form-error" role="alert">
          {errorText(withdraw.error)}
        </p>
      )}
      <ul>
        {data.pairs.map((pair) => (
          <Pair key={`${pair.a.id} ${pair.b.id}`} pair={pair} busy={withdraw.isPending} onWithdraw={(id) => { withdraw.mutate(id); }} shell={shell} />
        ))}
      </ul>
      <Pager total={data.total} page={page} size={pageSize} onPage={setPage} />
    </section>
  );
}

interface PairProps {
  pair: DuplicatePair;
  busy: boolean;
  onWithdraw: (id: string) => void;
  shell: Shell;
}

function Pair({ pair, busy, onWithdraw, shell }: PairProps) {
  const { t, name, source } = useTexts();
  const words = useWords(shell);
  const side = (row: RegisterRow) => (
    <div className="side">
      <StepLink href={shell.linkTo({ row: row.id, tab: '' })} onFollow={() => { shell.go({ row: row.id, tab: '' }); }} current={false}>
        {words.row(row)}
      </StepLink>
      <p className="muted">
        {words.kind(row.kind)} · {name(row.area_name)} · <code>{row.id}</code>
      </p>
      <p className="muted">
        {source(row.source) || '—'} <Tag kind={row.provenance} label={codeText(t, 'provenance', row.provenance)} />
      </p>
      <button type="button" disabled={busy} onClick={() => { onWithdraw(row.id); }}>
        {t('registry.withdrawThis')}
        <span className="visually-hidden"> {row.id}</span>
      </button>
    </div>
  );
  return (
    <li>
      <p>
        {pair.reasons.map((reason) => (
          <Tag key={reason} kind="unverified" label={codeText(t, 'duplicateReason', reason)} />
        ))}{' '}
        {pair.metres !== null && <span className="muted">{t('registry.apart', { metres: formatNumber(Math.round(pair.metres)) })}</span>}
      </p>
      <div className="pair">
        {side(pair.a)}
        {side(pair.b)}
      </div>
    </li>
  );
}
