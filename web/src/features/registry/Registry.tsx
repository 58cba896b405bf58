import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { registersQuery, rowsQuery, type RowsQuestion } from '../../api/registers';
import type { RegisterHead } from '../../api/types';
import { formatNumber } from '../../lib/format';
import { ChoiceFilter } from '../../components/ChoiceFilter';
import { Failure } from '../../components/Failure';
import { Loading } from '../../components/Loading';
import { StepLink } from '../../components/StepLink';
import type { Shell } from '../shell/shell';
import { useTexts } from '../texts';
import { DuplicateList } from './DuplicateList';
import { RowMap } from './RowMap';
import { RowPanel } from './RowPanel';
import { RowTable } from './RowTable';
import { useWords } from './useWords';

/** The registers: what exists, as a long list beside its map, with the history of each row. */
export function Registry({ shell }: { shell: Shell }) {
  const { t, error: errorText } = useTexts();
  const { state } = shell;
  const { data, error, refetch } = useQuery(registersQuery(state.area));
  if (data === undefined) {
    return error === null ? (
      <Loading label={t('status.loading')} />
    ) : (
      <Failure message={`${t('status.failed')}: ${errorText(error)}`} retryLabel={t('status.retry')} onRetry={() => { void refetch(); }} />
    );
  }
  const heads = data.registers;
  const head = heads.find((known) => known.id === (state.register || 'facility'));
  if (head === undefined) {
    return (
      <p className="empty">
        {t('registry.unknown', { register: state.register })}{' '}
        <a href={shell.linkTo({ register: '' })}>{t('nav.registry')}</a>
      </p>
    );
  }
  const question: RowsQuestion = { register: head.id, area: state.area, kind: state.kind, search: state.find };
  return (
    <>
      <RegistryHead heads={heads} head={head} question={question} shell={shell} />
      {state.tab === 'duplicates' ? (
        <DuplicateList question={question} shell={shell} />
      ) : (
        <div className="columns registry-columns">
          <div className="column-left">
            <RowTable key={head.id} head={head} question={question} shell={shell} />
          </div>
          <div className="detail-side">
            {state.row !== '' && <RowPanel key={state.row} head={head} id={state.row} shell={shell} />}
            <RowMap question={question} shell={shell} />
          </div>
        </div>
      )}
    </>
  );
}

interface HeadProps {
  heads: readonly RegisterHead[];
  head: RegisterHead;
  question: RowsQuestion;
  shell: Shell;
}

function RegistryHead({ heads, head, question, shell }: HeadProps) {
  const { t, name } = useTexts();
  const words = useWords(shell);
  const { state, go, linkTo } = shell;
  const { data } = useQuery(rowsQuery(question, { sort: state.sort, offset: 0, limit: 100 }));
  const kept = heads.filter((known) => known.kept || known.id === head.id);
  const others = heads.filter((known) => !kept.includes(known));
  const choose = (known: RegisterHead) => (
    <option key={known.id} value={known.id}>
      {name(known.name) || known.id} · {known.kept ? formatNumber(known.rows) : t('registry.none')}
    </option>
  );
  return (
    <div className="scoreboard-head">
      <form className="filters" role="search" onSubmit={(event) => { event.preventDefault(); }}>
        <label className="inline">
          <span>{t('registry.register')}</span>
          <select name="register" value={head.id} onChange={(event) => { go({ register: event.target.value }); }}>
            {kept.map(choose)}
            <optgroup label={t('registry.empty')}>{others.map(choose)}</optgroup>
          </select>
        </label>
        <FindInput key={`${head.id} ${state.area}`} value={state.find} onFind={(find) => { go({ find }, 'replace'); }} />
        <ChoiceFilter
          name="kind"
          label={t('registry.kind')}
          value={state.kind}
          choices={(data?.kinds ?? []).map(({ kind, rows }) => ({ value: kind, label: `${words.kind(kind) || '—'} · ${formatNumber(rows)}` }))}
          onChange={(kind) => { go({ kind }, 'replace'); }}
        />
      </form>
      <nav className="actions" aria-label={t('registry.actions')}>
        <StepLink href={linkTo({ tab: '' })} onFollow={() => { go({ tab: '' }); }} current={state.tab !== 'duplicates'} className="button">
          {t('registry.list')}
        </StepLink>
        <StepLink href={linkTo({ tab: 'duplicates' })} onFollow={() => { go({ tab: 'duplicates' }); }} current={state.tab === 'duplicates'} className="button">
          {t('registry.duplicates')}
        </StepLink>
        <StepLink href={linkTo({ screen: 'import', register: head.id })} onFollow={() => { go({ screen: 'import', register: head.id }); }} current={false} className="button">
          {t('nav.import')}
        </StepLink>
      </nav>
    </div>
  );
}

const settleMilliseconds = 200;

/** What is typed is asked for once the typing rests, so that a long list is not read for every letter. */
function FindInput({ value, onFind }: { value: string; onFind: (find: string) => void }) {
  const { t } = useTexts();
  const [typed, setTyped] = useState(value);
  useEffect(() => {
    if (typed === value) return;
    const timer = window.setTimeout(() => { onFind(typed); }, settleMilliseconds);
    return () => { window.clearTimeout(timer); };
  }, [typed, value, onFind]);
  return (
    <label className="inline">
      <span>{t('table.words')}</span>
      <input type="search" name="find" size={18} placeholder={t('registry.findHint')} value={typed} onChange={(event) => { setTyped(event.target.value); }} />
    </label>
  );
}
