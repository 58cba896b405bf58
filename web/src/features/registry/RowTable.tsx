import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { rowsQuery, type RowsQuestion } from '../../api/registers';
import type { RegisterHead, RegisterRow } from '../../api/types';
import { formatNumber } from '../../lib/format';
import { columnsOf, fieldValue, nextSort } from '../../lib/register-columns';
import { pagesOf, rowWindow } from '../../lib/row-window';
import { codeText } from '../../locales/codes';
import { Failure } from '../../components/Failure';
import { Loading } from '../../components/Loading';
import { StepLink } from '../../components/StepLink';
import { Tag } from '../../components/Tag';
import type { Shell } from '../shell/shell';
import { useTexts } from '../texts';
import { useWords, type Words } from './useWords';

const pageSize = 100;

interface Props {
  head: RegisterHead;
  question: RowsQuestion;
  shell: Shell;
}

/** The rows of a register as one long list, of which only what is in sight is drawn and read. */
export function RowTable({ head, question, shell }: Props) {
  const { t, error: errorText } = useTexts();
  const { sort } = shell.state;
  const pageQuery = (at: number) => rowsQuery(question, { sort, offset: at * pageSize, limit: pageSize });
  const { data, error, refetch } = useQuery({ ...pageQuery(0), placeholderData: keepPreviousData });
  if (data === undefined) {
    return error === null ? (
      <Loading label={t('status.loading')} />
    ) : (
      <Failure message={errorText(error)} retryLabel={t('status.retry')} onRetry={() => { void refetch(); }} />
    );
  }
  if (data.total === 0) {
    return <p className="empty">{t(data.kept ? 'registry.nothing' : 'registry.neverKept')}</p>;
  }
  // Another part of the register is read from its beginning.
  return <RowSheet key={JSON.stringify([question, sort])} head={head} first={data} pageQuery={pageQuery} shell={shell} />;
}

interface SheetProps {
  head: RegisterHead;
  first: { total: number; rows: RegisterRow[] };
  pageQuery: (at: number) => ReturnType<typeof rowsQuery>;
  shell: Shell;
}

function RowSheet({ head, first, pageQuery, shell }: SheetProps) {
  const { t } = useTexts();
  const words = useWords(shell);
  const { state, go } = shell;
  const { total } = first;
  const scroll = useRef<HTMLDivElement>(null);
  const [sight, setSight] = useState({ scrolled: 0, height: 600, rowHeight: 32 });
  const shown = rowWindow({ ...sight, total });
  const wanted = pagesOf(shown, pageSize).filter((at) => at > 0);
  const later = useQueries({ queries: wanted.map(pageQuery) });
  useEffect(() => {
    const element = scroll.current;
    if (element === null) return;
    const look = () => {
      const rowHeight = parseFloat(getComputedStyle(element).getPropertyValue('--row')) || 32;
      setSight({ scrolled: element.scrollTop, height: element.clientHeight, rowHeight });
    };
    const observer = new ResizeObserver(look);
    observer.observe(element);
    element.addEventListener('scroll', look, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', look);
    };
  }, []);
  const rowAt = (index: number): RegisterRow | undefined =>
    (index < pageSize ? first : later[wanted.indexOf(Math.floor(index / pageSize))]?.data)?.rows[index % pageSize];
  const columns = columnsOf(head.fields, first.rows.map((row) => row.fields ?? {}));
  const indices = Array.from({ length: shown.last - shown.first }, (_, i) => shown.first + i);
  const heading = (column: string, label: string, unit = '') => {
    const order = state.sort === column ? 'ascending' : state.sort === `-${column}` ? 'descending' : 'none';
    const numeric = unit !== '' || head.fields.some((field) => field.id === column && field.type === 'number');
    return (
      <th key={column} scope="col" aria-sort={order} className={numeric ? `number col-${column}` : `col-${column}`}>
        <button type="button" className="sort" onClick={() => { go({ sort: nextSort(state.sort, column) }, 'replace'); }}>
          {label}{unit !== '' && <span className="unit">{t('registry.inUnit', { unit })}</span>}{' '}
          <span aria-hidden="true">{{ ascending: '▲', descending: '▼', none: '' }[order]}</span>
        </button>
      </th>
    );
  };
  const span = columns.length + 4;
  return (
    <>
      <p className="muted" role="status">
        {t('registry.count', { count: total, shown: formatNumber(total) })}
      </p>
      <div ref={scroll} className="rows-scroll" role="region" aria-label={t('registry.list')}>
        <table className="plain rows" aria-rowcount={total + 1}>
          <thead>
            <tr aria-rowindex={1}>
              {heading('name', t('registry.name'))}
              {heading('kind', t('registry.kind'))}
              {heading('area', t('registry.area'))}
              {columns.map((field) => heading(field.id, words.field(field), words.unitOf(field)))}
              <th scope="col" className="col-provenance">{t('table.provenance')}</th>
            </tr>
          </thead>
          <tbody>
            <Space height={shown.first * sight.rowHeight} span={span} />
            {indices.map((index) => (
              <RowLine key={index} index={index} row={rowAt(index)} columns={columns} words={words} shell={shell} />
            ))}
            <Space height={(total - shown.last) * sight.rowHeight} span={span} />
          </tbody>
        </table>
      </div>
    </>
  );
}

/** Stands for rows that are not drawn. */
function Space({ height, span }: { height: number; span: number }) {
  return height <= 0 ? null : (
    <tr aria-hidden="true" className="space">
      <td colSpan={span} style={{ height }}>
        {'\u00a0'}
      </td>
    </tr>
  );
}

interface LineProps {
  index: number;
  row: RegisterRow | undefined;
  columns: RegisterHead['fields'];
  words: Words;
  shell: Shell;
}

function RowLine({ index, row, columns, words, shell }: LineProps) {
  const { t, name, source } = useTexts();
  const { state, go, linkTo } = shell;
  if (row === undefined) {
    return (
      <tr aria-rowindex={index + 2}>
        <td colSpan={columns.length + 4} className="muted">
          {t('status.loading')}
        </td>
      </tr>
    );
  }
  const open = row.id === state.row;
  return (
    <tr aria-rowindex={index + 2} className={open ? 'row-selected' : undefined}>
      <th scope="row" className="clip col-name">
        <StepLink href={linkTo({ row: row.id })} onFollow={() => { go({ row: row.id }); }} current={open}>
          {row.name || row.id}
        </StepLink>
      </th>
      <td className="clip col-kind">{words.kind(row.kind)}</td>
      <td className="clip col-area" title={row.area}>
        {name(row.area_name)}
      </td>
      {columns.map((field) => (
        <td key={field.id} className={field.type === 'number' ? 'number' : 'clip'}>
          {words.value(fieldValue(row.fields?.[field.id]))}
        </td>
      ))}
      <td className="col-provenance">
        <Tag kind={row.provenance} label={codeText(t, 'provenance', row.provenance)} title={source(row.source)} />
      </td>
    </tr>
  );
}
