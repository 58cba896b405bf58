import { useQuery } from '@tanstack/react-query';
import { rowQuery } from '../../api/registers';
import type { RegisterHead } from '../../api/types';
import { fieldsOf } from '../../lib/register-columns';
import { codeText } from '../../locales/codes';
import { Failure } from '../../components/Failure';
import { Loading } from '../../components/Loading';
import { Tag } from '../../components/Tag';
import type { Shell } from '../shell/shell';
import { useTexts } from '../texts';
import { History } from './History';
import { RowForm } from './RowForm';
import { useWords } from './useWords';

interface Props {
  head: RegisterHead;
  id: string;
  shell: Shell;
}

/** One row: what it says, the form that corrects it, and how it came about. */
export function RowPanel({ head, id, shell }: Props) {
  const { t, name, source, error: errorText } = useTexts();
  const words = useWords(shell);
  const { state, go } = shell;
  const { data, error, refetch } = useQuery(rowQuery({ register: head.id, id, area: state.area }));
  const close = (
    <button type="button" onClick={() => { go({ row: '' }); }}>
      {t('registry.close')}
    </button>
  );
  if (data === undefined) {
    return (
      <section className="card row-panel" aria-label={id}>
        {error === null ? (
          <Loading label={t('status.loading')} />
        ) : (
          <Failure message={errorText(error)} retryLabel={t('status.retry')} onRetry={() => { void refetch(); }} />
        )}
        {close}
      </section>
    );
  }
  const { row, history } = data;
  return (
    <section className="card row-panel" aria-label={row ? words.row(row) : id}>
      <div className="card-head">
        <h2>{row ? words.row(row) : id}</h2>
        {close}
      </div>
      {row ? (
        <>
          <dl className="facts">
            <div>
              <dt>{t('registry.kind')}</dt>
              <dd>{words.kind(row.kind) || '—'}</dd>
            </div>
            <div>
              <dt>{t('registry.area')}</dt>
              <dd>
                {name(row.area_name)} <span className="muted number">{row.area}</span>
              </dd>
            </div>
            {row.lon !== null && row.lat !== null && (
              <div>
                <dt>{t('registry.position')}</dt>
                <dd className="number">
                  {row.lon.toFixed(5)}, {row.lat.toFixed(5)} <span className="muted">WGS-84</span>
                </dd>
              </div>
            )}
            <div>
              <dt>{t('registry.id')}</dt>
              <dd>
                <code>{row.id}</code>
              </dd>
            </div>
            <div>
              <dt>{t('values.source')}</dt>
              <dd>
                {source(row.source) || '—'} <Tag kind={row.provenance} label={codeText(t, 'provenance', row.provenance)} />
              </dd>
            </div>
          </dl>
          <RowForm key={`${head.id} ${row.id}`} head={head} row={row} said={fieldsOf(row.fields ?? {})} shell={shell} />
        </>
      ) : (
        <p className="warning">{t('registry.gone')}</p>
      )}
      <History head={head} history={history ?? []} shell={shell} />
    </section>
  );
}
